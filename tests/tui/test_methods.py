"""Both methods on one W, on the screen."""

from threading import Event

import pytest
from rich.cells import cell_len

from core.beginning import beginning
from core.data import LECTURE, Dataset
from core.descent import Descent
from core.epoch import TorchEngine
from core.listing import UNWRITTEN, Method, Phase
from core.lr import Lr
from core.state import Engine, Knobs, State
from core.study.comparison import Comparison
from core.tables import open_table
from core.tape import Tape
from tests.tables import a_table
from tests.tui.stepper import a_stepper, held_back, opened, screen_text, until
from tui.app import Stepper
from tui.keys import HANGUL
from tui.study.comparing import compared

SIZES = [(120, 36), (80, 24), (40, 10)]


def lines_of(stepper: Stepper) -> dict[str, list[str]]:
    """The panel's rows by their first word or two, as words."""
    text = screen_text(stepper)
    panel = text.partition("both methods on one W")[2] or text
    rows = [line.lstrip("│").partition("│")[0].strip() for line in panel.splitlines()]
    found: dict[str, list[str]] = {}
    for row in rows:
        for name in NAMES:
            if row.startswith(name):
                found.setdefault(name, row.removeprefix(name).split())  # the ruler's lr comes later
    return found


NAMES = ("gradient ", "lr ", "update", "next W ", "next cost")


@pytest.mark.parametrize("size", SIZES)
async def test_both_methods_stand_side_by_side_at_every_size(size: tuple[int, int]) -> None:
    async with opened(stepper := Stepper(Descent(), TorchEngine), size) as pilot:
        await pilot.press("t")
        await pilot.pause()
        rows = lines_of(stepper)
        assert rows["gradient "] == ["-14.000", "-9.333", "x", "1.5"]
        assert rows["update"] == ["+1.400", "+1.400", "x", "1"]
        assert rows["next W "] == ["1.39999998", "1.40000010", "1", "step" if size[0] > 40 else "ulp"]
        assert rows["next cost"] == ["0.746666", "0.746667"]
        text = screen_text(stepper)
        assert "0.1" in text
        assert "0.15" in text
        assert "1.5 x" in text
        assert "2 * torch.mean" in text
        assert {cell_len(line) for line in text.splitlines()} == {size[0]}


async def test_the_long_answer_says_why_sum_is_right_with_its_lr_and_why_the_last_digit_differs() -> None:
    async with opened(stepper := Stepper(Descent(), TorchEngine)) as pilot:
        await pilot.press("t")
        await pilot.pause()
        text = " ".join(line.partition("││")[0].strip("│ ") for line in screen_text(stepper).splitlines())
        assert "torch.sum is m/2 = 1.5 x the true gradient for m = 3" in text
        assert "manual's lr makes up for it: 0.1 x 1.5 = 0.15" in text
        assert "torch.mean for torch.sum? alone it is half the true gradient" in text
        assert "float32 rounds 0.1 x -14.000 and 0.15 x -9.333 each by itself" in text


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("key", ["t", "5", HANGUL["t"]])
async def test_the_table_comes_back(size: tuple[int, int], key: str) -> None:
    async with opened(stepper := Stepper(Descent(), TorchEngine), size) as pilot:
        await pilot.press("t")
        await pilot.pause()
        assert "next W" in screen_text(stepper)
        await pilot.press(key)
        await pilot.pause()
        assert "next W" not in screen_text(stepper)


async def test_it_follows_every_key_and_the_two_numbers_are_those_of_the_two_runs() -> None:
    async with opened(stepper := Stepper(Descent(), TorchEngine)) as pilot:
        await pilot.press("t", "space", "space", "enter", "enter", "enter")
        await pilot.pause()
        rows = lines_of(stepper)
        assert rows["gradient "][0] == "-2.240"
        await pilot.press("}", "g")
        await pilot.pause()
        rows = lines_of(stepper)
        assert (rows["gradient "], rows["lr "]) == (["-1.493", "-1.493", "x", "1"], ["0.2", "0.15", "x", "1.333"])
        await pilot.press("space", "m")
        assert stepper.descent.knobs.method is Method.OPTIM


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("table", ["lecture with b", "mtcars", "scores", "twenty"])
async def test_on_every_table_it_has_room_and_every_row_is_as_wide_as_the_screen(
    size: tuple[int, int], table: str
) -> None:
    if table == "lecture with b":
        descent = beginning(LECTURE, True)
    elif table == "twenty":
        values = [[float((3 * row + column * column) % 7) for column in range(20)] for row in range(30)]
        descent = beginning(a_table(values, [sum(row) for row in values]))
    else:
        descent = beginning(open_table(table))
    async with opened(stepper := Stepper(descent, TorchEngine), size) as pilot:
        await pilot.press("space", "t")
        await pilot.pause()
        text, rows = screen_text(stepper), lines_of(stepper)
        assert {cell_len(line) for line in text.splitlines()} == {size[0]}
        assert {"gradient ", "update", "next W ", "next cost"} <= rows.keys()
        assert rows["gradient "][-2:] == ["x", "1.5" if table == "lecture with b" else "1"]
        if table == "twenty":
            assert f"{21 - (2 if size[0] > 40 else 1)} more" in text


