"""What the set-up of a program has made: values line by line, the table, the numbers that its loop counts."""

import ast
from collections.abc import Callable, Iterator, Sequence
from itertools import chain
from types import FunctionType, ModuleType
from typing import TYPE_CHECKING, Any

import torch
from torch import Tensor

from core.program import Phase
from core.state import MOST_NUMBERS, SHOWN_ROWS, Table, Value, Weights

if TYPE_CHECKING:
    from core.engine.runner import Runner

FIRST_NUMBERS = 8
"""How many numbers of a tensor a Value has."""


def run_setup(runner: "Runner") -> Iterator[tuple[int, Value]]:
    """Run the set-up statement by statement; (number of a line, what it gave its name)."""
    lines = {line.number: line for line in runner.program.setup}
    for node in runner.text.setup:
        exec(compile(ast.Module([node], []), runner.text.filename, "exec", dont_inherit=True), runner.names)
        line = lines.get(node.lineno)
        if line and line.name in runner.names and (value := value_of(line.name, runner.names[line.name])):
            yield line.number, value


def value_of(name: str, value: Any) -> Value | None:
    """What a name holds, for the screen; None for modules, functions and classes."""
    kind = type(value).__name__
    if isinstance(value, ModuleType | FunctionType | type):
        return None
    if isinstance(value, Tensor) or kind == "ndarray":
        first = (value.detach() if isinstance(value, Tensor) else value).reshape(-1)[:FIRST_NUMBERS]
        return Value(name, kind, tuple(value.shape), tuple(map(float, first.tolist())) if first.dtype != object else ())
    if isinstance(value, int | float):
        return Value(name, kind, numbers=(float(value),))
    if hasattr(value, "param_groups"):
        return Value(name, kind, text=f"{kind}, lr {value.param_groups[0]['lr']}")
    return Value(name, kind, text=repr(value).partition("\n")[0][:80])


def header_values(runner: "Runner") -> Callable[[range], Sequence[Any]]:
    """epoch numbers -> what the loop's target is in those epochs, also past the last that the text asks for."""
    outer = runner.text.loop.iter
    counts = next((node for node in ast.walk(outer) if _called(node) in ("range", "trange")), None)

    def value(expression: str) -> Any:
        return eval(compile(expression, runner.text.filename, "eval"), runner.names)

    if not isinstance(counts, ast.Call) or not (counts is outer or _called(outer) == "tqdm"):
        values = list(value(ast.unparse(outer))) or [0]
        return lambda numbers: [values[number % len(values)] for number in numbers]
    span = range(*(value(ast.unparse(argument)) for argument in counts.args))
    first, step = span.start, span.step
    return lambda numbers: range(first + numbers.start * step, first + numbers.stop * step, step)


def table(runner: "Runner") -> Table:
    """The rows that the program learns from: the tensors that the lines of the hypothesis and of the cost read."""
    weights = {id(part.read()) for part in runner.weights}
    found: dict[Phase, dict[str, Tensor]] = {Phase.HYPOTHESIS: {}, Phase.COST: {}}
    for node, line in zip(runner.text.nodes, runner.text.lines, strict=True):
        for name in sorted(each.id for each in ast.walk(node) if isinstance(each, ast.Name)):
            value = runner.names.get(name)
            if line.phase in found and isinstance(value, Tensor) and value.ndim and id(value) not in weights:
                found[line.phase][name] = value
    x = found[Phase.HYPOTHESIS]
    rows = max((len(each) for each in x.values()), default=0)
    x = {name: each for name, each in x.items() if len(each) == rows}
    y = {name: each for name, each in found[Phase.COST].items() if len(each) == rows and name not in x}
    both = [each.detach().reshape(rows, -1).float() for each in (*x.values(), *y.values())]
    ranges = chain.from_iterable(
        zip(each.amin(0).tolist(), each.amax(0).tolist(), each.mean(0).tolist(), strict=True) for each in both
    )
    if sum(each.numel() for each in x.values()) > MOST_NUMBERS * rows:
        return Table(rows=rows, ranges=tuple(ranges))
    shown = shown_rows(rows)
    return Table(_rows(x, shown), _rows(y, shown), rows, ", ".join(x), ", ".join(y), tuple(ranges))


def shown_rows(rows: int) -> list[int]:
    """Which rows the screen gets to see, spread evenly."""
    shown = min(rows, SHOWN_ROWS)
    return [index * rows // shown for index in range(shown)]


def _rows(tensors: dict[str, Tensor], shown: list[int]) -> tuple[Weights, ...]:
    if not tensors:
        return ()
    columns = [each.detach()[shown].reshape(len(shown), -1).to(torch.float32) for each in tensors.values()]
    return tuple(map(tuple, torch.cat(columns, 1).tolist()))


def _called(node: ast.AST) -> str:
    function = node.func if isinstance(node, ast.Call) else None
    return function.id if isinstance(function, ast.Name) else getattr(function, "attr", "")
