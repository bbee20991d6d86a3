"""An engine without torch and without a process: plain arithmetic of the lecture's two programs, in float32."""

import asyncio
import re
from array import array
from collections.abc import AsyncIterator
from math import nan
from typing import Any

from core.float32 import float32
from core.measured import LrResponse, Measured
from core.program import Method, Phase, Program
from core.requests import Costs, Gradients, Look, Measure, Open, Reply, Request, Run
from core.state import EpochColumns, EpochsRun, EpochTrace, Opened, RunFailed, Slot, State, Step, Table, Value

ROWS = (1.0, 2.0, 3.0)
"""x, and y as well."""

START = re.compile(r"^W = torch\.(?:tensor|FloatTensor)\(\[(.*?)\]", re.MULTILINE)

BATCH = 500
"""How many epochs a stream reports at a time."""


class FakeEngine:
    """Answers every request; it counts them, and can be held back or made to fail."""

    def __init__(self) -> None:
        self.requests: list[Request[Any]] = []
        self.ready = asyncio.Event()
        """Until it is set nothing is answered: torch is being loaded."""
        self.ready.set()
        self.failure: Exception | None = None
        """What the next request raises."""
        self.fails_at: int | None = None
        """The epoch that can't be run."""
        self.interrupted = self.closed = False

    async def ask(self, request: Request[Reply], limit: float | None = None) -> Reply:
        self.requests.append(request)
        await self.ready.wait()
        await asyncio.sleep(0)
        if self.failure:
            failure, self.failure = self.failure, None
            raise failure
        return self._answer(request)  # type: ignore[no-any-return]

    async def stream(self, request: Run) -> AsyncIterator[EpochsRun]:
        self.requests.append(request)
        state, done = self._state_at(request.program, request.state, request.at, request.first), 0
        while done < request.count:
            await asyncio.sleep(0.05)
            count = min(BATCH, request.count - done)
            part = self._run(request.program, state, request.first + done, count)
            yield part
            done += count
            state = State(part.columns[-1].slots, tuple(part.columns[-1].numbers[-len(state.numbers) :]))

    async def interrupt(self) -> None:
        self.interrupted = True

    def close(self) -> None:
        self.closed = True

    def _answer(self, request: Request[Any]) -> Any:
        match request:
            case Open(program):
                return _opened(program)
            case Run(program, state, at, first, count):
                return self._run(program, self._state_at(program, state, at, first), first, count)
            case Look(program, state, at, epoch):
                return _trace(program, epoch, self._state_at(program, state, at, epoch))
            case Measure(program, _state):
                return _measured(program)
            case Costs(program, _state, points):
                return tuple(_cost(program, w) for (w,) in points)
            case Gradients(program, _state, points):
                return tuple(((_gradient(program, w),), (_true_gradient(program, w),)) for (w,) in points)
        raise NotImplementedError(request)

    def _state_at(self, program: Program, state: State, at: int, epoch: int) -> State:
        for number in range(at, epoch):
            state = _after(program, _trace(program, number, state))
        return state

    def _run(self, program: Program, state: State, first: int, count: int) -> EpochsRun:
        if self.fails_at is not None and first + count > self.fails_at:
            part = self._run_all(program, state, first, max(0, self.fails_at - first))
            failure = RunFailed("boom", program.lines[0].number)
            return EpochsRun(first, part.columns, traces=part.traces, output=part.output, failure=failure)
        return self._run_all(program, state, first, count)

    def _run_all(self, program: Program, state: State, first: int, count: int) -> EpochsRun:
        columns, traces, output = EpochColumns(_slots(program)), [], []
        for number in range(first, first + count):
            trace = _trace(program, number, state)
            state = _after(program, trace)
            columns.cost.append(trace.cost)
            columns.gradient.extend(trace.gradient or ())
            columns.numbers.extend(array("f", state.numbers))
            traces.append(trace)
            output.append((number, trace.output))
        return EpochsRun(first, (columns,) if count else (), traces=tuple(traces[-2:]), output=tuple(output))


def _text(program: Program, phase: Phase) -> str:
    return " ".join(line.text for line in program.lines if line.phase is phase)


