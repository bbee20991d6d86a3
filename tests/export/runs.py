"""Runs to write down: every program, both methods, knobs turned and lines changed in mid-run."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from random import Random

from core.beginning import beginning
from core.data import LECTURE, Dataset, standardized
from core.descent import PHASES, Descent
from core.epoch import TorchEngine
from core.float32 import float32
from core.lecture import printed_row
from core.listing import GradientForm, Listing, Method
from core.lr import Lr
from core.state import Knobs
from core.study.experiments import EXPERIMENTS, Setting, Underway
from core.tables import open_table

Turn = Callable[[Knobs], Knobs]

TABLES: dict[str, tuple[Dataset, bool]] = {
    "weight": (LECTURE, False),
    "weight_bias": (LECTURE, True),
    "features": (standardized(open_table("mtcars")), True),
    "features_no_bias": (open_table("scores"), False),
}
"""A table and whether there is a bias, for every program."""

_engines: dict[Dataset, TorchEngine] = {}


def engine_for(data: Dataset) -> TorchEngine:
    return _engines.get(data) or _engines.setdefault(data, TorchEngine(data))


@dataclass
class Run:
    """A run that is made by running epochs, some at once and some one by one, and turning knobs in between."""

    descent: Descent

    @classmethod
    def on(cls, program: str, method: Method = Method.MANUAL, start: float | None = None) -> "Run":
        data, bias = TABLES[program]
        descent = beginning(data, bias, method)
        if start is not None:
            descent = descent.begun_at(tuple(start + number for number in range(len(descent.names))))
        return cls(descent)

    def epochs(self, count: int, one_by_one: bool = False) -> "Run":
        engine = engine_for(self.descent.data)
        for step in (1,) * count if one_by_one else (count,):
            self.descent = self.descent.goto((self.descent.epoch + step) * PHASES, engine)
        return self

    def turn(self, turn: Turn) -> "Run":
        self.descent = self.descent.turn(turn(self.descent.knobs), engine_for(self.descent.data))
        return self


def to(method: Method) -> Turn:
    return lambda knobs: replace(knobs, method=method)


def lr(value: float) -> Turn:
    return lambda knobs: knobs.with_lr(Lr.at(value))


def times(factor: float) -> Turn:
    return lambda knobs: knobs.with_lr(Lr.at(knobs.lr.value * factor))


def form(form: GradientForm) -> Turn:
    return lambda knobs: replace(knobs, listing=knobs.listing.with_gradient_form(form))


def line(beginning: str, text: str) -> Turn:
    """Exchange the first line that begins so in the lecture; nothing where it has been exchanged already."""
    return lambda knobs: replace(knobs, listing=with_line(knobs.listing, beginning, text))


def with_line(listing: Listing, beginning: str, text: str) -> Listing:
    lecture = listing.pristine
    lines = (line for method in Method for line in (*lecture.model_lines(method), *lecture.lines(method)))
    return listing.with_line(next(line.number for line in lines if line.text.startswith(beginning)), text)


def lecture(knobs: Knobs) -> Knobs:
    return replace(knobs, listing=knobs.listing.pristine)


MANUAL, OPTIM = Method.MANUAL, Method.OPTIM


def every_run() -> Iterator[tuple[str, Descent]]:
    """Runs with a name each."""
    for program in TABLES:
        for name, run in _on_any_program(program):
            yield f"{program}: {name}", run.descent
    for name, run in _on_the_lectures():
        yield f"weight: {name}", run.descent
    for program, (data, bias) in TABLES.items():
        for name, descent in _experiments(beginning(data, bias)):
            yield f"{program}: {name}", descent


def _on_any_program(program: str) -> Iterator[tuple[str, Run]]:
    update = "W -= lr * gradient" if program == "weight" else "W -= lr * gradient_W"
    lectures = Knobs.of_lecture(program).listing.model_lines(OPTIM)[-1].text
    momentum = line("optimizer = ", lectures.replace(")", ", momentum=0.9)"))
    for method in Method:
        yield f"{method} alone", Run.on(program, method).epochs(30)
        yield f"{method} one by one from elsewhere", Run.on(program, method, -2.5).epochs(12, one_by_one=True)
        yield (
            f"{method} with three lrs",
            Run.on(program, method).epochs(5).turn(times(0.5)).epochs(5).turn(times(1.7)).epochs(5),
        )
        yield f"{method} until it is nan", Run.on(program, method).turn(lr(1e3)).epochs(80)
    yield "the other form", Run.on(program).turn(form(GradientForm.SUM)).turn(times(0.01)).epochs(9)
    yield (
        "methods in turn",
        Run.on(program, start=1.5)
        .epochs(4)
        .turn(to(OPTIM))
        .epochs(4)
        .turn(to(MANUAL))
        .epochs(3)
        .turn(to(OPTIM))
        .epochs(4),
    )
    yield (
        "momentum, with manual in between",
        Run.on(program, OPTIM)
        .turn(momentum)
        .epochs(6)
        .turn(to(MANUAL))
        .epochs(3)
        .turn(to(OPTIM))
        .turn(times(0.5))
        .epochs(6),
    )
    yield (
        "momentum begun, left and begun anew, one by one",
        Run.on(program, OPTIM)
        .epochs(3, True)
        .turn(momentum)
        .epochs(4, True)
        .turn(lecture)
        .epochs(2, True)
        .turn(momentum)
        .epochs(4, True),
    )
    yield (
        "no zero_grad, with manual in between",
        Run.on(program, OPTIM)
        .turn(line("optimizer.zero_grad()", "pass"))
        .turn(times(0.3))
        .epochs(5)
        .turn(to(MANUAL))
        .epochs(2)
        .turn(to(OPTIM))
        .epochs(5),
    )
    yield "the update written out", Run.on(program).turn(line(update, f"W = W - {update[5:]}")).epochs(9)
    yield (
        "the update written out, optim before and after",
        Run.on(program, OPTIM)
        .turn(momentum)
        .epochs(3)
        .turn(to(MANUAL))
        .turn(line(update, f"W = W - {update[5:]}"))
        .epochs(3)
        .turn(to(OPTIM))
        .epochs(4),
    )
    yield (
        "the update written out in optim",
        Run.on(program, OPTIM).turn(line("optimizer.step()", "W = W - 1e-5 * W.grad")).epochs(5),
    )
    yield "uphill", Run.on(program, start=0.5).turn(line("W -= ", update.replace("-=", "+="))).epochs(9)


def _on_the_lectures() -> Iterator[tuple[str, Run]]:
    yield "the first epoch alone", Run.on("weight").epochs(0)
    own = line("gradient = ", "gradient = ((W * x_train - y_train) * x_train).mean()")
    yield "mean without the 2", Run.on("weight").turn(own).epochs(9)
    yield "adam", Run.on("weight", OPTIM).turn(line("optimizer = ", "optimizer = optim.Adam([W], lr=0.15)")).epochs(9)
    yield (
        "an optimizer without a name for its lr",
        Run.on("weight", OPTIM).turn(line("optimizer = ", "optimizer = optim.SGD([W], 0.15)")).turn(lr(0.1)).epochs(9),
    )
    yield (
        "an lr that falls within the epoch",
        Run.on("weight")
        .turn(line("cost = ", "cost = torch.mean((hypothesis - y_train) ** 2); lr = lr * 0.5"))
        .epochs(9),
    )
    yield (
        "weights of another kind",
        Run.on("weight").turn(line("W -= ", "W = (W.double() - lr * gradient).sum()")).epochs(9),
    )
    yield "inf at once", Run.on("weight", start=float32(3e38)).epochs(4)
    yield "a tensor's own name", Run.on("weight").turn(line("W -= ", "W -= lr * Tensor([1.0]) * gradient")).epochs(4)


def _experiments(descent: Descent) -> Iterator[tuple[str, Descent]]:
    """Every experiment that the table has, seven epochs of it, and then the lecture's program again."""
    engine = engine_for(descent.data)
    for experiment in EXPERIMENTS:
        setting = experiment.setting(experiment.ground(descent, engine))
        if isinstance(setting, Setting):
            run = Run(Underway(experiment, setting, descent.data).begun(descent, engine)).epochs(7)
            yield f"the experiment {experiment.id}", run.turn(lecture).epochs(3).descent


