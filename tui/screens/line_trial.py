"""A line of the learner's own tried in the engine: whether the program runs with it, and what it turns out to be."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from core.descent import Descent
from core.edits import IMPORTS, placeholder_line
from core.language import N_, LazyString, _
from core.program import Line, Method, Phase, Program
from core.requests import Engine, Gradients, Open, Run
from core.state import EngineDied, EpochTrace, Opened, RunFailed, Weights
from core.study.gradient_check import GradientCheck, check_gradient, points_around, with_input

SECONDS = 2.0  # what takes longer is ended
EPOCHS = 3  # so many are run from the place on the screen
MISSING = re.compile(r"name '(\w+)' is not defined")


class LineError(Exception):
    """The program can't run with the line; the message is a sentence, and `missing` an import that may help."""

    def __init__(self, sentence: str, missing: str = "") -> None:
        super().__init__(sentence)
        self.missing = missing


@dataclass(frozen=True)
class TriedLine:
    """A line that the program runs with, and what there is to say of it."""

    program: Program
    sentence: LazyString
    keeps_place: bool  # the set-up still makes the same weights and the same table: the run can continue

    def applied(self, descent: Descent) -> Descent:
        """The run with the line: at its place, or where the set-up makes something else, from its start."""
        knobs = descent.knobs.with_program(self.program)
        return descent.with_knobs(knobs) if self.keeps_place else descent.restarted(knobs)


async def try_line(engine: Engine, descent: Descent, program: Program, number: int) -> TriedLine:
    """Run the program from the place on the screen; the new line begins at `number` of its text. Raises LineError."""
    if unwritten := placeholder_line(program):
        later = unwritten.number
        return TriedLine(program, LazyString(lambda: _("line {line} is still to be written").format(line=later)), True)
    try:
        if descent.opened:
            await engine.ask(Open(descent.opened.program))  # an engine that was ended loads torch: that is not timed
        return await _tried(engine, descent, program, number)
    except RunFailed as failed:
        missing = MISSING.search(failed.error)
        if missing and (hint := IMPORTS.get(missing[1])):
            sentence = _("{name} is not there: enter once more adds {hint}").format(name=missing[1], hint=hint)
            raise LineError(sentence, hint) from failed
        raise LineError(failed.error if failed.line == number else str(failed)) from failed
    except EngineDied as died:
        raise LineError(_("stopped: {why}").format(why=died)) from died


async def _tried(engine: Engine, descent: Descent, program: Program, number: int) -> TriedLine:
    opened, before = await engine.ask(Open(program), limit=SECONDS), descent.opened
    keeps_place = before is not None and (before.start, before.table) == (opened.start, opened.table)
    epoch = min(descent.epoch, len(descent.log)) if keeps_place else 0
    at, state = descent.log.state(epoch) if epoch else (0, opened.start)
    ran = await engine.ask(Run(program, state, at, epoch, EPOCHS), limit=SECONDS)
    if ran.failure:
        raise ran.failure
    line = next(line for line in (*program.setup, *program.lines) if line.number == number)
    if line.phase is Phase.GRADIENT and program.method is Method.MANUAL and program.gradients:
        minimum = descent.measured.minimum if descent.measured else None
        start = opened.weights_of(opened.start)
        centre = minimum if minimum and len(minimum) == len(start) else start
        if sentence := await check_line(engine, opened, program, line, centre):
            return TriedLine(program, sentence, keeps_place)
    return TriedLine(program, _what_it_does(ran.traces), keeps_place)


async def check_line(
    engine: Engine, opened: Opened, program: Program, line: Line, centre: Weights
) -> LazyString | None:
    """A gradient line held against autograd, in a sentence; None where there is none. Raises RunFailed, EngineDied."""
    parameter = next((name for name, gradient in program.gradients if gradient == line.name), None)
    points, x_name = points_around(centre), opened.table.x_name

    async def checked(program: Program) -> GradientCheck | None:
        gradients = await engine.ask(Gradients(program, opened.start, points), limit=SECONDS)
        return check_gradient(opened, points, gradients, parameter)

    check = await checked(program)
    if check and not check.is_usual and x_name and (repaired := with_input(line.text, x_name)):
        try:
            again = await checked(program.with_statement(line.number, repaired))
        except RunFailed:
            again = None  # it is something else that is missing
        if again and again.is_usual:
            sentence = N_("not the gradient: * {name} is missing, as in {line}")
            return LazyString(lambda: _(sentence).format(name=x_name, line=repaired))
    return check.sentence if check else None


def _what_it_does(traces: Sequence[EpochTrace]) -> LazyString:
    if all(trace.w == trace.w_next for trace in traces) and any(traces[-1].true_gradient or ()):
        return LazyString(lambda: _("the update leaves W as it is"))
    return LazyString(lambda: _("the line runs"))
