"""Experiments with the keys alone, on torch itself: the list, the question, the run, and what is told of it."""

from pathlib import Path

import pytest
from rich.cells import cell_len
from textual import events
from textual.pilot import Pilot
from textual.theme import BUILTIN_THEMES
from textual.widgets import OptionList, Static

from core.beginning import beginning
from core.data import LECTURE, Dataset
from core.descent import Descent
from core.epoch import TorchEngine
from core.listing import Method
from core.lr import Lr
from core.study.experiments import EXPERIMENTS, Setting
from core.study.outcome import Outcome
from core.tables import open_table
from tests.core.test_experiments import IN_KIND, ON_LECTURE_WITH_BIAS, PROMISED, begun
from tests.tui.stepper import held_back, opened, screen_text, until
from tui.app import Stepper
from tui.drawing.rows import wrapped
from tui.keys import HANGUL
from tui.panels.experiment import Experiment
from tui.panels.status import diverging
from tui.screens.experiments import ANSWERS, Experiments, exchanged

IDS = [experiment.id for experiment in EXPERIMENTS]


def on(data: Dataset = LECTURE, bias: bool | None = None, method: Method = Method.MANUAL) -> Stepper:
    return Stepper(beginning(data, bias, method), TorchEngine)


async def begin(pilot: Pilot[None], name: str, expected: Outcome | None = None) -> None:
    """Begin an experiment through the keys."""
    answer = ANSWERS.index(expected) + 1 if expected else 0
    await pilot.press("x", *["down"] * IDS.index(name), "enter", *["down"] * answer, "enter")
    await pilot.pause()


def strip(stepper: Stepper) -> str:
    """What the experiment's strip says, in one line."""
    shown = [panel for panel in stepper.screen_stack[0].query(Experiment) if panel.display]
    return " ".join("".join(text for text, _ in row).strip() for panel in shown for row in panel._rows)


def detail(stepper: Stepper) -> str:
    return str(stepper.screen.query_one(Static).render())


@pytest.mark.parametrize(("name", "method"), PROMISED)
async def test_an_experiment_is_begun_and_its_outcome_told_with_the_numbers(name: str, method: Method) -> None:
    outcome, ws = PROMISED[name, method]
    experiment = EXPERIMENTS[IDS.index(name)]
    async with opened(stepper := on(method=method)) as pilot:
        await pilot.press("space", "space")
        before = stepper.descent.tape
        await begin(pilot, name, outcome)
        assert not isinstance(stepper.screen, Experiments)
        assert (stepper.descent.tick, stepper.descent.ghost) == (0, before)
        assert strip(stepper).startswith(f"experiment: {experiment.name} · you expect: {outcome} · look for: ")
        await pilot.press("pagedown", *["pagedown"] * 10 * (name == "momentum"), *["pagedown"] * 2)
        said = strip(stepper)
        assert said.startswith(f"outcome: {outcome} · W ")
        assert "as you expected" in said
        assert experiment.why in said
        told = said.partition(" · W ")[2].replace(",", "").split()[:4]
        assert [float(number) for number in told] == pytest.approx(ws[:4], abs=0.0006)
        text = screen_text(stepper)
        assert {cell_len(line) for line in text.splitlines()} == {120}
        assert (")*" in text.splitlines()[0]) == stepper.descent.knobs.listing.is_own(stepper.descent.knobs.method)


async def test_the_list_shows_the_question_and_the_lines_before_and_after() -> None:
    async with opened(stepper := on()) as pilot:
        await pilot.press("x")
        for experiment in EXPERIMENTS:
            text = detail(stepper)
            await pilot.press("enter")
            assert detail(stepper) == text
            options = stepper.screen.query_one(OptionList)
            if experiment.id == "sum":
                assert text == "Not here: the lecture's program has the sum already."
                assert options.option_count == len(EXPERIMENTS)
            else:
                question, *diff = text.splitlines()
                assert question == experiment.question
                assert {line[:2] for line in diff} == {"- ", "+ "}
                assert options.option_count == len(ANSWERS) + 1
                await pilot.press("escape")
            await pilot.press("down")


async def test_what_is_exchanged_is_told_as_lines_lrs_or_a_start() -> None:
    def lines(name: str, descent: Descent) -> list[tuple[str, str]]:
        experiment = EXPERIMENTS[IDS.index(name)]
        ground = experiment.ground(descent, TorchEngine(descent.data))
        setting = experiment.setting(ground)
        assert isinstance(setting, Setting)
        return exchanged(ground.setting, setting, descent.names)

    lecture, bias = beginning(), beginning(LECTURE, True)
    assert lines("sign", lecture) == [("33  W -= lr * gradient", "33  W += lr * gradient")]
    assert lines("sign", bias) == [
        ("38  W -= lr * gradient_W", "38  W += lr * gradient_W"),
        ("39  b -= lr * gradient_b", "39  b += lr * gradient_b"),
    ]
    assert lines("edge", lecture) == [("manual: lr = 0.1", "manual: lr = 1/7")]
    assert lines("one_step", beginning(method=Method.OPTIM)) == [("optim: lr = 0.15", "optim: lr = 3/28")]
    assert lines("swapped", lecture) == [
        ("manual: lr = 0.1", "manual: lr = 0.15"),
        ("optim: lr = 0.15", "optim: lr = 0.1"),
    ]
    assert lines("far", lecture) == [("W = 0.000", "W = 100.000")]
    assert lines("minimum", beginning(open_table("mtcars")))[0][1] == "W1 = -0.032, W2 = -3.878, b = 37.227"


