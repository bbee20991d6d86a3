"""What a statement of a program does to names: the facts from which the phases follow."""

import ast
import warnings
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import lru_cache

from core.language import _
from core.program import ProgramError

NOT_CHANGES = ("zero_", "requires_grad_", "retain_grad_", "manual_seed_")

CONTEXTS = ("no_grad", "enable_grad", "inference_mode", "set_grad_enabled")


def parse(text: str) -> ast.Module:
    """The parsed text. Raises ProgramError with the line of a syntax error."""
    try:
        return quiet_parse(text)
    except SyntaxError as error:
        sentence = _("line {line}: {error}").format(line=error.lineno or 1, error=error.msg)
        raise ProgramError(sentence) from None
    except (ValueError, RecursionError, MemoryError) as error:
        raise ProgramError(_("this is not a Python program: {error}").format(error=error or "")) from None


def quiet_parse(text: str) -> ast.Module:
    """The parsed text, without warnings: "\\d" in a learner's string is nothing for the screen."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return ast.parse(text)


def stepped(body: list[ast.stmt]) -> Iterator[tuple[ast.stmt, ast.stmt]]:
    """(a statement that is a line of the loop, what runs for it): `with torch.no_grad():` is stepped into."""
    for statement in body:
        match statement:
            case ast.With(items=[ast.withitem(ast.Call(func=ast.Attribute(attr=name)), None)]) if name in CONTEXTS:
                for inner, runs in stepped(statement.body):
                    yield inner, ast.copy_location(ast.With(statement.items, [runs]), inner)
            case _:
                yield statement, statement


@dataclass(frozen=True)
class Facts:
    """What a statement does to names."""

    reads: set[str] = field(default_factory=set)
    binds: set[str] = field(default_factory=set)  # to a new value
    changes: set[str] = field(default_factory=set)  # W -= ..., W.data -= ..., W = W - ..., W.sub_(...)
    calls: set[str] = field(default_factory=set)  # methods
    clears: set[str] = field(default_factory=set)  # gradients: optimizer.zero_grad(), W.grad.zero_(), W.grad = None

    @property
    def steps(self) -> bool:
        return "step" in self.calls

    @property
    def stores(self) -> set[str]:
        return self.binds | self.changes


@lru_cache(maxsize=512)
def facts_of(statement: ast.stmt) -> Facts:
    """What a statement does to names."""
    facts, aliases = Facts(), dict[str, set[str]]()
    for node in _walk(statement):
        match node:
            case ast.Name(id=name, ctx=ast.Load()):
                facts.reads.add(name)
            case ast.Name(id=name) | ast.FunctionDef(name=name) | ast.ClassDef(name=name):
                facts.binds.add(name)
            case ast.For(target=ast.Name(id=name), iter=over) | ast.comprehension(target=ast.Name(id=name), iter=over):
                aliases[name] = names_in(over)
            case ast.alias(name=name, asname=asname):
                facts.binds.add(asname or name.partition(".")[0])
            case ast.AugAssign(target=target):
                facts.changes.add(base_of(target))
                facts.reads.add(base_of(target))
            case ast.Assign(targets=targets, value=value):
                for part in (each_part for each in targets for each_part in parts_of(each)):
                    if _is_grad(part):
                        facts.clears.add(base_of(part))
                    elif not isinstance(part, ast.Name) or part.id in names_in(value):
                        facts.changes.add(base_of(part))
            case ast.Call(func=ast.Attribute(value=of, attr=attr)):
                facts.calls.add(attr)
                if attr == "zero_grad" or (attr == "zero_" and _is_grad(of)):
                    facts.clears.add(base_of(of))
                elif attr.endswith("_") and not attr.startswith("_") and attr not in NOT_CHANGES and not _is_grad(of):
                    facts.changes.add(base_of(of))
    for name in facts.changes & set(aliases):  # for p in [W, b]: p -= ...
        facts.changes.update(aliases[name])
    facts.changes.discard("")
    return facts


def _walk(statement: ast.AST) -> Iterator[ast.AST]:
    """The statement and its parts, without the bodies of functions and classes."""
    waiting = [statement]
    for node in waiting:
        yield node
        if not isinstance(node, ast.FunctionDef | ast.ClassDef | ast.Lambda):
            waiting.extend(ast.iter_child_nodes(node))


def names_in(node: ast.AST) -> set[str]:
    return {each.id for each in ast.walk(node) if isinstance(each, ast.Name)}


def parts_of(target: ast.expr) -> Iterator[ast.expr]:
    """The targets of an assignment, also of W, b = ..."""
    if isinstance(target, ast.Tuple | ast.List):
        for each in target.elts:
            yield from parts_of(each)
    else:
        yield target


def base_of(node: ast.expr) -> str:
    """The name that an expression begins with: W for W.data[0]; empty where it begins with none."""
    while isinstance(node, ast.Attribute | ast.Subscript | ast.Call):
        node = node.func if isinstance(node, ast.Call) else node.value
    return node.id if isinstance(node, ast.Name) else ""


def _is_grad(node: ast.AST) -> bool:
    while isinstance(node, ast.Attribute | ast.Subscript):
        if isinstance(node, ast.Attribute) and node.attr == "grad":
            return True
        node = node.value
    return False


def calls_in(statements: Iterable[ast.AST]) -> Iterator[ast.Call]:
    return (node for statement in statements for node in ast.walk(statement) if isinstance(node, ast.Call))
