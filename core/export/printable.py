"""Names from outside, made fit to stand in a file that is read, rendered or run."""


def printable(text: str) -> str:
    """The text on one line: what is no visible character becomes a question mark."""
    return "".join(character if character.isprintable() else "?" for character in text)


def name_of(text: str) -> str:
    """A name in a sentence of Markdown; as code where it holds anything that Markdown or HTML would take as its own."""
    plain = text.replace(" ", "").replace("'", "").replace("_", "").replace(".", "").replace(",", "").isalnum()
    return text if plain and text.isprintable() and "_" not in (text[:1], text[-1:]) else code(text)


def code(text: str) -> str:
    """A piece of code in Markdown, between more backticks than stand in it."""
    text = printable(text)
    ticks = "`"
    while ticks in text:
        ticks += "`"
    return f"{ticks}{text}{ticks}" if len(ticks) == 1 else f"{ticks} {text} {ticks}"
