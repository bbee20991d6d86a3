"""What a run starts with: the program for a table, and an lr that suits it."""

import asyncio
from pathlib import Path

import pytest

from core.edits import GradientForm, gradient_form
from core.knobs import Knobs
from core.program import Method
from core.requests import Open
from core.start import fit_lr, is_fitted, start_knobs
from core.table import open_table
from tests.core.in_process import ENGINE, descent_at


def test_the_lectures_table_keeps_the_lectures_own_programs() -> None:
    assert start_knobs() == start_knobs(open_table("lecture")) == Knobs.of()
    assert is_fitted(start_knobs())
    assert start_knobs(bias=True).program.path == "core/programs/bias_manual.py"


@pytest.mark.parametrize(
    ("name", "program", "names"),
    [("cars", "bias", ("W", "b")), ("scores", "features", ("W1", "W2", "W3", "b"))],
)
def test_another_table_has_a_bias_the_2_mean_and_both_methods(name: str, program: str, names: tuple[str, ...]) -> None:
    knobs = start_knobs(open_table(name))
    assert knobs.program.path == f"core/programs/{program}_manual.py"
    assert gradient_form(knobs.program) is GradientForm.MEAN
    assert not is_fitted(knobs)
    for method in Method:
        opened = ENGINE.answer(Open(knobs.by(method).program))
        assert opened.names == names
        assert opened.table.rows == open_table(name).count


def test_a_long_file_is_read_by_the_program_itself(tmp_path: Path) -> None:
    path = tmp_path / "long.csv"
    path.write_text("x;y\n" + "".join(f"{number};{2 * number}\n" for number in range(50)))
    program = start_knobs(open_table(str(path))).program
    assert f"xy = np.loadtxt({str(path)!r}, delimiter=';', dtype=np.float32, skiprows=1" in program.text
    assert ENGINE.answer(Open(program)).table.rows == 50


@pytest.mark.parametrize("standardize", [False, True])
@pytest.mark.parametrize("name", ["cars", "scores", "mtcars"])
def test_with_the_fitted_lr_cost_comes_down_by_either_method(name: str, standardize: bool) -> None:
    knobs = asyncio.run(fit_lr(ENGINE, start_knobs(open_table(name), standardize=standardize)))
    assert is_fitted(knobs)
    for method in Method:
        log = descent_at(20, knobs.by(method)).log
        costs = [log.cost(epoch) for epoch in range(20)]
        assert costs == sorted(costs, reverse=True)
        assert costs[-1] < costs[0]