RUNS = dict(every_run())
"""They are run once for all tests."""


def random_run(seed: int) -> Descent:
    """A run with a history that nobody would think of."""
    random = Random(seed)
    program = random.choice(list(TABLES))
    run = Run.on(program, random.choice(list(Method)), random.choice([None, 0.25, -3.0]))
    column = "_W" if program != "weight" else ""
    parameters = "[W, b]" if program in ("weight_bias", "features") else "[W]"
    turns: list[Turn] = [
        to(MANUAL),
        to(OPTIM),
        times(0.5),
        times(1.5),
        form(GradientForm.SUM),
        form(GradientForm.MEAN),
        line("optimizer = ", f"optimizer = optim.SGD({parameters}, lr=0.1, momentum=0.5)"),
        line("optimizer = ", f"optimizer = optim.Adam({parameters}, lr=0.1)"),
        line("optimizer.zero_grad()", "pass"),
        line("optimizer.step()", "W = W - 1e-5 * W.grad"),
        line("W -= ", f"W = W - lr * gradient{column}"),
        line("W -= ", f"W -= 2 * lr * gradient{column}"),
        line("cost = ", "cost = torch.mean((hypothesis - y_train).abs())"),
        lecture,
    ]
    for _ in range(random.randint(1, 8)):
        if random.random() < 0.8:
            run.turn(random.choice(turns))
        run.epochs(random.randint(1, 6), one_by_one=random.random() < 0.5)
        if random.random() < 0.2:
            run.descent = run.descent.goto(random.randint(0, run.descent.tick), engine_for(run.descent.data))
    return run.descent


def rows_of(descent: Descent) -> list[str]:
    tape, names = descent.tape, descent.names
    return [
        printed_row(
            tape.knobs(epoch).method,
            epoch,
            len(tape) - 1,
            dict(zip(names, tape.w(epoch), strict=True)),
            tape.cost(epoch),
        )
        for epoch in range(len(tape))
    ]


def bits_of(descent: Descent) -> list[list[str]]:
    tape = descent.tape
    return [[value.hex() for value in (*tape.w(epoch), tape.cost(epoch))] for epoch in range(len(tape))]
