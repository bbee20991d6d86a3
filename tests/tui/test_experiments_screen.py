"""Experiments with the keys alone: the list, the question, the run, and what is said of it."""

import pytest
from textual.pilot import Pilot
from textual.widgets import OptionList, Static

from core.behaviour import OUTCOMES, Behaviour
from core.study.experiments import EXPERIMENTS
from tests.core.in_process import ENGINE
from tests.tui.conftest import until
from tests.tui.study_screen import a_stepper, opened, press, text_of
from tui.panels.experiment import ExperimentPanel
from tui.screens.experiments import Experiments
from tui.stepper import Stepper

NAMES = [experiment.name for experiment in EXPERIMENTS]


async def begin(pilot: Pilot[None], stepper: Stepper, name: str, expected: Behaviour) -> None:
    """Begin an experiment through the keys."""
    await opened(pilot, stepper, "x", Experiments)
    answer = ["down"] * (OUTCOMES.index(expected) + 1)
    await press(pilot, stepper, *["down"] * NAMES.index(name), "enter", *answer, "enter")
    await until(pilot, lambda: stepper.running_experiment is not None and stepper.queue.is_idle)


@pytest.mark.parametrize("size", [(120, 36), (80, 24)])
async def test_an_experiment_is_begun_and_its_outcome_stands_there_with_the_numbers(size: tuple[int, int]) -> None:
    async with a_stepper(size=size) as (stepper, pilot):
        await press(pilot, stepper, "space", "space")
        before = stepper.descent.log
        await begin(pilot, stepper, "lr on the edge", Behaviour.CYCLING)
        assert (stepper.descent.tick, stepper.descent.ghost) == ((0, 0), before)
        assert text_of(stepper, ExperimentPanel).startswith("experiment: lr on the edge")
        await press(pilot, stepper, *["space"] * 5)
        said = text_of(stepper, ExperimentPanel)
        assert said.startswith("outcome: it bounces between two W for ever · W 0.000, 2.000, 0.000, 2.000 … 2.000")
        assert "as you expected" in said
        await press(pilot, stepper, "]")
        assert text_of(stepper, ExperimentPanel) == ""


async def test_a_wrong_guess_and_the_reason_with_torch() -> None:
    async with a_stepper(engine=ENGINE) as (stepper, pilot):
        await begin(pilot, stepper, "zero_grad() forgotten", Behaviour.STATIONARY)
        assert stepper.descent.knobs.method == "optim"
        await press(pilot, stepper, *["pagedown"] * 8)
        said = text_of(stepper, ExperimentPanel)
        assert said.startswith(f"outcome: {Behaviour.SWINGING}")
        assert f"you expected: {Behaviour.STATIONARY}" in said


async def test_the_list_shows_the_question_and_the_lines_before_and_after_or_why_there_is_none() -> None:
    async with a_stepper() as (stepper, pilot):
        await opened(pilot, stepper, "x", Experiments)
        detail, options = stepper.app.screen.query_one(Static), stepper.app.screen.query_one(OptionList)
        for number in (0, 1, 12):
            await press(pilot, stepper, *["down"] * (number - (options.highlighted or 0)))
            text = str(detail.render())
            await press(pilot, stepper, "enter")
            assert str(detail.render()) == text
            if number == 1:
                assert text.startswith("Not here: it changes nothing: the program has it already")
                assert options.option_count == len(EXPERIMENTS)
            else:
                question, *lines = text.splitlines()
                assert question == EXPERIMENTS[number].question
                assert {line[:2] for line in lines} == {"- ", "+ "}
                assert options.option_count == len(OUTCOMES) + 1
                await press(pilot, stepper, "escape")
        await press(pilot, stepper, "escape")
        assert stepper.running_experiment is None
