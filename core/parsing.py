"""Numbers that a person types: read strictly; ValueError with a sentence that says what would be right."""

import re
from collections.abc import Sequence
from math import isinf

from core.float32 import float32
from core.language import _

LARGEST_LR = 1e6
MEMORY = 1_200_000_000  # bytes that the epochs of a run may take

_DECIMAL = r"[+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][+-]?[0-9]+)?"
_NUMBER = re.compile(rf"({_DECIMAL})(?:/({_DECIMAL}))?")


def parse_lr(text: str) -> float:
    """A learning rate from 0 to 1e6, decimal or a fraction like 1/14."""
    lr = _parse_number("lr", text, _("0.1, 1e-3 or 1/14"))
    if lr < 0:
        sentence = _("lr {text} is negative: it must be from 0 to 1e6, for example 0.1")
    elif lr > LARGEST_LR:
        sentence = _("lr {text} is too large: it must be from 0 to 1e6, for example 0.1")
    else:
        return lr + 0.0  # -0 becomes 0
    raise ValueError(sentence.format(text=_quoted(text)))


def parse_weights(text: str, names: Sequence[str]) -> tuple[float, ...]:
    """A value for each of the weights, separated by commas or spaces, rounded to torch's float32."""
    parts = text.replace(",", " ").split() if len(names) > 1 else [text]
    if len(parts) != len(names):
        are_few = len(names) <= 6
        listed = " ".join(names) if are_few else _("{first} to {last}").format(first=names[0], last=names[-1])
        zeros = ",".join("0" for _name in names) if are_few else "0,0,..."
        sentence = _("{text} has {count} of {weights} weights: type {listed}, as in {zeros}")
        raise ValueError(
            sentence.format(text=_quoted(text), count=len(parts), weights=len(names), listed=listed, zeros=zeros)
        )
    weights = tuple(float32(_parse_number(*each, _("0, -2.5 or 1e3"))) for each in zip(names, parts, strict=True))
    for name, part, weight in zip(names, parts, weights, strict=True):
        if isinf(weight):
            sentence = _("{name} {text} does not fit a float32: it must be from -3.4e38 to 3.4e38")
            raise ValueError(sentence.format(name=name, text=_quoted(part)))
    return tuple(weight + 0.0 for weight in weights)


def parse_whole(name: str, text: str, least: int = 0, most: int = 10**9) -> int:
    """A whole number, named in the sentence of any other text."""
    if not re.fullmatch(r"[0-9]{1,10}", text.strip()) or not least <= int(text) <= most:
        sentence = _("{name} {text} is not a whole number from {least} to {most}, for example 10")
        raise ValueError(sentence.format(name=name, text=_quoted(text), least=least, most=most))
    return int(text)


def parse_last_epoch(text: str, weights: int = 1) -> int | None:
    """The epoch to run so many weights to; None for an empty text, which means until the run ends by itself."""
    if not text.strip():
        return None
    last = parse_whole("epochs", text)
    if last > (most := MEMORY // (4 * (1 + 2 * weights))):
        sentence = _("epoch {last} is too far for the memory: it must be from 0 to {most}")
        raise ValueError(sentence.format(last=last, most=most))
    return last


def _parse_number(name: str, text: str, example: str) -> float:
    match = _NUMBER.fullmatch(text.strip())
    above, below = (float(match[1]), float(match[2] or 1)) if match else (0.0, 1.0)
    if match is None and re.fullmatch(r"[+-]?(nan|inf|infinity)", text.strip(), re.IGNORECASE):
        sentence = _("{name} {text} is not finite: type a number like {example}")
    elif match is None:
        sentence = _("{name} {text} is not a number: type one like {example}")
    elif below == 0:
        sentence = _("{name} {text} divides by zero: type a number like {example}")
    elif isinf(above / below) or isinf(below):
        sentence = _("{name} {text} is too large: type a number like {example}")
    else:
        return above / below
    raise ValueError(sentence.format(name=name, text=_quoted(text), example=example))


def _quoted(text: str) -> str:
    return f"'{text if len(text) <= 40 else text[:40] + '...'}'"
