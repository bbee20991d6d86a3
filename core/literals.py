"""The literals of a program that can be turned: where its lr and its number of epochs stand."""

import ast
from collections.abc import Iterable
from dataclasses import dataclass

from core.statements import calls_in, names_in

LR_NAMES = ("lr", "learning_rate", "alpha", "eta", "LR", "LEARNING_RATE")


@dataclass(frozen=True)
class Literal:
    """A number as the text has it: from `start` up to `end` in its line."""

    line: int
    start: int
    end: int
    text: str
    value: float


def lr_of(
    source: list[str], setup: list[ast.stmt], optimizer: ast.Call | None, read: set[str], steps: bool
) -> tuple[Literal | None, bool]:
    """The literal of the lr, and whether the loop uses it: it reads these names, and steps its optimizer or not."""
    arguments = (
        [each.value for each in optimizer.keywords if each.arg == "lr"] or optimizer.args[1:] if optimizer else []
    )
    match arguments:
        case [ast.Name(id=name), *_]:
            return _literal(source, _assigned(setup, (name,))), steps or name in read
        case [node, *_] if literal := _literal(source, node):
            return literal, steps
    literal = _literal(source, _assigned(setup, LR_NAMES))
    return literal, literal is not None and bool(read & set(LR_NAMES))


def nb_epochs_of(source: list[str], setup: list[ast.stmt], loop: ast.For) -> tuple[Literal | None, int]:
    """The literal that the loop's range counts up to, and how far from it the number of its last epoch is, from 0."""
    call = next((call for call in calls_in([loop.iter]) if getattr(call.func, "id", "") in ("range", "trange")), None)
    match call.args if call else []:
        case [end]:
            begin = 0
        case [ast.Constant(value=int(begin)), end]:
            pass
        case _:
            return None, 0
    found = _literal(source, end) or _literal(source, _assigned(setup, names_in(end)))
    match end:
        case ast.BinOp(left=ast.Name(), op=ast.Add(), right=ast.Constant(value=int(more))):
            begin -= more
    return (found if found and isinstance(found.value, int) else None), -begin - 1


def makes_optimizer(call: ast.Call) -> bool:
    """Whether a call makes an optimizer: one of optim's, or one that gets an lr."""
    named = isinstance(call.func, ast.Attribute) and ast.unparse(call.func.value).endswith("optim")
    return named or any(keyword.arg == "lr" for keyword in call.keywords)


def _assigned(setup: list[ast.stmt], names: Iterable[str]) -> ast.expr | None:
    """What the set-up gives one of these names, the last time that it does."""
    for statement in reversed(setup):
        match statement:
            case ast.Assign(targets=[ast.Name(id=name)], value=value) if name in names:
                return value
    return None


def _literal(source: list[str], node: ast.expr | None) -> Literal | None:
    value = getattr(node, "value", None)
    if node is None or not isinstance(value, int | float) or isinstance(value, bool):
        return None
    line = source[node.lineno - 1].encode()  # ast counts bytes, and comments are Korean
    start, end = (len(line[:at].decode()) for at in (node.col_offset, node.end_col_offset or 0))
    return Literal(node.lineno, start, end, source[node.lineno - 1][start:end], value)