@pytest.mark.parametrize("name", ["zero_grad", "sign", "edge", "momentum", "mean"])
@pytest.mark.parametrize("table", ["lecture with b", "mtcars", "a file"])
async def test_on_other_tables_the_same_keys_lead_there(name: str, table: str, tmp_path: Path) -> None:
    path = tmp_path / "점수.csv"
    path.write_text("시간,점수\n1,10\n2,21\n4,39\n7,70\n", encoding="utf-8")
    data = {"lecture with b": LECTURE, "mtcars": open_table("mtcars"), "a file": open_table(str(path))}[table]
    expected = (ON_LECTURE_WITH_BIAS if data is LECTURE else IN_KIND)[name]
    assert expected
    async with opened(stepper := on(data, True)) as pilot:
        await pilot.press("space")
        await begin(pilot, name, Outcome.STAYS)
        await pilot.press(*["pagedown"] * (12 if name == "momentum" else 5))
        said = strip(stepper)
        assert any(said.startswith(f"outcome: {outcome}") for outcome in expected)
        assert "error along the steepest direction" in said
        assert f"you expected: {Outcome.STAYS}" in said
        assert {cell_len(line) for line in screen_text(stepper).splitlines()} == {120}


@pytest.mark.parametrize("size", [(120, 36), (80, 24), (60, 18), (40, 24), (40, 10)])
async def test_at_every_size_the_list_the_run_and_the_outcome_can_be_read(size: tuple[int, int]) -> None:
    async with opened(stepper := on(), size) as pilot:
        await pilot.press("x", "down", "down", "down")
        text = screen_text(stepper)
        assert "zero_grad() forgotten" in text
        assert "- 55  optimizer.zero_grad()" in text
        assert "+ 55  pass  # zero_grad() forgotten" in text
        await pilot.press("enter", *["down"] * (1 + ANSWERS.index(Outcome.CIRCLES)))
        assert Outcome.CIRCLES in screen_text(stepper)
        await pilot.press("enter", "pagedown", "pagedown", "pagedown")
        text = screen_text(stepper)
        assert Outcome.CIRCLES in " ".join(text.split())
        for line in stepper.descent.knobs.listing.lines(Method.OPTIM):
            assert line.is_comment or line.text[:20] in text
        assert {cell_len(line) for line in text.splitlines()} == {size[0]}


async def test_escape_leads_back_to_the_list_and_out_of_it_and_the_run_stays() -> None:
    async with opened(stepper := on()) as pilot:
        await pilot.press("space", "enter")
        before = stepper.descent
        await pilot.press("x", "down", "down", "enter", "down", "escape")
        options = stepper.screen.query_one(OptionList)
        assert (options.option_count, options.highlighted) == (len(EXPERIMENTS), 2)
        await pilot.press("escape")
        assert not isinstance(stepper.screen, Experiments)
        assert stepper.descent is before
        assert strip(stepper) == ""
        await pilot.press("space")
        assert stepper.descent.epoch == 2


async def test_it_begins_without_a_guess_and_then_none_is_told() -> None:
    async with opened(stepper := on()) as pilot:
        for keys in (("enter",), ("up", "enter")):  # none highlighted; the last of the list
            await pilot.press("x", *["down"] * IDS.index("sign"), "enter", *keys)
            await pilot.pause()
            assert "you expect" not in strip(stepper)
            await pilot.press("space", "space", "space")
            assert strip(stepper).startswith(f"outcome: {Outcome.BREAKS} · W 0.000, -1.400")
            assert "expected" not in strip(stepper)


async def test_another_knob_takes_the_strip_away_and_going_back_takes_the_outcome_back() -> None:
    async with opened(stepper := on()) as pilot:
        await begin(pilot, "sign")
        await pilot.press("space", "space", "space")
        assert strip(stepper).startswith("outcome")
        await pilot.press("left")
        assert strip(stepper).startswith("experiment")
        await pilot.press("]")
        assert strip(stepper) == ""
        await pilot.press("[")
        assert strip(stepper).startswith("experiment")
        await pilot.press("h")
        await until(pilot, lambda: stepper.descent.names == ("W", "b") and len(stepper.descent.tape) > 0)
        assert strip(stepper) == ""


