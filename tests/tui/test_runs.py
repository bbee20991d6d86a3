"""Runs kept by name: over each other in the plots, in a table and in a list, through the keys."""

from typing import Any

import pytest
from textual.pilot import Pilot
from textual.widgets import Input, OptionList, Static

from core.beginning import beginning
from core.data import LECTURE
from core.descent import MOST_KEPT, Descent
from core.epoch import TorchEngine
from core.tables import open_table
from tests.fake_engine import FakeEngine
from tests.tui.stepper import a_stepper, held_back, opened, screen_text, until
from tests.tui.test_ghost import text_of
from tui.app import Stepper
from tui.panels.contours import Contours
from tui.panels.costs import Costs
from tui.panels.curve import Curve
from tui.panels.epochs import Epochs
from tui.panels.fit import Fit
from tui.panels.panel import HUES, LOOKS
from tui.panels.runs import Runs
from tui.screens.ask import Ask
from tui.screens.runs import RunList
from tui.study.others import GHOST, GLYPHS, Other, legend

LRS = ("0.01", "0.05", "1/14", "0.13", "0.15")
SIZES = [(120, 36), (80, 24), (140, 50), (40, 10)]
NAMED = {".": "full_stop", "/": "slash"}


def typed(text: str) -> list[str]:
    """The keys that type a text."""
    return [NAMED.get(character, character) for character in text]


