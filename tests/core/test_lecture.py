"""The lecture's own programs, run as they stand, are the reference for every row."""

import runpy
from dataclasses import replace
from pathlib import Path

import pytest

from core.data import LECTURE
from core.descent import Descent
from core.epoch import TorchEngine
from core.lecture import PRINTED, Agreement, agreement, printed_row
from core.listing import GradientForm, Method
from core.programs import weight
from core.state import Knobs

PROGRAMS = Path(__file__).parents[1] / "lecture"


def rows_of_the_lecture(method: Method, capsys: pytest.CaptureFixture[str]) -> list[str]:
    runpy.run_path(str(PROGRAMS / f"{method}.py"))
    return capsys.readouterr().out.splitlines()


def eleven_epochs(knobs: Knobs) -> Descent:
    return Descent(knobs).goto(40, TorchEngine(LECTURE))


@pytest.mark.parametrize("method", Method)
def test_every_row_is_the_one_that_the_lectures_program_prints(
    method: Method, capsys: pytest.CaptureFixture[str]
) -> None:
    tape = eleven_epochs(replace(Knobs.of_lecture(), method=method)).tape
    ours = [printed_row(method, epoch, 10, {"W": tape.w(epoch)[0]}, tape.cost(epoch)) for epoch in range(11)]
    assert ours == rows_of_the_lecture(method, capsys)


def test_the_program_is_the_lecture_word_for_word() -> None:
    lecture = {method: (PROGRAMS / f"{method}.py").read_text().split("\n") for method in Method}
    for method in Method:
        lines = Knobs.of_lecture().listing.lines(method)
        body = [line.strip() for line in lecture[method]]
        assert [line.text for line in lines] == [line for line in body if line in {line.text for line in lines}]
        loop = body[next(i for i, line in enumerate(body) if line.startswith("for epoch")) + 1 :]
        printing = ("print(", "epoch, nb_epochs", "))")
        assert [line.text for line in lines] == [line for line in loop if line and not line.startswith(printing)]


def test_the_programs_data_are_the_data_that_the_screen_shows() -> None:
    assert tuple(weight.x_train.flatten().tolist()) == tuple(LECTURE.x)
    assert tuple(weight.y_train.flatten().tolist()) == tuple(LECTURE.y)


def test_every_row_of_manual_agrees_with_the_slide() -> None:
    tape = eleven_epochs(Knobs.of_lecture()).tape
    assert all(agreement(n, tape.w(n)[0], tape.cost(n)) is Agreement.AGREES for n in range(len(PRINTED)))


def test_optim_differs_from_the_slide_in_the_last_digit_of_epoch_1_alone() -> None:
    tape = eleven_epochs(replace(Knobs.of_lecture(), method=Method.OPTIM)).tape
    found = {n: agreement(n, tape.w(n)[0], tape.cost(n)) for n in range(len(PRINTED))}
    assert {n: how for n, how in found.items() if how is not Agreement.AGREES} == {1: Agreement.LAST_DIGIT}


def test_epochs_beyond_the_table_are_not_printed_and_other_values_differ() -> None:
    assert agreement(11, 1.0, 0.0) is Agreement.NOT_PRINTED
    assert agreement(1, 0.933, 0.02) is Agreement.DIFFERS
    assert agreement(1, 1.4, 0.8) is Agreement.DIFFERS
    assert agreement(1, float("nan"), float("nan")) is Agreement.DIFFERS


def test_the_slides_mean_form_is_another_trajectory() -> None:
    knobs = Knobs.of_lecture()
    listing = knobs.listing.with_gradient_form(GradientForm.MEAN)
    tape = eleven_epochs(replace(knobs, listing=listing)).tape
    assert [f"{tape.w(n)[0]:.3f}" for n in range(4)] == ["0.000", "0.933", "0.996", "1.000"]


def test_the_gradients_of_optim_are_two_thirds_of_those_of_manual() -> None:
    manual = eleven_epochs(Knobs.of_lecture()).tape
    optim = eleven_epochs(replace(Knobs.of_lecture(), method=Method.OPTIM)).tape
    assert [round(manual.gradient(n)[0], 3) for n in range(4)] == [-14, 5.6, -2.24, 0.896]
    for n in range(8):
        assert optim.gradient(n)[0] == pytest.approx(manual.gradient(n)[0] * 2 / 3, rel=1e-4)


def test_lr_1_breaks_away_where_the_facts_say() -> None:
    knobs = Knobs.of_lecture()
    from core.lr import Lr

    tape = Descent(knobs.with_lr(Lr.at(1.0))).goto(4 * 40, TorchEngine(LECTURE)).tape
    assert next(n for n in range(40) if tape.cost(n) == float("inf")) == 17
    assert next(n for n in range(40) if abs(tape.w(n)[0]) == float("inf")) == 35
    assert tape.w(40)[0] != tape.w(40)[0]
