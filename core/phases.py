"""The structure of a program's text: which loop trains, what each of its lines is for, and where its literals stand."""

import ast
from copy import copy
from dataclasses import replace
from functools import lru_cache
from textwrap import dedent

from core.language import _
from core.literals import LR_NAMES, Literal, lr_of, makes_optimizer, nb_epochs_of
from core.program import Line, Method, Phase, ProgramError
from core.statements import base_of, calls_in, facts_of, parse, parts_of, stepped

COST_NAMES = ("cost", "loss", "l", "J")


@lru_cache(maxsize=64)
def structure_of(text: str, original: str = "") -> "Structure":
    """The structure of a text; a line that was edited keeps the phase that it had in the original.

    Raises ProgramError where no loop can be stepped.
    """
    tree = parse(text)
    try:
        before = structure_of(original) if original else None
    except ProgramError:
        before = None
    return Structure(text, tree, before)


class Structure:
    """A parsed text with its training loop; what has no docstring is described in Program."""

    def __init__(self, text: str, tree: ast.Module, before: "Structure | None") -> None:
        loops = [node for node in tree.body if isinstance(node, ast.For)]
        self.loop = loop = _training_loop(tree, loops, before)
        self.loops = loops.index(loop), len(loops)
        """Which of the `for` statements at the top level trains, and how many there are."""
        setup = tree.body[: tree.body.index(loop)]
        self.source = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
        self.body = [statement for statement, _runs in stepped(loop.body)]
        self.before = before if before and len(before.body) == len(self.body) else None
        self.facts = [facts_of(statement) for statement in self.body]
        self.count = range(len(self.body))
        self.lived = dict.fromkeys(name for each in setup for name in sorted(facts_of(each).binds))
        """The names that the set-up gives a value to, in its order."""
        self._refuse(tree)
        self.cost: str = self._cost()
        self.cost_line = self._cost_line()
        self.forward = self._forward()
        self.updates = self._updates()
        phases = self._phases()
        optimizer = next(filter(makes_optimizer, calls_in(setup)), None)
        steps = any(self.facts[n].steps for n in self.updates)
        read = {name for each in self.facts for name in each.reads}
        self.uses_lr: bool
        lr, self.uses_lr = lr_of(self.source, setup, optimizer, read, steps)
        nb_epochs, self.beyond = nb_epochs_of(self.source, setup, loop)
        self.literals = lr, nb_epochs
        self.setup: tuple[Line, ...] = tuple(self._line(statement, Phase.OTHER) for statement in setup)
        end = min(loop.iter.end_lineno or loop.lineno, max(loop.lineno, loop.body[0].lineno))
        header = "\n".join(self.source[loop.lineno - 1 : end])
        self.header: Line = Line(loop.lineno, end, header, Phase.OTHER, base_of(loop.target))
        self.lines: tuple[Line, ...] = tuple(map(self._line, self.body, phases))
        by_backward = any("backward" in each.calls for each in self.facts)
        self.method: Method = Method.OPTIM if by_backward else Method.MANUAL
        self.parameters: tuple[str, ...] = self._parameters(optimizer if steps else None)
        self.gradients: tuple[tuple[str, str], ...] = self._gradients(phases)

    def turned(self, old: Literal, new: Literal, text_lines: list[str]) -> "Structure":
        """The structure of the text in which one of the literals, alone in its line, is exchanged."""

        def rewritten(line: Line) -> Line:
            if not line.number <= old.line <= line.end:
                return line
            return replace(line, text="\n".join(text_lines[line.number - 1 : line.end]).strip())

        turned, (lr, nb_epochs) = copy(self), self.literals
        turned.literals = new if lr == old else lr, new if nb_epochs == old else nb_epochs
        turned.setup, turned.header = tuple(map(rewritten, self.setup)), rewritten(self.header)
        return turned

    def _refuse(self, tree: ast.Module) -> None:
        functions = {node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)}
        for node in ast.walk(self.loop):
            match node:
                case ast.Call(func=ast.Attribute(attr="step"), args=[ast.Lambda() | ast.Name() as closure, *_rest]):
                    if getattr(closure, "id", "") in {"", *functions}:
                        sentence = _("line {line}: step(closure) can't be stepped: call backward() in the loop itself")
                        raise ProgramError(sentence.format(line=node.lineno))
                case ast.For() | ast.While() if node is not self.loop:
                    if any("backward" in facts_of(each).calls for each in node.body):
                        sentence = _("line {line}: a loop over batches inside the training loop can't be stepped")
                        raise ProgramError(sentence.format(line=node.lineno))

    def _were(self, phase: Phase) -> list[int]:
        """The lines that had this phase before they were edited."""
        return [n for n, line in enumerate(self.before.lines) if line.phase is phase] if self.before else []

    def _cost(self) -> str:
        stored = [name for each in self.facts for name in sorted(each.stores)]
        backward = [each.func for each in calls_in([self.loop]) if getattr(each.func, "attr", "") == "backward"]
        named = [each.id for func in backward for each in ast.walk(func) if isinstance(each, ast.Name)]
        guesses = [name for name in stored if {"cost", "loss"} & {*name.lower().split("_")}]
        if found := next((name for name in (*named, *COST_NAMES, *guesses) if name in stored), ""):
            return found
        if self.before:
            return self.before.cost
        sentence = _("line {line}: the loop has no cost: give it a name, as in cost = torch.mean(...)")
        raise ProgramError(sentence.format(line=self.loop.lineno))

    def _cost_line(self) -> int:
        """The statement that gives the cost its value, before it is used; -1 where it is still to be written."""
        end = next((n for n in self.count if self.facts[n].calls & {"backward", "step"}), len(self.body))
        stored = [n for n in self.count if self.cost in self.facts[n].stores] or self._were(Phase.COST)[-1:] or [-1]
        return max((n for n in stored if n < end), default=stored[-1])

    def _forward(self) -> set[int]:
        """The statements before the one of the cost that it needs."""
        needed, names = set[int](), set(self.facts[self.cost_line].reads)
        for n in range(self.cost_line - 1, -1, -1):
            own = self.facts[n]
            if own.stores & names and not own.steps and not own.changes & set(self.lived):
                needed.add(n)
                names |= own.reads
        return needed

    def _updates(self) -> list[int]:
        read: dict[str, int] = {}
        for n in sorted({self.cost_line, *self.forward} - {-1}):
            for name in self.facts[n].reads & set(self.lived) - {self.cost}:
                read.setdefault(name, n)

        def is_update(n: int) -> bool:
            own = self.facts[n]
            steps = [call.func for call in calls_in([self.body[n]]) if getattr(call.func, "attr", "") == "step"]
            by_optimizer = any("sched" not in base_of(func) for func in steps)
            return by_optimizer or bool(own.changes & set(read)) or any(read.get(name, n) < n for name in own.binds)

        found = [n for n in self.count if is_update(n)] or self._were(Phase.UPDATE)
        return found or [n for n in self.count if self.facts[n].changes & set(self.lived)]

    def _phases(self) -> list[Phase]:
        last = max(self.updates, default=len(self.body) - 1)
        names = {name for n in self.updates for name in self.facts[n].reads} - set(LR_NAMES) - set(self.lived)
        phases = [Phase.OTHER] * len(self.body)
        for n in reversed(self.count):
            own = self.facts[n]
            if n in self.updates:
                phases[n] = Phase.UPDATE
            elif n == self.cost_line:
                phases[n] = Phase.COST
            elif n in self.forward:
                phases[n] = Phase.HYPOTHESIS
            elif n <= last and ("backward" in own.calls or own.clears or own.stores & names):
                phases[n] = Phase.GRADIENT
                names |= own.reads if own.stores & names else set()
            elif n < min(self.cost_line, last) and own.stores:
                phases[n] = Phase.HYPOTHESIS
            elif self.before:
                phases[n] = self.before.lines[n].phase
        return phases

    def _parameters(self, optimizer: ast.Call | None) -> tuple[str, ...]:
        names = {name for n in self.updates for name in self.facts[n].stores}
        if optimizer and optimizer.args:
            names |= {each.id for each in parts_of(optimizer.args[0]) if isinstance(each, ast.Name)}
        if not names and self.before:
            return self.before.parameters
        return tuple(name for name in self.lived if name in names)

    def _gradients(self, phases: list[Phase]) -> tuple[tuple[str, str], ...]:
        computed = {name for n in self.count if phases[n] is Phase.GRADIENT for name in self.facts[n].stores}
        found = []
        for n in self.updates:
            read = [each.id for each in ast.walk(self.body[n]) if isinstance(each, ast.Name) and each.id in computed]
            found += [(name, read[0]) for name in sorted(self.facts[n].stores & set(self.lived)) if read]
        return tuple(found)

    def _line(self, statement: ast.stmt, phase: Phase) -> Line:
        stores = facts_of(statement).stores
        names = [each for each in ast.walk(statement) if isinstance(each, ast.Name) and each.id in stores]
        first = min(names, key=lambda each: (each.lineno, each.col_offset), default=None)
        end = statement.end_lineno or statement.lineno
        text = dedent("\n".join(self.source[statement.lineno - 1 : end])).strip()
        return Line(statement.lineno, end, text, phase, first.id if first else "")


