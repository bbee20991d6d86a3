"""Numbers that a person types: read strictly, refused with a sentence that says what would be right."""

import re
from collections.abc import Sequence
from math import isinf

from core.float32 import float32
from core.language import _

LARGEST_LR = 1e6

MEMORY = 1_200_000_000
"""How many bytes the epochs of a run may take."""

_DECIMAL = r"[+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][+-]?[0-9]+)?"
_NUMBER = re.compile(rf"({_DECIMAL})(?:/({_DECIMAL}))?")


def parse_lr(text: str) -> float:
    """A learning rate from 0 to 1e6, decimal or a fraction like 1/14.

    Raises ValueError, with a sentence for the person who typed it.
    """
    lr = _parse_number("lr", text, example=_("0.1, 1e-3 or 1/14"))
    if lr < 0:
        raise ValueError(
            _("lr {text} is negative: it must be from 0 to 1e6, for example 0.1").format(text=_quoted(text))
        )
    if lr > LARGEST_LR:
        raise ValueError(
            _("lr {text} is too large: it must be from 0 to 1e6, for example 0.1").format(text=_quoted(text))
        )
    return lr + 0.0  # -0 becomes 0


def parse_weights(text: str, names: Sequence[str]) -> tuple[float, ...]:
    """A value for each of the weights, decimal or a fraction, rounded to the float32 that torch computes with.

    Several are separated by commas or spaces. Raises ValueError, with a sentence for the person who typed them.
    """
    parts = text.replace(",", " ").split() if len(names) > 1 else [text]
    if len(parts) != len(names):
        listed = " ".join(names) if len(names) <= 6 else _("{first} to {last}").format(first=names[0], last=names[-1])
        zeros = ",".join(["0"] * len(names)) if len(names) <= 6 else "0,0,..."
        sentence = _("{text} has {count} of {weights} weights: type {listed}, as in {zeros}")
        raise ValueError(
            sentence.format(text=_quoted(text), count=len(parts), weights=len(names), listed=listed, zeros=zeros)
        )
    return tuple(_parse_weight(name, part) for name, part in zip(names, parts, strict=True))


def _parse_weight(name: str, text: str) -> float:
    w = float32(_parse_number(name, text, example=_("0, -2.5 or 1e3")))
    if isinf(w):
        sentence = _("{name} {text} does not fit a float32: it must be from -3.4e38 to 3.4e38")
        raise ValueError(sentence.format(name=name, text=_quoted(text)))
    return w + 0.0


def parse_epochs(text: str) -> int:
    """A number of epochs, from 0 to a thousand million; ValueError with a sentence for any other text."""
    return _parse_whole("epochs", text, least=0)


def parse_every(text: str) -> int:
    """Every how many epochs, from 1 to a thousand million; ValueError with a sentence for any other text."""
    return _parse_whole("every", text, least=1)


def parse_port(text: str) -> int:
    """A port, 0 for any that is free; ValueError with a sentence for any other text."""
    return _parse_whole("port", text, least=0, most=65535)


def parse_sessions(text: str) -> int:
    """How many sessions there may be at a time, from 1 to 100; ValueError with a sentence for any other text."""
    return _parse_whole("sessions", text, least=1, most=100)


def parse_last_epoch(text: str, weights: int = 1) -> int | None:
    """The epoch to run so many weights to; None for an empty text, which means until the run ends by itself.

    Raises ValueError, with a sentence for the person who typed it.
    """
    if not text.strip():
        return None
    last = parse_epochs(text)
    if last > (most := MEMORY // (4 * (1 + 2 * weights))):
        sentence = _("epoch {last} is too far for the memory: it must be from 0 to {most}")
        raise ValueError(sentence.format(last=last, most=most))
    return last


def _parse_number(name: str, text: str, example: str) -> float:
    def mistake(sentence: str) -> ValueError:
        return ValueError(sentence.format(name=name, text=_quoted(text), example=example))

    match = _NUMBER.fullmatch(text.strip())
    if match is None:
        if re.fullmatch(r"[+-]?(nan|inf|infinity)", text.strip(), re.IGNORECASE):
            raise mistake(_("{name} {text} is not finite: type a number like {example}"))
        raise mistake(_("{name} {text} is not a number: type one like {example}"))
    above, below = float(match[1]), float(match[2] or 1)
    if below == 0:
        raise mistake(_("{name} {text} divides by zero: type a number like {example}"))
    if isinf(above / below) or isinf(below):
        raise mistake(_("{name} {text} is too large: type a number like {example}"))
    return above / below


def _parse_whole(name: str, text: str, least: int, most: int = 10**9) -> int:
    if not re.fullmatch(r"[0-9]{1,10}", text.strip()) or not least <= int(text) <= most:
        sentence = _("{name} {text} is not a whole number from {least} to {most}, for example 10")
        raise ValueError(sentence.format(name=name, text=_quoted(text), least=least, most=most))
    return int(text)


def _quoted(text: str) -> str:
    return f"'{text if len(text) <= 40 else text[:40] + '...'}'"
