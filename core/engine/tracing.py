"""One epoch line by line; it gives the same bits as epochs that run as one loop."""

from itertools import count

from torch import Tensor

from core.engine import measuring, opening
from core.engine.keeping import Part, is_slot
from core.engine.runner import Runner, flat
from core.program import Phase
from core.state import EpochTrace, Step, Weights


def trace(runner: Runner, number: int) -> EpochTrace:
    """Run one epoch line by line. Raises RunFailed."""
    w = runner.w()
    true_gradient = measuring.true_gradient(runner, w)
    grad, memory = _grad(runner), _memory(runner)
    rows = runner.opened.table.rows
    shown = opening.shown_rows(rows)
    hypothesis: tuple[Weights, ...] = ()
    steps: list[Step] = []
    runner.begin(number)
    left = False
    for index, line in enumerate(runner.text.lines):
        left = left or not runner.run_line(index)
        value = runner.names.get(line.name) if line.name and not left else None
        if line.phase is Phase.HYPOTHESIS and isinstance(value, Tensor) and value.shape[:1] == (rows,):
            hypothesis = tuple(map(tuple, value.detach()[shown].reshape(len(shown), -1).tolist()))
        told = None if value is None else opening.value_of(line.name, value)
        steps.append(Step(index, told, runner.w(), _grad(runner), _memory(runner), runner.take_output()))
    if runner.text.update == len(runner.text.lines):
        runner.note_gradient()
    return EpochTrace(
        number, runner.program, tuple(steps), w, grad, memory, hypothesis, runner.cost(), runner.gradient(),
        true_gradient, runner.w(), _options(runner),
    )  # fmt: skip


def _grad(runner: Runner) -> Weights | None:
    weights = [part.read() for part in runner.weights]
    grads = [weight.grad if weight.is_leaf else None for weight in weights]
    return None if any(each is None for each in grads) else flat(grads)


def _memory(runner: Runner) -> tuple[tuple[str, Weights], ...]:
    kept: dict[str, list[Part]] = {}
    for part in runner.parts:
        if part.key and is_slot(part.read()):
            kept.setdefault(part.key, []).append(part)
    return tuple((key, flat([part.read() for part in parts])) for key, parts in kept.items())


def _options(runner: Runner) -> tuple[tuple[str, float | bool | str], ...]:
    for optimizer in runner.optimizers.values():
        options: list[tuple[str, float | bool | str]] = [("class", type(optimizer).__name__)]
        for key, value in optimizer.param_groups[0].items():
            if isinstance(value, tuple):
                options += [(f"{key}{n}", each) for n, each in zip(count(1), value, strict=False)]
            elif isinstance(value, float | int | bool | str):
                options.append((key, value))
        return tuple(options)
    return ()
