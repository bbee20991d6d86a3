"""The lines of a session that are not the lecture's: each is seen and accepted before it may run."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import lru_cache
from pathlib import Path

from msgspec.structs import replace

from core.edits import IMPORTS, MEAN_CALL, PLACEHOLDER, STANDARDIZE, SUM_CALL
from core.program import PROGRAMS
from core.session.session import Run, Session, Text

GRADS = ("", ", requires_grad=True")
FORMS = (
    *(f"{name} = torch.tensor({value}{grad})" for name in "Wb" for value in ("[1]", "[[1]]") for grad in GRADS),
    *(f"{name} = torch.FloatTensor({rows}" for name in ("x_train", "y_train") for rows in ("[[1]])", "[")),
    "[1],",
    "])",
    "x_train = torch.FloatTensor(xy[:, :-1])",
    "y_train = torch.FloatTensor(xy[:, [-1]])",
    IMPORTS["np"],
    STANDARDIZE,
    PLACEHOLDER,
)
"""How gradstep itself writes another start and another table."""

_NUMBER = re.compile(r"(?<![\w.])-?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?(?![\w.])", re.IGNORECASE)
_NUMBERS = re.compile(r"#(?:, #)+")
_ROWS = re.compile(r"\[#\](?:, \[#\])+")
_TABLE = re.compile(
    r"xy = np\.loadtxt\('[^'\\:]*'(?:, (?:delimiter='(?:[^'\\]|\\t)'|dtype=np\.float32|skiprows=#|usecols=\(#\)"
    r"|encoding='[\w-]+'|quotechar='\"'|comments=None|ndmin=#))*\)"
)
"""The line that reads a table; no address on the web has such a name, for it has a colon."""


@dataclass(frozen=True)
class EditedLine:
    """A line that somebody has changed."""

    path: str
    number: int
    text: str
    before: str = ""  # what the lecture, or the learner's own file, has there; empty for a line that was added


def edited_lines(session: Session, own: bool = False) -> tuple[EditedLine, ...]:
    """Every line that is neither the lecture's nor a form of it that gradstep writes, once.

    The learner's own file counts as known only in a session that gradstep has saved automatically (`own`).
    """
    found: dict[tuple[str, str], EditedLine] = {}
    for text in session.texts:
        base = _base(text, own)
        for start, end, base_start, base_end in _unknown_blocks(text, base, own):
            for number in range(start, end):
                if not _is_known(text.lines[number], text, base, own):
                    before = "".join(base[base_start:base_end][number - start :][:1]).strip()
                    line = EditedLine(text.path, number + 1, text.lines[number].strip(), before)
                    found.setdefault((line.path, line.text), line)
    return tuple(found.values())


def without_edited_lines(session: Session, own: bool = False) -> Session:
    """The session with the lecture's lines in place of the edited ones; where it leads to is then another W."""
    texts = []
    for text in session.texts:
        base, lines = _base(text, own), list(text.lines)
        for start, end, base_start, base_end in reversed(list(_unknown_blocks(text, base, own))):
            lines[start:end] = base[base_start:base_end]
        texts.append(Text(lines, text.path, text.original))

    def plain(run: Run) -> Run:
        is_same = all(texts[each.program.text] == session.texts[each.program.text] for each in run.segments)
        return run if is_same else replace(run, end=[])

    ghost, kept = session.ghost and plain(session.ghost), [plain(run) for run in session.kept]
    return replace(session, texts=texts, run=plain(session.run), ghost=ghost, kept=kept, line=0)


def has_base(session: Session, own: bool = False) -> bool:
    """Whether every text has one that its edited lines can be exchanged for."""
    return all(_base(text, own) for text in session.texts)


def _unknown_blocks(text: Text, base: list[str], own: bool) -> Iterator[tuple[int, int, int, int]]:
    """(start, end) of each block that has an unknown line, and (start, end) of what the base has there."""
    for kind, base_start, base_end, start, end in SequenceMatcher(None, base, text.lines, False).get_opcodes():
        if kind != "equal" and not all(_is_known(line, text, base, own) for line in text.lines[start:end]):
            yield start, end, base_start, base_end


def _is_known(line: str, text: Text, base: list[str], own: bool) -> bool:
    if "\r" in line or "\n" in line:  # the end of a line for Python, and of a comment
        return all(_is_known(part, text, base, own) for part in re.split(r"[\r\n]", line))
    if not line.strip() or line.lstrip().startswith("#") or (own and line in base):
        return True
    masked = _masked(line)
    return _is_lectures(text) and (masked in _lectures_lines() or _TABLE.fullmatch(masked) is not None)


def _is_lectures(text: Text) -> bool:
    return re.fullmatch(r"core/programs/\w+\.py", text.path) is not None and (PROGRAMS / Path(text.path).name).is_file()


def _base(text: Text, own: bool) -> list[str]:
    """The lines that a text is held against: the lecture's, or those of the learner's own file."""
    if not own and not _is_lectures(text):
        return []
    try:
        path = PROGRAMS / Path(text.path).name if _is_lectures(text) else Path(text.path)
        return path.read_text("utf-8").split("\n")
    except (OSError, ValueError):
        return []


def _masked(line: str) -> str:
    """A line without its indentation and with # for each of its numbers, and for each list of numbers."""
    return _ROWS.sub("[#]", _NUMBERS.sub("#", _NUMBER.sub("#", line.strip())))


@lru_cache(maxsize=1)
def _lectures_lines() -> frozenset[str]:
    """The lines of all programs of the lecture, and what gradstep itself writes in their place, masked."""
    lines = {line for path in PROGRAMS.glob("*.py") for line in path.read_text("utf-8").splitlines()}
    sums = {line.replace(MEAN_CALL, SUM_CALL) for line in lines}
    return frozenset(map(_masked, {*lines, *sums, *(line.replace(SUM_CALL, MEAN_CALL) for line in sums), *FORMS}))