@pytest.mark.parametrize("key", ["c", HANGUL["c"]])
async def test_one_key_brings_the_lecture_back_in_place_and_says_where_nothing_is_changed(key: str) -> None:
    async with opened(stepper := on()) as pilot:
        await pilot.press("space", key)
        assert "nothing is changed: this is the lecture's program, with its lrs" in screen_text(stepper)
        await begin(pilot, "momentum")
        await pilot.press("space", "space", "]", key)
        knobs = stepper.descent.knobs
        assert not knobs.listing.changed
        assert (knobs.method, knobs.manual_lr.value, knobs.optim_lr.value) == (Method.OPTIM, 0.1, 0.15)
        assert stepper.descent.epoch == 2
        assert strip(stepper) == ""
        assert "optim (autograd) " in screen_text(stepper)
        await pilot.press("g", "m", "g", "}", key)
        assert stepper.descent.knobs == beginning().knobs


async def test_keys_that_come_faster_than_the_list_opens_and_closes_do_no_harm() -> None:
    async with opened(stepper := on()) as pilot:
        for _ in range(3):
            for key in ("x", "down", "down", "enter", "down", "enter", "enter", "escape", "escape"):
                stepper.post_message(events.Key(key, None))
            await until(pilot, lambda: not isinstance(stepper.screen, Experiments) and bool(strip(stepper)))
            await pilot.press("x")
            screen = stepper.screen
            assert isinstance(screen, Experiments)
            screen.action_take()
            for _ in range(3):
                screen.action_take()
                screen.action_back()
            await pilot.pause()
            assert stepper.is_running
        await pilot.press("escape", "escape", "space")
        assert stepper.is_running


async def test_the_list_waits_for_torch_and_opens_then() -> None:
    loaded, load = held_back()
    stepper = Stepper(beginning(), load)
    async with stepper.run_test(size=(120, 36)) as pilot:
        await pilot.press("x")
        assert not isinstance(stepper.screen, Experiments)
        assert "loading torch" in screen_text(stepper)
        loaded.set()
        await until(pilot, lambda: isinstance(stepper.screen, Experiments))


async def test_in_every_theme_the_lines_begin_with_minus_and_plus() -> None:
    async with opened(stepper := on()) as pilot:
        await pilot.press("x")
        for theme in BUILTIN_THEMES:
            stepper.theme = theme
            await pilot.pause()
            text = screen_text(stepper)
            assert "- 29  gradient = torch.sum(" in text
            assert "+ 29  gradient = 2 * torch.mean(" in text


async def test_the_optimizers_line_comes_first_with_the_lr_that_is_in_use() -> None:
    for size in ((120, 36), (80, 24)):
        async with opened(stepper := on(), size) as pilot:
            await begin(pilot, "momentum")
            await pilot.press("space")
            line = next(line for line in screen_text(stepper).splitlines() if "momentum=0.9" in line)
            assert "41*  optimizer = optim.SGD([W], lr=0.15, momentum=0.9)" in line
            assert "lr 0.15" in line
            await pilot.press("]")
            line = next(line for line in screen_text(stepper).splitlines() if "momentum=0.9" in line)
            assert "lr=0.15" in line
            assert "lr 0.2 in use" in line or "lr 0.2│" in line


async def test_the_ruler_and_the_status_line_claim_nothing_that_a_changed_program_does_not_do() -> None:
    async with opened(stepper := on()) as pilot:
        await begin(pilot, "momentum")
        await pilot.press(*["space"] * 3)
        text = screen_text(stepper)
        assert "marks hold without memory" in text
        assert "error x" not in text
        await begin(pilot, "sign")
        await pilot.press(*["pagedown"] * 12)
        text = screen_text(stepper)
        assert "walks uphill: no lr holds it" in text
        assert "no lr holds it, for it walks uphill" in text
        assert "a smaller lr holds it" not in text
        assert "edge" not in text
        await begin(pilot, "zero_grad")
        await pilot.press("space", "space")
        assert "W.grad = -5.600; the true gradient: +3.733" in screen_text(stepper)
        await begin(pilot, "sign")
        await pilot.press("space")
        assert "0.000 → -1.400" in screen_text(stepper)
        await begin(pilot, "mean")
        await pilot.press("space")
        assert "gradient = -4.667; the true gradient: -9.333" in screen_text(stepper)
        assert "manual (own line)*" in screen_text(stepper)


def test_a_cost_that_a_ball_climbs_again_is_not_called_diverging() -> None:
    engine = TorchEngine(LECTURE)
    _, run = begun("momentum", beginning(), engine)
    run = run.turn(run.knobs.with_lr(Lr.at(0.01)), engine)
    grown = 0
    for epoch in range(60):
        run = run.goto(4 * epoch, engine)
        assert diverging(run) == ""
        costs = list(run.costs_backward())[:4]
        grown += len(costs) == 4 and costs == sorted(costs, reverse=True)
    assert grown
    wild = run.turn(run.knobs.with_lr(Lr.at(2)), engine).goto(4 * 66, engine)
    assert diverging(wild).startswith("diverging")


def test_words_are_wrapped_by_cells() -> None:
    assert wrapped("one two three", 7) == ["one two", "three"]
    assert wrapped("가나 다라 마", 7) == ["가나", "다라 마"]
    assert wrapped("abcdefghij k", 4) == ["abc…", "k"]
