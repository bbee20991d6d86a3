"""The text of a program as code objects; its lines keep their numbers."""

import ast
from collections.abc import Callable, Iterator
from types import CodeType
from typing import Any

from core.language import _
from core.program import Phase, Program, ProgramError
from core.state import RunFailed
from core.statements import stepped

OWN = "__gradstep_{}__"
"""The names that the engine's own lines use among the program's."""

VALUE, THROUGH, NOTE = map(OWN.format, ("value", "through", "note"))


class Text:
    """A program's set-up and the lines of its loop, compiled when they are first used."""

    def __init__(self, program: Program) -> None:
        """Raises RunFailed where the text can't be stepped."""
        try:
            self.lines = program.lines
        except ProgramError as error:
            raise RunFailed(str(error)) from None
        self.filename = program.path or "<program>"
        body = ast.parse(program.text, self.filename).body
        loops = (node for node in body if isinstance(node, ast.For) and node.lineno == program.header.number)
        loop = next(loops, None)
        if loop is None:
            raise RunFailed(_("the training loop must stand at the left margin"), program.header.number)
        self.loop, self.setup = loop, body[: body.index(loop)]
        self.nodes = [runs for _line, runs in stepped(loop.body)]
        updates = [index for index, line in enumerate(self.lines) if line.phase is Phase.UPDATE]
        self.update = updates[0] if updates else len(self.lines)
        """Which line is the first of the update; their count where there is none."""
        lr_line = program.lr_line or 0
        self.lr_name = next((line.name for line in program.setup if line.number <= lr_line <= line.end), "")
        """What the line with the literal of the lr gives a value to: lr, or optimizer; empty where there is none."""
        self._codes: dict[Any, CodeType] = {}

    def compiled(self, key: Any, statements: Callable[[], list[ast.stmt]]) -> CodeType:
        """The code object of statements, made once."""
        if key not in self._codes:
            module = ast.fix_missing_locations(ast.Module(statements(), []))
            self._codes[key] = compile(module, self.filename, "exec", dont_inherit=True)
        return self._codes[key]

    def target(self) -> CodeType:
        """Give the loop's target the value of VALUE."""
        return self.compiled("target", lambda: [ast.Assign([self.loop.target], ast.Name(VALUE, ast.Load()), lineno=1)])

    def epoch(self) -> CodeType:
        """All lines; NOTE is called before the update."""
        return self.compiled("epoch", lambda: self.with_lines([f"{NOTE}()"]))

    def with_lines(self, before_update: list[str]) -> list[ast.stmt]:
        """All lines, with others before the update."""
        added = ast.parse("\n".join(before_update)).body
        return leaving([*self.nodes[: self.update], *added, *self.nodes[self.update :]])

    def forward(self) -> CodeType:
        """The lines of the hypothesis and of the cost."""
        phases = zip(self.nodes, self.lines, strict=True)
        chosen = [node for node, line in phases if line.phase in (Phase.HYPOTHESIS, Phase.COST)]
        return self.compiled("forward", lambda: leaving(chosen))

    def line(self, index: int) -> CodeType:
        """One line; THROUGH is set where it doesn't leave the epoch."""
        after = ast.parse(f"{THROUGH} = True").body
        return self.compiled(index, lambda: leaving([self.nodes[index]], after))

    def setup_reads(self, name: str) -> bool:
        """Whether the set-up reads a name, but for arguments like lr=name."""
        names = [node for node in self._setup_nodes() if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load)]
        arguments = self._lr_arguments()
        return any(node.id == name and node not in arguments for node in names)

    def has_lr_argument(self, name: str) -> bool:
        """Whether a call of the set-up has the argument lr=name."""
        return any(isinstance(node, ast.Name) and node.id == name for node in self._lr_arguments())

    def _lr_arguments(self) -> list[ast.expr]:
        return [node.value for node in self._setup_nodes() if isinstance(node, ast.keyword) and node.arg == "lr"]

    def _setup_nodes(self) -> Iterator[ast.AST]:
        return (node for statement in self.setup for node in ast.walk(statement))


def leaving(statements: list[ast.stmt], after: list[ast.stmt] | None = None) -> list[ast.stmt]:
    """Statements in which break and continue leave the epoch; then others, which those skip."""
    if not any(map(_leaves, statements)):
        return [*statements, *(after or ())]
    once = ast.Tuple([ast.Constant(0)], ast.Load())
    return [ast.For(ast.Name(VALUE, ast.Store()), once, [*statements, *(after or ())], [], lineno=1)]


def _leaves(node: ast.AST) -> bool:
    """Whether a statement holds a break or continue of the loop around it."""
    match node:
        case ast.Break() | ast.Continue():
            return True
        case ast.For() | ast.While():
            return any(map(_leaves, node.orelse))
        case ast.FunctionDef() | ast.ClassDef():
            return False
    return any(map(_leaves, ast.iter_child_nodes(node)))
