"""A program as text: its lines, which of them make up which phase, and the same text with a line changed. No torch."""

import ast
from dataclasses import dataclass
from enum import IntEnum, StrEnum
from functools import cached_property
from pathlib import Path

PROGRAMS = Path(__file__).parent / "programs"


class Method(StrEnum):
    """Who computes the gradient: the line written by hand, or torch.optim's backward()."""

    MANUAL = "manual"
    OPTIM = "optim"

    @property
    def other(self) -> "Method":
        return Method.OPTIM if self is Method.MANUAL else Method.MANUAL


class Phase(IntEnum):
    """The four parts of an epoch, in the order in which they run."""

    HYPOTHESIS = 0
    COST = 1
    GRADIENT = 2
    UPDATE = 3


class GradientForm(StrEnum):
    """The lecture's two ways to write the manual gradient: the full code's sum, and the slide's 2 * mean."""

    SUM = "sum"
    MEAN = "mean"


SUM_CALL, MEAN_CALL = "torch.sum(", "2 * torch.mean("

UNWRITTEN = "..."
"""What stands for a line that is still to be written."""


@dataclass(frozen=True)
class Line:
    """One line of a loop body as the file has it, without the function's indentation."""

    number: int
    text: str
    phase: Phase | None
    """The phase that the line is part of; None for a comment."""
    name: str = ""
    """The name that the line gives a new value to, if it does."""

    @property
    def is_comment(self) -> bool:
        return self.text.startswith("#")


