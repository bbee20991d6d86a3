"""What a run starts with: the program for a table, the form of its gradient, and an lr that suits both."""

from dataclasses import replace
from math import isfinite

from core.edits import GradientForm, standardized, tensor_table, with_gradient_form, with_table
from core.knobs import Knobs
from core.lr import Lr
from core.program import Method, Program
from core.requests import Engine, Measure, Open
from core.table_reader import Source

SAFE_LR = 1e-6
"""The lr in the text of a program over another table until it has been measured."""


def start_knobs(
    source: Source | None = None,
    bias: bool | None = None,
    method: Method = Method.MANUAL,
    form: GradientForm | None = None,
    standardize: bool = False,
) -> Knobs:
    """The knobs of a new run over a table; what is not given is chosen.

    The lecture's table has no bias, the sum and the lecture's own lr. Any other has a bias and the 2 * mean, whose size
    does not depend on the number of rows; its lr is still to be fitted.
    """
    is_lecture = source is None or source.name == "lecture"
    several = source is not None and source.inputs > 1
    with_bias = not is_lecture if bias is None else bias
    name = ("features" if with_bias else "features_no_bias") if several else ("bias" if with_bias else "weight")
    wanted = form or (GradientForm.SUM if is_lecture and not standardize else GradientForm.MEAN)

    def prepared(program: Program) -> Program:
        if source and not is_lecture:
            program = with_table(program, _table_lines(source)).with_lr(SAFE_LR)
        if standardize:
            program = standardized(program)
        return with_gradient_form(program, wanted) if program.method is Method.MANUAL else program

    knobs = Knobs.of(name, method)
    return replace(knobs, program=prepared(knobs.program), other=knobs.other and prepared(knobs.other))


def is_fitted(knobs: Knobs) -> bool:
    """Whether the program's own lr suits its table, or somebody has chosen it."""
    return knobs.program.lr != SAFE_LR or isfinite(knobs.anchor)


async def fit_lr(engine: Engine, knobs: Knobs) -> Knobs:
    """The same knobs with the largest lr of the ladder with which no error changes its sign, for both methods.

    It is 1 / (the curvature of the gradient that runs), measured from the program. Raises RunFailed, EngineDied.
    """

    async def fitted(program: Program) -> Program:
        opened = await engine.ask(Open(program))
        curvature = (await engine.ask(Measure(program, opened.start))).curvature
        most = 1.0001 / curvature if isfinite(curvature) and curvature > 0 else 0.1  # as far as float32 can tell
        return program.with_lr(Lr.largest_rung(most).value)

    return replace(knobs, program=await fitted(knobs.program), other=knobs.other and await fitted(knobs.other))


def _table_lines(source: Source) -> tuple[str, ...]:
    if source.stands_in_text:
        return tensor_table([row[:-1] for row in source.rows], [row[-1:] for row in source.rows])
    return source.reading_lines