def _training_loop(tree: ast.Module, loops: list[ast.For], before: Structure | None) -> ast.For:
    strengths = {loop: _strength(tree, loop) for loop in loops}
    strongest = max(strengths.values(), default=0)
    if before and strongest < 2 and before.loops[1] == len(loops):  # its update is still to be written
        return loops[before.loops[0]]
    if strongest:
        return next(loop for loop in reversed(loops) if strengths[loop] == strongest)
    inner = _("line {line}: this loop trains, but it is not at the top level of the script")
    for node in ast.walk(tree):
        if isinstance(node, ast.For | ast.While) and _strength(tree, node):
            never = _("line {line}: a while loop can't be stepped: write it as `for epoch in range(...):`")
            raise ProgramError((never if isinstance(node, ast.While) else inner).format(line=node.lineno))
    raise ProgramError(_("no loop that trains: no `for` calls backward() or step(), or changes a weight like W -= ..."))


def _strength(tree: ast.Module, loop: ast.For | ast.While) -> int:
    """How surely a loop trains: 3 it calls backward() or step(), 2 it subtracts from a longer-lived name, 1 it changes
    one, 0 it doesn't.
    """
    if any(facts_of(each).calls & {"backward", "step"} for each in loop.body):
        return 3
    lived = set().union(*(facts_of(each).binds for each in tree.body if each.lineno < loop.lineno))
    read, changing = set[str](), list[ast.AST]()
    for statement in loop.body:
        own = facts_of(statement)
        if own.changes & lived or own.binds & read:  # W =- lr * gradient: read before it gets its value
            changing += ast.walk(statement)
        read |= (own.reads - own.binds) & lived
        lived -= own.binds - own.changes
    subtracts = any(isinstance(each, ast.AugAssign | ast.BinOp) and isinstance(each.op, ast.Sub) for each in changing)
    return 2 if subtracts else 1 if changing else 0