@dataclass(frozen=True)
class Listing:
    """The text of a program: `lines` are shown, `text` is compiled and run, and they are the same characters."""

    path: str
    text: str
    original: str

    @property
    def program(self) -> str:
        """Which of the programs it is: weight, weight_bias, ..."""
        return Path(self.path).stem

    @cached_property
    def formula(self) -> str:
        """The hypothesis as the program's first line writes it: H(x) = Wx."""
        return (ast.get_docstring(self._tree) or "").partition(":")[0]

    @cached_property
    def parameters(self) -> tuple[str, ...]:
        """What the program learns: W, or W and b."""
        return tuple(argument.arg for argument in _function(self._tree, "manual_epoch").args.args[:-1])

    @property
    def bias(self) -> bool:
        """Whether the hypothesis has a b."""
        return "b" in self.parameters

    def weight_names(self, inputs: int) -> tuple[str, ...]:
        """A name for every weight, where W has so many: W or W1, W2, ..., and b."""
        names = ("W",) if inputs == 1 else tuple(f"W{number}" for number in range(1, inputs + 1))
        return (*names, *self.parameters[1:])

    def part(self, parameter: str, weights: tuple[float, ...]) -> tuple[float, ...]:
        """The values of one parameter: all of W, or b alone, which stands last."""
        if parameter == "b":
            return weights[-1:]
        return weights[:-1] if self.bias else weights

    @classmethod
    def read(cls, program: str) -> "Listing":
        """The listing of core/programs/`program`.py as it stands in the file."""
        text = (PROGRAMS / f"{program}.py").read_text(encoding="utf-8")
        return cls(f"core/programs/{program}.py", text, text)

    def lines(self, method: Method) -> tuple[Line, ...]:
        """The loop body of a method: code and comments with their line numbers, without the yields and blank lines;
        before it the lines of its model that have been changed.
        """
        return self._bodies[method]

    def model_lines(self, method: Method) -> tuple[Line, ...]:
        """The code that makes the model of a method: its weights, and its lr or its optimizer."""
        function = _function(self._tree, f"{method}_model")
        statements = [statement for statement in function.body if not isinstance(statement, ast.Return)]
        return tuple(self._line(statement.lineno, None, _assigned(statement)) for statement in statements)

    def phase_lines(self, method: Method, phase: Phase) -> tuple[Line, ...]:
        return tuple(line for line in self.lines(method) if line.phase is phase)

    def lr(self, method: Method) -> float:
        """The lr that the program itself sets: `lr = 0.1` in manual, `lr=0.15` of the optimizer in optim."""
        for node in ast.walk(_function(self.pristine._tree, f"{method}_model")):
            match node:
                case ast.Assign(targets=[ast.Name(id="lr")], value=ast.Constant(value=float(lr))):
                    return lr
                case ast.keyword(arg="lr", value=ast.Constant(value=float(lr))):
                    return lr
        raise ValueError(f"{self.path}: {method}_model sets no lr")

    @cached_property
    def changed(self) -> frozenset[int]:
        """The numbers of the lines that are not the lecture's."""
        pairs = zip(self.text.splitlines(), self.original.splitlines(), strict=True)
        return frozenset(number for number, (now, before) in enumerate(pairs, start=1) if now != before)

    @cached_property
    def own(self) -> frozenset[int]:
        """The numbers of the lines that are neither the lecture's nor the slide's."""
        return self.changed.difference(self._gradient_lines(self.gradient_form) if self.gradient_form else ())

    @cached_property
    def pristine(self) -> "Listing":
        """The lecture's listing, without a line changed."""
        return self if self.text == self.original else Listing(self.path, self.original, self.original)

    def is_changed(self, method: Method) -> bool:
        """Whether a line that the method runs is not the lecture's."""
        return any(line.number in self.changed for line in self.lines(method))

    def is_own(self, method: Method) -> bool:
        """Whether a line that the method runs is neither the lecture's nor the slide's."""
        return any(line.number in self.own for line in self.lines(method))

    def unwritten(self, method: Method) -> Line | None:
        """The first line of a method that is still to be written, if any: the method can't run before it is."""
        return next((line for line in self.lines(method) if line.text == UNWRITTEN), None)

    def with_line(self, number: int, text: str) -> "Listing":
        """The same listing with the code of one line exchanged; its indentation stays."""
        lines = self.text.splitlines(keepends=True)
        old = lines[number - 1]
        indentation = old[: len(old) - len(old.lstrip())]
        lines[number - 1] = f"{indentation}{text}\n"
        return Listing(self.path, "".join(lines), self.original)

    @cached_property
    def gradient_form(self) -> GradientForm | None:
        """How the manual gradient is written in this listing; None where it is in neither of the lecture's ways."""
        now = {line.number: line.text for line in self.phase_lines(Method.MANUAL, Phase.GRADIENT)}
        return next((form for form in GradientForm if self._gradient_lines(form) == now), None)

    def sums(self, method: Method) -> bool:
        """Whether a method's gradient is the sum over the rows: m/2 times the true one, which optim has."""
        return method is Method.MANUAL and self.gradient_form is GradientForm.SUM

    def with_gradient_form(self, form: GradientForm) -> "Listing":
        """The same listing with its manual gradient written in the other form."""
        listing = self
        for number, text in self._gradient_lines(form).items():
            listing = listing.with_line(number, text)
        return listing

    def _gradient_lines(self, form: GradientForm) -> dict[int, str]:
        """The lines of the manual gradient by their numbers, as the lecture writes that form."""
        call = MEAN_CALL if form is GradientForm.MEAN else SUM_CALL
        lines = self.pristine.phase_lines(Method.MANUAL, Phase.GRADIENT)
        return {line.number: line.text.replace(SUM_CALL, call) for line in lines}

    @cached_property
    def _tree(self) -> ast.Module:
        return ast.parse(self.text)

    @cached_property
    def _bodies(self) -> dict[Method, tuple[Line, ...]]:
        return {
            method: (
                *(line for line in self.model_lines(method) if line.number in self.changed),
                *self._body(_function(self._tree, f"{method}_epoch")),
            )
            for method in Method
        }

    def _body(self, function: ast.FunctionDef) -> list[Line]:
        text = self.text.splitlines()
        phase_of: dict[int, Phase] = {}
        name_of: dict[int, str] = {}
        phases = iter(Phase)
        phase = next(phases)
        yields: set[int] = set()
        for statement in function.body:
            numbers = range(statement.lineno, (statement.end_lineno or statement.lineno) + 1)
            if isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Yield):
                yields.update(numbers)
                phase = next(phases, phase)
            else:
                phase_of.update(dict.fromkeys(numbers, phase))
                name_of[numbers[-1]] = _assigned(statement)
        last = function.end_lineno or function.lineno
        return [
            self._line(number, phase_of.get(number), name_of.get(number, ""))
            for number in range(function.lineno + 1, last + 1)
            if number not in yields and text[number - 1].strip()
        ]

    def _line(self, number: int, phase: Phase | None, name: str) -> Line:
        return Line(number, self.text.splitlines()[number - 1].removeprefix("    "), phase, name)


def _function(tree: ast.Module, name: str) -> ast.FunctionDef:
    return next(node for node in tree.body if isinstance(node, ast.FunctionDef) and node.name == name)


def _assigned(statement: ast.stmt) -> str:
    match statement:
        case ast.Assign(targets=[ast.Name(id=name)]) | ast.AugAssign(target=ast.Name(id=name)):
            return name
    return ""