async def keep(pilot: Pilot[None], lr: str, epochs: int = 10) -> None:
    """A run with an lr, kept under the name that is proposed, and begun again."""
    await pilot.press("l", *typed(lr), "enter", *["pagedown"] * (epochs // 10), "k", "enter", "r")


async def keep_five(pilot: Pilot[None]) -> None:
    for lr in LRS:
        await keep(pilot, lr)


def names(stepper: Stepper) -> list[str]:
    return [kept.name for kept in stepper.descent.kept]


def is_shown(stepper: Stepper) -> bool:
    return any(panel.display for panel in stepper.query(Runs))


async def shown(pilot: Pilot[None], stepper: Stepper) -> list[str]:
    """The rows of the table of runs."""
    if not is_shown(stepper):
        await pilot.press("7")
        await until(pilot, lambda: any(panel.display and panel.size for panel in stepper.query(Runs)))
    await pilot.pause()
    panel = stepper.query_one(Runs)
    return [row.rstrip() for row in text_of(panel) if row.strip()]


@pytest.mark.parametrize("size", SIZES)
async def test_five_lrs_lie_over_each_other_each_with_its_own_mark(size: tuple[int, int]) -> None:
    async with opened(stepper := Stepper(Descent(), TorchEngine), size) as pilot:
        await keep_five(pilot)
        assert names(stepper) == [f"manual lr {lr}" for lr in LRS]
        await pilot.press("2")
        await until(pilot, lambda: bool(stepper.query_one(Costs).content_size))
        drawn = "\n".join(text_of(stepper.query_one(Costs)))
        assert set(drawn) & set(GLYPHS) == set(GLYPHS[:5])
        strips = stepper.screen._compositor.render_strips(stepper.size)
        assert {strip.cell_length for strip in strips} == {size[0]}
        assert all(glyph in str(stepper.query_one(Costs).border_subtitle) for glyph in GLYPHS[:5])


@pytest.mark.parametrize("size", SIZES)
async def test_the_table_says_of_each_what_it_did(size: tuple[int, int]) -> None:
    async with opened(stepper := Stepper(Descent(), TorchEngine), size) as pilot:
        await keep_five(pilot)
        heading, present, *rows = await shown(pilot, stepper)
        assert heading.split()[0] == "run"
        assert heading.endswith("what it did")
        assert present.startswith("● this run")
        assert present.endswith("not begun")
        said = ["still creeps", "still creeps", "settled at 1", "still swings", "still grows"]
        close = ["–", "7", "1", "–", "–"]
        place = heading.index("<1e-6")
        for row, glyph, lr, did, until_close in zip(rows, GLYPHS, LRS, said, close, strict=False):
            assert row.startswith(f"{glyph} manual lr {lr}")
            assert row.endswith(did)
            assert row[: place + 5].split()[-1] == until_close
        assert screen_text(stepper).count("<1e-6") >= 2 or size == (80, 24)
        strips = stepper.screen._compositor.render_strips(stepper.size)
        assert {strip.cell_length for strip in strips} == {size[0]}


async def test_7_again_or_5_brings_the_table_of_epochs_back() -> None:
    async with opened(stepper := a_stepper()) as pilot:
        table = stepper.query_one(Epochs)
        for back in ("7", "5"):
            await pilot.press("7")
            await until(pilot, lambda: is_shown(stepper) and not table.display)
            await pilot.press(back)
            await until(pilot, lambda: table.display and not is_shown(stepper))


async def test_the_table_follows_the_run_while_it_is_shown_and_is_right_when_it_comes_back() -> None:
    async with opened(stepper := a_stepper()) as pilot:
        assert (await shown(pilot, stepper))[1].endswith("not begun")
        await pilot.press("space", "space")
        assert (await shown(pilot, stepper))[1].endswith("still creeps")
        await pilot.press("5", *["pagedown"] * 4)
        assert (await shown(pilot, stepper))[1].split()[-3:-1] == ["settled", "at"]


async def test_a_name_is_proposed_and_can_be_typed_over() -> None:
    async with opened(stepper := a_stepper()) as pilot:
        await pilot.press("pagedown", "k")
        assert stepper.screen.query_one(Input).value == "manual lr 0.25"
        await pilot.press(*"mine", "enter")
        assert names(stepper) == ["mine"]
        assert "kept as mine" in screen_text(stepper)
        await pilot.press("k", "escape")
        assert names(stepper) == ["mine"]


async def test_the_proposed_name_tells_what_tells_the_run_apart() -> None:
    async with opened(stepper := a_stepper()) as pilot:
        await pilot.press("space", "k", "enter", "space", "k", "enter")
        await pilot.press("g", "space", "k", "enter")
        await pilot.press("r", "space", "k", "enter", "m", "r", "space", "k", "enter")
        await pilot.press("w", *typed("5"), "enter", "space", "k", "enter")
        assert names(stepper) == [
            "manual lr 0.25",
            "manual lr 0.25 (2)",
            "manual lr 0.25→manual mean lr 0.25",
            "manual mean lr 0.25",
            "optim lr 0.15",
            "optim lr 0.15 from 5",
        ]


async def test_a_name_that_is_none_or_taken_is_refused_in_a_sentence() -> None:
    async with opened(stepper := a_stepper()) as pilot:
        await pilot.press("space", "k", "enter", "k", "delete", "enter")
        assert isinstance(stepper.screen, Ask)
        assert "a name, for example manual lr 0.25 (2)" in screen_text(stepper)
        stepper.screen.query_one(Input).value = " manual lr 0.25 "
        await pilot.press("enter")
        assert "another run is called that" in screen_text(stepper)
        assert len(names(stepper)) == 1


async def test_a_name_is_an_outside_string() -> None:
    wild = "[@click=app.quit]나[/] \u202e\u200b\x1b[31m빨강"
    async with opened(stepper := a_stepper()) as pilot:
        await pilot.press("space", "k")
        stepper.screen.query_one(Input).value = wild
        await pilot.press("enter", "r", "7")
        await until(pilot, lambda: is_shown(stepper))
        assert names(stepper) == [wild]
        text = screen_text(stepper)
        assert "[@click=app.quit]나[/]" in text
        assert not {"\u202e", "\u200b", "\x1b"} & set(text)
        assert "\\u202e" in text
        await pilot.press("K")
        assert "[@click=app.quit]나[/]" in screen_text(stepper)
        assert not {"\u202e", "\u200b", "\x1b"} & set(screen_text(stepper))


@pytest.mark.parametrize("size", SIZES)
async def test_korean_names_leave_every_row_as_wide_as_the_screen(size: tuple[int, int]) -> None:
    async with opened(stepper := a_stepper(), size) as pilot:
        for name in ("아주 작은 학습률로 천천히 내려간 것", "빠름", "가장자리에서 끝없이 튀는 학습률"):
            await pilot.press("space", "k")
            stepper.screen.query_one(Input).value = name
            await pilot.press("enter")
        for keys in (["2"], ["7"], ["K"]):
            await pilot.press(*keys)
            await pilot.pause()
            strips = stepper.screen._compositor.render_strips(stepper.size)
            assert {strip.cell_length for strip in strips} == {size[0]}


async def test_a_run_without_a_finished_epoch_is_not_kept() -> None:
    async with opened(stepper := a_stepper()) as pilot:
        await pilot.press("k")
        assert not isinstance(stepper.screen, Ask)
        assert "no finished epoch to keep yet" in screen_text(stepper)


async def test_before_torch_is_there_nothing_is_kept() -> None:
    loaded, load = held_back()
    async with a_stepper(load=load).run_test(size=(120, 36)) as pilot:
        stepper: Any = pilot.app
        await pilot.press("k", "K", "7")
        await until(pilot, lambda: is_shown(stepper))
        assert "not begun" in screen_text(stepper)
        loaded.set()


async def test_a_ninth_run_is_refused_with_the_way_to_drop_one() -> None:
    async with opened(stepper := a_stepper()) as pilot:
        for _run in range(MOST_KEPT):
            await pilot.press("space", "k", "enter")
        assert len(names(stepper)) == MOST_KEPT
        await pilot.press("k")
        assert not isinstance(stepper.screen, Ask)
        assert "8 runs are kept, as many as can be told apart: K drops one" in screen_text(stepper)
        await pilot.press("K", "d", "escape", "k", "enter")
        assert len(names(stepper)) == MOST_KEPT


async def test_runs_that_have_no_room_are_counted() -> None:
    async with opened(stepper := a_stepper(), (80, 24)) as pilot:
        for _run in range(MOST_KEPT):
            await pilot.press("space", "k", "enter")
        *_rows, last = await shown(pilot, stepper)
        listed = [row for row in await shown(pilot, stepper) if row[0] in GLYPHS]
        assert last == f"… and {MOST_KEPT - len(listed)} more: K lists them"


async def test_kept_runs_survive_a_restart_another_start_another_method_and_another_lr() -> None:
    async with opened(stepper := a_stepper()) as pilot:
        await pilot.press("pagedown", "k", "enter")
        kept = stepper.descent.kept[0].tape
        await pilot.press("r", "w", *typed("3"), "enter", "m", "space", "]", "g", "space")
        assert stepper.descent.kept[0].tape is kept
        assert len(kept) == 11


async def test_another_table_or_other_weights_put_kept_runs_aside_and_coming_back_brings_them_back() -> None:
    async with opened(stepper := Stepper(Descent(), TorchEngine)) as pilot:
        await pilot.press("space", "k", "enter", "h")
        await until(pilot, lambda: len(stepper.descent.names) == 2 and len(stepper.descent.tape) == 1)
        assert names(stepper) == []
        await pilot.press("space", "k", *"both", "enter", "h")
        await until(pilot, lambda: len(stepper.descent.names) == 1 and len(stepper.descent.tape) == 1)
        assert names(stepper) == ["manual lr 0.1"]
        await pilot.press("u")
        await until(pilot, lambda: stepper.descent.data is not LECTURE and len(stepper.descent.tape) == 1)
        assert names(stepper) == []
        await pilot.press("u")
        await until(pilot, lambda: stepper.descent.data is LECTURE and len(stepper.descent.tape) == 1)
        assert names(stepper) == ["manual lr 0.1"]


async def test_a_kept_run_is_taken_up_and_the_present_one_becomes_the_ghost() -> None:
    async with opened(stepper := a_stepper()) as pilot:
        await pilot.press("pagedown", "k", "enter", "r", "]", "space", "space", "space")
        present = stepper.descent.tape
        await pilot.press("K", "enter")
        await until(pilot, lambda: not isinstance(stepper.screen, RunList))
        assert stepper.descent.epoch == 10
        assert stepper.descent.knobs.lr.value == 0.25
        assert stepper.descent.ghost is present
        await pilot.press("space")
        assert len(stepper.descent.tape) == 12
        assert len(stepper.descent.kept[0].tape) == 11
        await pilot.press("K", "enter")
        assert stepper.descent.tape is present  # the ghost stands first in the list: taken up, it is as before


async def test_the_list_drops_runs_and_closes_with_the_last() -> None:
    async with opened(stepper := a_stepper()) as pilot:
        await pilot.press("K")
        assert not isinstance(stepper.screen, RunList)
        assert "there is no other run yet" in screen_text(stepper)
        await pilot.press("space", "k", *"one", "enter", "space", "k", *"two", "enter", "space")
        await pilot.press("home", "]", "space")
        await pilot.press("K", "d")
        assert stepper.descent.ghost is None
        await pilot.press("down", "d")
        assert names(stepper) == ["one"]
        await pilot.press("ㅇ")
        assert names(stepper) == []
        await until(pilot, lambda: not isinstance(stepper.screen, RunList))
        await pilot.press("d", "space")
        assert stepper.descent.epoch == 2


async def test_keys_faster_than_the_list_closes_do_no_harm() -> None:
    async with opened(stepper := a_stepper()) as pilot:
        await pilot.press("space", "k", "enter", "r", "space", "space", "space")
        await pilot.press("K")
        listed = stepper.screen
        assert isinstance(listed, RunList)
        for key in ("action_close", "action_drop", "action_close"):
            getattr(listed, key)()
        await until(pilot, lambda: not isinstance(stepper.screen, RunList))
        assert len(stepper.screen_stack) == 1


async def test_a_click_on_a_run_opens_the_list_at_it() -> None:
    async with opened(stepper := a_stepper()) as pilot:
        await pilot.press("space", "k", *"one", "enter", "space", "k", *"two", "enter")
        await shown(pilot, stepper)
        await pilot.click(Runs, offset=(5, 2))
        assert not isinstance(stepper.screen, RunList)
        await pilot.click(Runs, offset=(5, 4))
        await until(pilot, lambda: isinstance(stepper.screen, RunList))
        assert stepper.screen.query_one(OptionList).highlighted == 1
        await pilot.press("d", "escape")
        assert names(stepper) == ["one"]


@pytest.mark.parametrize("size", [(40, 10), (40, 12), (60, 20)])
async def test_the_list_has_room_on_a_small_screen(size: tuple[int, int]) -> None:
    async with opened(stepper := a_stepper(), size) as pilot:
        for _run in range(MOST_KEPT):
            await pilot.press("space", "k", "enter")
        await pilot.press("K", *["down"] * (MOST_KEPT - 1))
        await pilot.pause()
        text = screen_text(stepper)
        assert stepper.screen.query_one(OptionList).highlighted == MOST_KEPT - 1
        assert GLYPHS[MOST_KEPT - 1] in text
        assert "run" in str(stepper.screen.query_one(Static).render())


async def test_where_the_table_cant_be_fitted_the_column_says_what_near_means() -> None:
    async with opened(stepper := Stepper(beginning(open_table("cars")), TorchEngine)) as pilot:
        await pilot.press("space", "k", "enter", "r")
        rows = await shown(pilot, stepper)
        assert "near" in rows[0]
        note = " ".join(" ".join(rows).split())
        assert "near: how many epochs until cost is within a millionth of the least, 227.070421" in note


async def test_runs_that_are_nan_or_infinite_are_kept_and_drawn_as_far_as_they_go() -> None:
    async with opened(stepper := a_stepper(lr=3.0)) as pilot:
        await pilot.press(*["pagedown"] * 9, "k", "enter", "l", *typed("0.25"), "enter", "r", "space")
        for key in ("1", "2", "3"):
            await pilot.press(key)
        rows = await shown(pilot, stepper)
        assert "broke away at 28" in rows[2]
        assert rows[2].split()[-5] == "nan"
        stepper.descent = stepper.descent.goto(400, FakeEngine())
        await pilot.pause()
        assert "▲" in "".join(text_of(stepper.query_one(Costs)))


async def test_on_cost_of_w_a_kept_run_stands_where_it_was_at_the_epoch_of_now() -> None:
    async with opened(stepper := a_stepper()) as pilot:
        await pilot.press("pagedown", "k", "enter", "r", "l", *typed("0.1"), "enter")
        columns = []
        for _epoch in range(3):
            await pilot.press("space")
            columns.append(next(row.index("▲") for row in text_of(stepper.query_one(Curve)) if "▲" in row))
        assert columns == sorted(set(columns))  # it comes down from 0 to 1 as the present run is stepped


async def test_with_two_weights_the_paths_of_kept_runs_lie_on_the_contours() -> None:
    async with opened(stepper := Stepper(beginning(LECTURE, bias=True), TorchEngine)) as pilot:
        await keep(pilot, "0.01")
        await keep(pilot, "0.1")
        drawn = "".join(text_of(stepper.query_one(Contours)))
        assert {"▲", "■"} <= set(drawn)
        await pilot.press("space")
        assert {"▲", "■"} <= set("".join(text_of(stepper.query_one(Fit))))


async def test_every_run_has_a_mark_and_a_colour_of_its_own() -> None:
    assert len(set(GLYPHS)) == len(set(HUES)) == MOST_KEPT
    assert GHOST not in GLYPHS
    async with opened(stepper := a_stepper()) as pilot:
        panel = stepper.query_one(Costs)
        for theme in ("textual-dark", "textual-light"):
            stepper.theme = theme
            await pilot.pause()
            colors = {panel._style(f"run {mark}").color for mark in range(MOST_KEPT)}
            assert len(colors) == MOST_KEPT
            assert not colors & {panel._style("curve").color, panel._style("dim").color}
    assert all(f"run {mark}" in LOOKS for mark in range(MOST_KEPT))


def others(*called: str) -> tuple[Other, ...]:
    tape = Descent().tape
    return tuple(
        Other(tape, glyph, f"run {n}", name=name) for n, (glyph, name) in enumerate(zip(GLYPHS, called, strict=False))
    )


@pytest.mark.parametrize(
    ("called", "width", "text"),
    [
        (("manual lr 0.1", "manual lr 0.05"), 40, "▲ 0.1 ■ 0.05"),
        (("manual lr 0.1", "optim lr 0.15"), 40, "▲ manual lr 0.1 ■ optim lr 0.15"),
        (("manual lr 0.1", "manual lr 0.1"), 40, "▲ 0.1 ■ 0.1"),
        (("a rather long name", "another long name"), 20, "▲ a rath… ■ anothe…"),
        (("한국어 이름", "다른 이름"), 18, "▲ 한국… ■ 다른…"),
        (("one",) * 8, 20, "▲ ■ ◆ ▼ △ □ ◇ ▽"),
        ((), 40, ""),
    ],
)
def test_the_legend_leaves_out_what_all_names_begin_with(called: tuple[str, ...], width: int, text: str) -> None:
    assert "".join(part for part, _style in legend(others(*called), width)) == text
