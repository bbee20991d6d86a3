"""Epochs as one loop, for the cost of the program's own."""

import ast
from typing import Any

from torch import Tensor

from core.engine.keeping import Part
from core.engine.runner import Runner
from core.engine.text import OWN
from core.state import EpochColumns, RunFailed, Slot


class FastLoop:
    """The program's own loop over some epochs as one code object, with recorders between its lines."""

    def __init__(self, runner: Runner, slots: tuple[Slot, ...], numbers: range) -> None:
        self.runner, self.slots, self.epochs = runner, slots, len(numbers)
        self.columns, self.marks = EpochColumns(slots), list[int]()
        parts = {part.name: part for part in runner.parts}
        self.parts = [parts[slot.name] for slot in slots]
        values: Any = runner.values(numbers)
        program = runner.program
        past = bool(runner.nb_epochs_name) and program.nb_epochs_at(numbers[-1]) != program.nb_epochs
        if past:  # that name follows
            values = zip(values, map(program.nb_epochs_at, numbers), strict=True)
        self.code = runner.text.compiled(("fast", slots, past), lambda: self._statements(past))
        self.addresses = self._addresses()
        recorders = {
            "values": values,
            "cost": self.columns.cost.append,
            "gradient": self.columns.gradient.append,
            "gradients": self.columns.gradient.extend,
            "number": self.columns.numbers.append,
            "numbers": self.columns.numbers.extend,
            "bytes": self.columns.numbers.frombytes,
            "mark": self.marks.append,
            "tell": runner.output.tell,
            **{f"view{n}": _view(part) for n, part in enumerate(self.parts) if part.tensor is not None},
            **{f"read{n}": part.read for n, part in enumerate(self.parts)},
            **{f"weight{n}": part.read for n, part in enumerate(runner.weights)},
        }
        runner.names.update({OWN.format(name): recorder for name, recorder in recorders.items()})

    def run(self) -> EpochColumns | None:
        """Run the epochs; None where a line raised, or tensors of the state came, went or moved."""
        try:
            with self.runner.running():
                exec(self.code, self.runner.names)
        except RunFailed:
            return None
        as_planned = self.runner.slots() == self.slots and self._addresses() == self.addresses
        return self.columns if as_planned and len(self.columns) == len(self.marks) == self.epochs else None

    def _statements(self, past: bool) -> list[ast.stmt]:
        runner, call = self.runner, f"{OWN}({{}})".format

        def recorded(column: str, read: str, size: int) -> str:
            return call(column, f"{read}.item()") if size == 1 else call(f"{column}s", f"{read}.ravel().tolist()")

        written, before = dict(runner.program.gradients), []
        for n, part in enumerate(runner.weights if runner.has_gradient else ()):
            read = written.get(part.name, f"{part.expression or call(f'weight{n}', '')}.grad")
            before.append(recorded("gradient", read, part.read().numel()))
        cost = runner.program.cost
        after = [call("cost", f"{cost}.item()" if isinstance(runner.names.get(cost), Tensor) else cost)]
        for n, (part, slot) in enumerate(zip(self.parts, self.slots, strict=True)):
            if part.tensor is None:
                after.append(recorded("number", part.expression or call(f"read{n}", ""), slot.size))
            else:
                after.append(call("bytes", OWN.format(f"view{n}")))
        after.append(call("mark", call("tell", "")))
        target: ast.expr = runner.text.loop.target
        if past:
            target = ast.Tuple([target, ast.Name(runner.nb_epochs_name, ast.Store())], ast.Store())
        values = ast.Name(OWN.format("values"), ast.Load())
        body = [*runner.text.with_lines(before), *ast.parse("\n".join(after)).body]
        return [ast.For(target, values, body, [], lineno=1)]

    def _addresses(self) -> list[int]:
        return [part.read().data_ptr() for part in self.parts if part.tensor is not None]


def _view(part: Part) -> memoryview:
    """The numbers of a tensor that stays in its place."""
    assert part.tensor is not None
    numbers: Any = part.tensor.detach().view(-1).numpy()
    return memoryview(numbers).cast("B")