@pytest.mark.parametrize("w", [1.0, float("inf"), float("nan"), 1e38, -1e38, 1e19, 1e-40])
@pytest.mark.parametrize("size", SIZES)
async def test_any_w_can_be_compared(size: tuple[int, int], w: float) -> None:
    descent = Descent(Knobs.of_lecture().with_lr(Lr.at(1e6)), tape=Tape(State((w,))))
    async with opened(stepper := Stepper(descent, TorchEngine), size) as pilot:
        await pilot.press("t")
        await pilot.pause()
        text = screen_text(stepper)
        assert {cell_len(line) for line in text.splitlines()} == {size[0]}
        gradient = lines_of(stepper)["gradient "]
        if w in (1.0, float("inf")) or w != w:
            assert gradient[-1] == "–"


async def test_a_line_still_to_be_written_and_one_that_fails_are_told() -> None:
    knobs = Knobs.of_lecture()
    number = knobs.listing.phase_lines(Method.MANUAL, Phase.GRADIENT)[0].number
    for line, told in ((UNWRITTEN, f"line {number} is still to be written"), ("gradient = 1 / 0", "can't be run")):
        listing = knobs.listing.with_line(number, line)
        descent = Descent(Knobs(listing, Method.OPTIM, knobs.manual_lr, knobs.optim_lr))
        async with opened(stepper := Stepper(descent, TorchEngine)) as pilot:
            await pilot.press("t")
            await pilot.pause()
            panel = screen_text(stepper).partition("both methods on one W")[2]
            assert told in panel
            assert "next W" not in panel


async def test_before_torch_is_there_it_says_so_and_shows_both_as_soon_as_it_is() -> None:
    loaded, load = held_back()
    async with (stepper := a_stepper(load=load)).run_test(size=(120, 36)) as pilot:
        await pilot.press("t")
        await pilot.pause()
        assert "both methods stand here as soon as it is there" in screen_text(stepper)
        loaded.set()
        await until(pilot, lambda: "next W" in screen_text(stepper))


async def test_without_torch_it_says_why() -> None:
    def broken(data: Dataset) -> Engine:
        raise ImportError("no torch here")

    async with (stepper := a_stepper(load=broken)).run_test(size=(120, 36)) as pilot:
        await pilot.press("t")
        await until(pilot, lambda: "torch" in screen_text(stepper).partition("both methods on one W")[2])
        assert "next W" not in screen_text(stepper)


async def test_while_it_is_hidden_nothing_is_compared(monkeypatch: pytest.MonkeyPatch) -> None:
    asked = 0

    def counting(*_: object) -> str:
        nonlocal asked
        asked += 1
        return ""

    monkeypatch.setattr("tui.study.comparer.compared", counting)
    async with opened(stepper := a_stepper()) as pilot:
        await pilot.press("space", "space", "2")
        assert asked == 0
        await pilot.press("t", "space")
        assert asked == 2
        await pilot.press("5", "space")
        assert asked == 2
        assert stepper.descent.epoch == 4


async def test_on_a_large_table_no_key_waits_for_the_comparison(monkeypatch: pytest.MonkeyPatch) -> None:
    finished = Event()

    def slow(descent: Descent, engine: Engine) -> Comparison | str:
        finished.wait(10)
        return compared(descent, engine)

    monkeypatch.setattr("tui.study.comparer.LARGE", 3)
    monkeypatch.setattr("tui.study.comparer.compared", slow)
    async with opened(stepper := a_stepper()) as pilot:
        await pilot.press("t", "space", "space")
        assert stepper.descent.epoch == 2
        assert "comparing both methods on 3 rows" in screen_text(stepper)
        finished.set()
        await until(pilot, lambda: isinstance(stepper.comparison, Comparison))
        assert isinstance(stepper.comparison, Comparison)
        assert stepper.comparison.manual.epoch.w == stepper.descent.w


async def test_a_comparison_that_comes_too_late_is_not_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    begun, finished = Event(), Event()

    def slow(descent: Descent, engine: Engine) -> Comparison | str:
        begun.set()
        finished.wait(10)
        return compared(descent, engine)

    monkeypatch.setattr("tui.study.comparer.LARGE", 3)
    monkeypatch.setattr("tui.study.comparer.compared", slow)
    async with opened(stepper := a_stepper()) as pilot:
        await pilot.press("t")
        await until(pilot, begun.is_set)
        await pilot.press("y")
        finished.set()
        await pilot.pause(0.1)
        assert "again when the epoch has been predicted" in str(stepper.comparison)
