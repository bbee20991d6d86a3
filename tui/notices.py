"""Notices that textual gives by itself, in the learner's language."""

from core.language import _, marked

_SAID = (marked("Saved screenshot to "), marked("Saved screenshot"), marked("Failed to save screenshot"))
"""What textual says, word for word; a path follows in mark-up."""


def in_language(notice: str) -> str:
    """The notice, with what is mark-up in it as it was."""
    said, bracket, rest = notice.partition("[")
    return f"{_(said)}{bracket}{rest}"
