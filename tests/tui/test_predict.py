"""Prediction mode on the screen."""

import pytest

from core.study.prediction import Level
from tests.tui.study_screen import a_stepper, press, screen_text, text_of
from tui.panels.prediction import AnswerInput, PredictionText

SIZES = [(120, 36), (80, 24), (50, 18)]


@pytest.mark.parametrize("size", SIZES)
async def test_an_epoch_is_predicted_then_run_then_revealed(size: tuple[int, int]) -> None:
    async with a_stepper(size=size) as (stepper, pilot):
        await press(pilot, stepper, "y", "space")
        assert stepper.descent.tick == (0, 0)
        assert "larger" in text_of(stepper, PredictionText)
        await press(pilot, stepper, "+")
        assert stepper.descent.tick == (1, 0)
        said = text_of(stepper, PredictionText)
        assert "✓ right" in said
        assert "0.000 - 0.1 x -14.000 = 1.400" in said
        assert "1 of 1 so far" in said


async def test_a_wrong_answer_gets_the_rule_of_the_sign_and_the_arithmetic() -> None:
    async with a_stepper() as (stepper, pilot):
        await press(pilot, stepper, "y", "-", "space")
        said = text_of(stepper, PredictionText)
        assert "you said smaller · gradient -14.000 is negative, so W gets larger" in said
        assert "W = 0.000 - 0.1 x -14.000 = 1.400" in said
        await press(pilot, stepper, "0", "space", "+", "space", "-", "space")
        assert "2 of 4 so far, the last 2 in a row" in text_of(stepper, PredictionText)


@pytest.mark.parametrize("keys", [["enter"] * 6, ["space"] * 3, ["pagedown"], ["n", "s", "down", "right", "."]])
async def test_nothing_gives_the_answer_away(keys: list[str]) -> None:
    async with a_stepper() as (stepper, pilot):
        await press(pilot, stepper, "y", "t", *keys)
        assert stepper.descent.epoch == 0
        text = screen_text(stepper)
        for number in ("-14.000", "1.400", "-9.333", "0.746", "next W"):
            assert number not in text
        assert "both methods stand here again" in text
        await press(pilot, stepper, "escape")
        assert "1.400" in screen_text(stepper)
        assert stepper.prediction.count == 0


async def test_a_w_is_typed_also_with_a_decimal_comma_and_a_cost_at_the_hardest_level() -> None:
    async with a_stepper() as (stepper, pilot):
        await press(pilot, stepper, "y", "Y", "space", *"1,4", "enter")
        assert "✓ right: W 1.400 · gradient -14.000 is negative" in text_of(stepper, PredictionText)
        await press(pilot, stepper, "1", ".", "enter", "space")
        assert "W 0.840: you said 1.000, off by 0.160" in text_of(stepper, PredictionText)
        await press(pilot, stepper, "Y")
        assert stepper.prediction.question
        assert stepper.prediction.question.level is Level.COST
        await press(pilot, stepper, *"0.0191", "enter", "space")
        assert "✓ right: cost 0.0191" in text_of(stepper, PredictionText)


async def test_the_question_changes_at_once_with_the_level() -> None:
    async with a_stepper() as (stepper, pilot):
        await press(pilot, stepper, "y", "+", "Y")
        assert "level 2" in text_of(stepper, PredictionText)
        assert "what is the next W" in text_of(stepper, PredictionText)


async def test_what_can_not_be_read_gets_a_sentence_and_nothing_runs() -> None:
    async with a_stepper() as (stepper, pilot):
        await press(pilot, stepper, "y", "Y", *"1-2", "enter")
        assert "W '1-2' is not a number" in text_of(stepper, PredictionText)
        assert (stepper.descent.epoch, stepper.prediction.answer) == (0, None)
        stepper.query_one(AnswerInput).value = "[@click=app.quit]x[/]\u202e"
        await press(pilot, stepper, "enter")
        assert "is not a number" in text_of(stepper, PredictionText)
        stepper.query_one(AnswerInput).value = ""
        await press(pilot, stepper, "2", "enter")
        assert stepper.prediction.answer == 2.0


async def test_before_anything_is_typed_the_steppers_keys_are_the_steppers() -> None:
    async with a_stepper() as (stepper, pilot):
        await press(pilot, stepper, "space", "y", "Y", "enter", "enter")
        assert stepper.descent.tick == (1, 2)
        await press(pilot, stepper, "left", "left")
        assert stepper.descent.tick == (0, 0)
        await press(pilot, stepper, "end", "]", "y")
        assert stepper.descent.knobs.program.lr != 0.1
        assert not stepper.prediction.on
        await press(pilot, stepper, "2", "space")
        assert stepper.descent.epoch == 2


async def test_a_click_on_an_answer_commits_it() -> None:
    async with a_stepper() as (stepper, pilot):
        await press(pilot, stepper, "y")
        panel = stepper.query_one(PredictionText)
        text = "".join(part for part, _style in panel._rows[-1])
        await pilot.click(PredictionText, offset=(text.index("smaller"), len(panel._rows) - 1))
        assert stepper.prediction.answer == -1
        await pilot.click(PredictionText, offset=(1, len(panel._rows) - 1))
        assert stepper.prediction.answer == -1


async def test_playing_leaves_the_mode_and_says_so() -> None:
    async with a_stepper() as (stepper, pilot):
        await press(pilot, stepper, "y", "+", "space", "p")
        assert not stepper.prediction.on
        await pilot.press("p")