def _cost_scale(program: Program) -> float:
    return 3.0 if "torch.sum" in _text(program, Phase.COST) else 1.0


def _cost(program: Program, w: float) -> float:
    return float32(_cost_scale(program) * sum((x * w - x) ** 2 for x in ROWS) / 3)


def _true_gradient(program: Program, w: float) -> float:
    return float32(_cost_scale(program) * 2 / 3 * sum((x * w - x) * x for x in ROWS))


def _gradient(program: Program, w: float) -> float:
    if program.method is Method.OPTIM:
        return _true_gradient(program, w)
    text = _text(program, Phase.GRADIENT)
    factor = 1.0 if "torch.sum" in text else 2 / 3 if "2 * torch.mean" in text else 1 / 3
    return float32(factor * sum((x * w - x) * x for x in ROWS))


def _lr(program: Program) -> float:
    return 0.0 if program.lr is None else program.lr


def _slots(program: Program) -> tuple[Slot, ...]:
    w = Slot("W", (1,))
    return (w,) if program.method is Method.MANUAL else (w, Slot("W.grad", (1,)))


def _opened(program: Program) -> Opened:
    found = START.search(program.text)
    w = Slot("W", (1,))
    rows = tuple((x,) for x in ROWS)
    start = State((w,), (float32(float(found[1])) if found else 0.0,))
    values = tuple(
        (line.number, Value(line.name, "Tensor", (1,), start.numbers)) for line in program.setup if line.name == "W"
    )
    return Opened(program, start, (w,), values, Table(rows, rows, 3, "x_train", "y_train"))


def _after(program: Program, trace: EpochTrace) -> State:
    grad = trace.gradient or ()
    return State(_slots(program), trace.w_next + (grad if program.method is Method.OPTIM else ()))


def _trace(program: Program, number: int, state: State) -> EpochTrace:
    (w,) = state.value("W") or (nan,)
    before = state.value("W.grad") if program.method is Method.OPTIM else None
    hypothesis = tuple(float32(x * w) for x in ROWS)
    cost, gradient = _cost(program, w), _gradient(program, w)
    w_next = float32(w - _lr(program) * gradient)
    now, grad, steps = w, before, []
    for index, line in enumerate(program.lines):
        value, output = None, ""
        if line.phase is Phase.HYPOTHESIS:
            value = Value(line.name, "Tensor", (3, 1), hypothesis)
        elif line.phase is Phase.COST:
            value = Value(line.name, "Tensor", (), (cost,))
        elif line.phase is Phase.GRADIENT:
            if line.name:
                value = Value(line.name, "Tensor", (), (gradient,))
            grad = None if "zero_grad" in line.text else (gradient,) if "backward" in line.text else grad
        elif line.phase is Phase.UPDATE:
            now = w_next
            value = Value(line.name, "Tensor", (1,), (now,)) if line.name else None
        elif line.text.startswith("print"):
            output = f"Epoch {number:4d}/{program.nb_epochs} W: {w:.3f}, Cost: {cost:.6f}\n"
        steps.append(Step(index, value, (now,), grad, output=output))
    return EpochTrace(
        number,
        program,
        tuple(steps),
        (w,),
        before,
        (),
        tuple((each,) for each in hypothesis),
        cost,
        (gradient,),
        (_true_gradient(program, w),),
        (w_next,),
    )


def _measured(program: Program) -> Measured:
    slope = _gradient(program, 2.0) - _gradient(program, 1.0)
    curvature = _true_gradient(program, 2.0) - _true_gradient(program, 1.0)
    return Measured(
        error_factor=1 - _lr(program) * slope,
        flat_factor=1 - _lr(program) * slope,
        lr_response=LrResponse.PROPORTIONAL,
        one_step_lr=1 / slope,
        stability_limit=2 / slope,
        curvature=slope,
        minimum=(1.0,),
        min_cost=0.0,
        max_curvature=curvature,
        min_curvature=curvature,
        steepest=(1.0,),
        flattest=(1.0,),
        gradient_ratio=slope / curvature,
        is_quadratic=True,
    )
