"""JSON from a stranger, taken apart piece by piece: each piece knows where in the file it stands."""

import json
from collections.abc import Collection
from dataclasses import dataclass
from math import isfinite
from typing import Any

from core.language import _
from core.session.faults import Fault


class _Word(str):
    """What stood where a number should: NaN, Infinity, or thousands of digits."""


class _Object(dict[str, Any]):
    """An object of the file, and the key that stands in it twice, if any does."""

    twice: str | None = None


@dataclass(frozen=True)
class Part:
    """A value of the file and the way to it: run.turns[3].epoch."""

    value: Any
    where: str = ""

    def fault(self, must: str) -> Fault:
        """What it must be and isn't."""
        return Fault(_("{where} must be {must}, not {value}").format(where=self.place, must=must, value=_shown(self)))

    @property
    def place(self) -> str:
        return self.where or _("the file")

    def members(self, needed: Collection[str], others: Collection[str] = ()) -> dict[str, "Part"]:
        """The members of an object that has all of the needed keys, and of the others some."""
        members = self.any_members()
        for key in members:
            if key not in needed and key not in others:
                raise Fault(_("{where} has a key that is not known: {key}").format(where=self.place, key=_quoted(key)))
        for key in needed:
            if key not in members:
                raise Fault(_("{where} has no '{key}'").format(where=self.place, key=key))
        return members

    def any_members(self) -> dict[str, "Part"]:
        """The members of an object, whatever their keys."""
        if not isinstance(self.value, _Object):
            raise self.fault(_("an object"))
        if self.value.twice is not None:
            raise Fault(_("{where} has {key} twice").format(where=self.place, key=_quoted(self.value.twice)))
        step = f"{self.where}." if self.where else ""
        return {key: Part(value, f"{step}{_shortened(key)}") for key, value in self.value.items()}

    def entries(self) -> list["Part"]:
        if not isinstance(self.value, list):
            raise self.fault(_("a list"))
        return [Part(value, f"{self.where}[{index}]") for index, value in enumerate(self.value)]

    def whole(self, most: int) -> int:
        """A whole number from 0 on."""
        if type(self.value) is not int or not 0 <= self.value <= most:
            raise self.fault(_("a whole number from 0 to {most}").format(most=most))
        return self.value

    def number(self, least: float, most: float) -> float:
        if type(self.value) not in (int, float) or not isfinite(self.value) or not least <= self.value <= most:
            raise self.fault(_("a number from {least:g} to {most:g}").format(least=least, most=most))
        return float(self.value)

    def text(self, longest: int) -> str:
        """One line of text."""
        if not isinstance(self.value, str) or isinstance(self.value, _Word):
            raise self.fault(_("text"))
        if len(self.value) > longest or self.value.splitlines() not in ([], [self.value]):
            raise self.fault(_("one line of at most {longest} characters").format(longest=longest))
        return self.value

    def word(self, words: Collection[str]) -> str:
        """One of several words."""
        if not isinstance(self.value, str) or self.value not in words:
            raise self.fault(_("one of {words}").format(words=", ".join(words)))
        return self.value

    def flag(self) -> bool:
        if not isinstance(self.value, bool):
            raise self.fault("true or false")
        return self.value


def whole_of(text: str) -> Part:
    """The whole of a JSON text. Raises Fault."""
    try:
        value = json.loads(text, object_pairs_hook=_object, parse_int=_int, parse_float=_float, parse_constant=_Word)
    except json.JSONDecodeError as error:
        raise Fault(_("line {line}: this is no JSON: {error}").format(line=error.lineno, error=error.msg)) from None
    except RecursionError:
        raise Fault(_("it is nested too deep")) from None
    return Part(value)


def _object(pairs: list[tuple[str, Any]]) -> _Object:
    made = _Object()
    for key, value in pairs:
        if key in made:
            made.twice = key
        made[key] = value
    return made


LONGEST_NUMBER = 40


def _int(digits: str) -> int | _Word:
    return int(digits) if len(digits) <= LONGEST_NUMBER else _Word(digits)


def _float(digits: str) -> float | _Word:
    return float(digits) if len(digits) <= LONGEST_NUMBER else _Word(digits)


def _shown(part: Part) -> str:
    value = part.value
    if isinstance(value, _Word):
        return _shortened(value)
    if isinstance(value, str):
        return _quoted(value)
    if isinstance(value, dict):
        return _("an object")
    return _("a list") if isinstance(value, list) else _shortened(json.dumps(value))


def _quoted(text: str) -> str:
    return f"'{_shortened(text)}'"


def _shortened(text: str) -> str:
    return text if len(text) <= 40 else f"{text[:40]}..."
