"""The pages of --help with wide characters: click counts characters where the terminal counts cells."""

from collections.abc import Iterable
from unicodedata import east_asian_width

import click

from core.language import _

FILLER = "\0"
"""Stands behind each wide character while click measures and breaks the lines."""


class WideFormatter(click.HelpFormatter):
    """Click's own layout, measured in cells."""

    def write_text(self, text: str) -> None:
        super().write_text(_filled(text))

    def write_usage(self, prog: str, args: str = "", prefix: str | None = None) -> None:
        super().write_usage(prog, _filled(args.replace("[OPTIONS]", _("[OPTIONS]"))), prefix)

    def write_dl(self, rows: Iterable[tuple[str, str]], col_max: int = 30, col_spacing: int = 2) -> None:
        super().write_dl([(_filled(first), _filled(second)) for first, second in rows], col_max, col_spacing)

    def getvalue(self) -> str:
        return super().getvalue().replace(FILLER, "")


def _filled(text: str) -> str:
    return "".join(character + FILLER * (east_asian_width(character) in "WF") for character in text)
