"""Text from outside (typed, read, or from another library), made fit to be shown."""

from unicodedata import category

from core.language import LazyString

_HIDDEN = {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}


def safe_text(text: str | LazyString) -> str:
    """The text on one line, with control, bidi and zero-width characters written out as \\x1b or \\u202e."""
    return "".join(repr(character)[1:-1] if category(character) in _HIDDEN else character for character in str(text))
