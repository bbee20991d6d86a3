"""The next rungs of the ladder and other tables on the screen, on torch itself."""

from pathlib import Path

import pytest
from rich.cells import cell_len
from textual.widgets import Input, OptionList, Static

from core.beginning import beginning
from core.data import LECTURE, Dataset
from core.epoch import TorchEngine
from core.listing import GradientForm, Method
from core.lr import Lr
from core.tables import open_table
from tests.tables import a_table
from tests.tui.stepper import opened, screen_text, until
from tui.app import Stepper
from tui.drawing.figures import fine, signed
from tui.screens.open import Open

HOSTILE = ("[@click=app.quit]x[/]", "\x1b[31mred\x07", "\u202eabc\u200b", "점수 👨‍👩‍👧 점수", "{}%s\\n")
"""Names that people have, and names that somebody may wish to have obeyed."""


def on(data: Dataset, bias: bool | None = None) -> Stepper:
    return Stepper(beginning(data, bias), TorchEngine)


def many_weights(inputs: int) -> Dataset:
    rows = [[float((3 * row + column * column) % 7) for column in range(inputs)] for row in range(30)]
    return a_table(rows, [sum(row) for row in rows])


async def test_with_a_bias_both_weights_are_in_the_program_the_table_and_the_contours() -> None:
    async with opened(stepper := on(LECTURE, True)) as pilot:
        await pilot.press("space", "enter", "enter", "enter", "enter")
        text = screen_text(stepper)
        assert "H(x) = Wx + b" in text
        assert "epoch 2 · W 0.480 · b 0.180" in text
        assert "b -= lr * gradient_b                        0.600 - 0.1 x 4.200 = 0.180" in text
        assert "1 cost: W →, b ↑" in text
        assert "gradient_W = sum = +9.200   gradient_b = sum = +4.200" in text
        assert "error x -0.6639 steepest, 0.9639 flattest" in text
        assert "0.1202 edge" in text


async def test_with_optim_the_gradients_of_both_stand_at_backward() -> None:
    async with opened(stepper := on(LECTURE, True)) as pilot:
        await pilot.press("m", "space", "enter", "enter", "enter", "enter")
        text = screen_text(stepper)
        assert "W.grad +6.133  b.grad +2.800" in text
        assert "W 0.480  b 0.180" in text


async def test_several_inputs_have_each_weight_by_epoch_and_predictions() -> None:
    async with opened(stepper := on(open_table("mtcars"))) as pilot:
        await pilot.press("space", "space")
        text = screen_text(stepper)
        for seen in (
            "steepest →, flattest ↑",
            "each weight by epoch",
            "predicted ↑ and true → mpg",
            "gradient by weight",
        ):
            assert seen in text
        row = next(line for line in text.splitlines() if "W1              hp" in line)
        gradient = stepper.descent.tape.gradient(1)[0]
        assert row.split("│")[1].split() == ["W1", "hp", "0.079", f"{gradient:+.3f}", "+0.017"]


@pytest.mark.parametrize("size", [(120, 36), (80, 24), (140, 50)])
@pytest.mark.parametrize("inputs", [1, 2, 20])
async def test_every_row_of_the_screen_is_as_wide_as_the_screen(size: tuple[int, int], inputs: int) -> None:
    async with opened(stepper := on(many_weights(inputs)), size) as pilot:
        for picture in "123465":
            await pilot.press("space", "enter", "enter", "enter", picture)
            assert {cell_len(line) for line in screen_text(stepper).splitlines()} == {size[0]}


async def test_twenty_weights_have_their_gradients_side_by_side() -> None:
    async with opened(stepper := on(many_weights(20))) as pilot:
        await pilot.press("enter", "enter", "enter")
        text = screen_text(stepper)
        gradient = stepper.descent.tape.gradient(0)
        for number in range(1, 21):
            assert f"W{number} {signed(gradient[number - 1])}" in text
        assert f"b {signed(gradient[-1])}" in text
        await pilot.press("enter")
        text = screen_text(stepper)
        for number in range(1, 21):
            assert f"W{number} {fine(stepper.descent.w[number - 1])}" in text
        heading = next(line for line in text.splitlines() if "|gradient|" in line)
        assert heading.split()[1:8] == ["epoch", "method", "cost", "|gradient|", "W1", "W2", "W3"]


@pytest.mark.parametrize("name", HOSTILE)
@pytest.mark.parametrize("inputs", [1, 2])
async def test_names_are_shown_and_never_obeyed(name: str, inputs: int) -> None:
    table = a_table([[1.0] * inputs, [2.0] + [3.0] * (inputs - 1), [4.0] * inputs], [1.0, 2.0, 3.0])
    names = tuple(f"{name}{number}" for number in range(inputs))
    data = Dataset(name, names, name, table.x, table.y, notes=(name,))
    async with opened(stepper := on(data)) as pilot:
        assert {cell_len(line) for line in screen_text(stepper).splitlines()} == {120}
        await pilot.press("space", "enter", "enter", "enter", "enter")
        text = screen_text(stepper)
        assert {cell_len(line) for line in text.splitlines()} == {120}
        assert not set("\x1b\x07\u202e\u200b") & set(text)
        assert stepper.descent.epoch == 2


async def test_a_built_in_table_is_picked_with_the_keys() -> None:
    async with opened(stepper := on(LECTURE)) as pilot:
        await pilot.press("space", "o", "down", "down", "enter")
        await until(pilot, lambda: stepper.descent.data.name == "cars" and len(stepper.descent.tape) > 0)
        assert stepper.descent.epoch == 0
        await pilot.press("space")
        assert "H(x) = Wx + b · cars, 50 rows · manual (mean)" in screen_text(stepper)
        assert stepper.descent.tape.cost(1) < stepper.descent.tape.cost(0)


async def test_a_file_is_opened_by_its_path_and_steps_at_once(tmp_path: Path) -> None:
    path = tmp_path / "점수.csv"
    path.write_bytes("\ufeff시간;점수\r\n1;10\r\n2;21\r\n\r\n4;39\r\n".encode())
    async with opened(stepper := on(LECTURE)) as pilot:
        await pilot.press("o")
        stepper.screen.query_one(Input).value = str(path)
        await pilot.press("enter")
        await until(pilot, lambda: stepper.descent.data is not LECTURE and len(stepper.descent.tape) > 0)
        await pilot.press("space", "space")
        assert "점수.csv, 3 rows" in screen_text(stepper)
        assert stepper.descent.epoch == 2
        assert {cell_len(line) for line in screen_text(stepper).splitlines()} == {120}


@pytest.mark.parametrize("content", [b"", b"a,b\n1,x\n", b"\x00\x01", None])
async def test_a_file_that_cannot_be_read_leaves_the_run_as_it_was(tmp_path: Path, content: bytes | None) -> None:
    path = tmp_path / "bad[@click=app.quit].csv"
    if content is not None:
        path.write_bytes(content)
    async with opened(stepper := on(LECTURE)) as pilot:
        await pilot.press("space", "space", "o")
        before = stepper.descent
        stepper.screen.query_one(Input).value = str(path)
        await pilot.press("enter")
        await until(pilot, lambda: "bad[@click" in str(stepper.screen.query_one(Static).render()))
        assert isinstance(stepper.screen, Open)
        await pilot.press("escape", "space")
        assert not isinstance(stepper.screen, Open)
        assert stepper.descent.data is before.data
        assert stepper.descent.epoch == 3


async def test_the_picker_walks_through_folders_whatever_they_are_called(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "[@click=app.quit]\x1b[31m"
    folder.mkdir()
    (folder / "\u202edata.csv").write_text("x,y\n1,2\n2,4\n3,5\n")
    (folder / "notes.md").write_text("not a table")
    monkeypatch.chdir(tmp_path)
    async with opened(stepper := on(LECTURE)) as pilot:
        await pilot.press("o", *["down"] * 6)
        options = stepper.screen.query_one(OptionList)
        shown = [str(options.get_option_at_index(index).prompt) for index in range(options.option_count)]
        assert shown[-2:] == ["  ..", "  [@click=app.quit]\\x1b[31m/"]
        await pilot.press("enter")
        shown = [str(options.get_option_at_index(index).prompt) for index in range(options.option_count)]
        assert shown[-2:] == ["  ..", "  \\u202edata.csv"]
        await pilot.press(*["down"] * 6, "enter")
        await until(pilot, lambda: stepper.descent.data.name == "\u202edata.csv" and len(stepper.descent.tape) > 0)


async def test_standardized_inputs_begin_anew_and_the_same_key_goes_back() -> None:
    async with opened(stepper := on(open_table("mtcars"))) as pilot:
        await pilot.press("m", "space")
        before = stepper.descent
        await pilot.press("u")
        await until(pilot, lambda: stepper.descent.data is not before.data and len(stepper.descent.tape) > 0)
        scaled = stepper.descent
        assert "mtcars, standardized" in screen_text(stepper)
        assert (scaled.epoch, scaled.knobs.method) == (0, Method.OPTIM)
        assert scaled.knobs.lr.value > 1000 * before.knobs.lr.value
        await pilot.press("u")
        await until(pilot, lambda: stepper.descent.data is before.data and len(stepper.descent.tape) > 0)


async def test_a_bias_is_put_in_and_taken_out_with_a_key() -> None:
    async with opened(stepper := on(LECTURE)) as pilot:
        await pilot.press("space", "h")
        await until(pilot, lambda: stepper.descent.names == ("W", "b") and len(stepper.descent.tape) > 0)
        await pilot.press("space")
        assert "epoch 1 · W 1.400 · b 0.600" in screen_text(stepper)
        await pilot.press("h")
        await until(pilot, lambda: stepper.descent.names == ("W",) and len(stepper.descent.tape) > 0)
        await pilot.press("space")
        assert "epoch 1 · W 1.400" in screen_text(stepper)
        assert "✓" in screen_text(stepper)


async def test_keys_pressed_while_a_table_opens_are_carried_out_on_it() -> None:
    async with opened(stepper := on(LECTURE)) as pilot:
        stepper.post_message(Stepper.Begun(beginning(open_table("cars"))))
        await pilot.press("space", "space", "space")
        await until(pilot, lambda: stepper.descent.data.name == "cars" and stepper.descent.epoch == 3)


async def test_weights_are_typed_as_many_as_there_are() -> None:
    async with opened(stepper := on(LECTURE, True)) as pilot:
        await pilot.press("w")
        stepper.screen.query_one(Input).value = "5"
        await pilot.press("enter")
        assert "'5' has 1 of 2 weights: type W b, as in 0,0" in str(stepper.screen.query_one(Static).render())
        stepper.screen.query_one(Input).value = "5, -1/2"
        await pilot.press("enter")
        assert stepper.descent.w == (5.0, -0.5)


async def test_the_screen_says_that_a_sum_grows_with_the_rows_and_the_first_lr_holds_it() -> None:
    async with opened(stepper := on(open_table("cars"))) as pilot:
        await pilot.press("space", "g")
        assert stepper.descent.knobs.listing.gradient_form is GradientForm.SUM
        assert "torch.sum over 50 rows is 25 x the true gradient" in screen_text(stepper)
        assert "breaks away" in screen_text(stepper)
        await pilot.press("=")
        assert stepper.descent.effect.factor > 0


@pytest.mark.parametrize(
    ("rows", "y", "sentence"),
    [
        ([[2.0]] * 3, [1.0, 2.0, 3.0], "x is 2 in every row: its weight can't be told apart from b"),
        ([[0.0]] * 3, [1.0, 2.0, 3.0], "x is 0 in every row: its gradient is always 0, so its weight can't be learned"),
        ([[2.0]], [1.0], "1 row for 2 weights: many W fit equally well, the start decides which"),
        ([[1.0], [2.0]], [0.0, 0.0], "y is 0 in every row: W 0 is the minimum already"),
        ([[1.0, 2.0], [2.0, 4.0], [3.0, 6.0]], [1.0, 2.0, 4.0], "some columns follow from others: many W fit equally"),
    ],
)
async def test_what_cannot_be_learned_is_said_and_it_opens(
    rows: list[list[float]], y: list[float], sentence: str
) -> None:
    async with opened(stepper := on(a_table(rows, y))) as pilot:
        assert sentence in screen_text(stepper)
        await pilot.press("space", "pagedown", "g", "m", "u", "space")
        assert stepper.descent.epoch > 0


async def test_a_weight_that_is_no_number_is_named() -> None:
    async with opened(stepper := on(LECTURE, True)) as pilot:
        stepper.turn(lambda knobs: knobs.with_lr(Lr.at(1e6)))
        await pilot.press("pagedown", "pagedown")
        assert "W is -inf at epoch 6: ← goes back" in screen_text(stepper)


async def test_the_picker_lives_in_a_terminal_without_room_for_it() -> None:
    async with opened(stepper := on(LECTURE), (50, 12)) as pilot:
        await pilot.press("o")
        for size in ((1, 1), (20, 3), (50, 5), (120, 36)):
            await pilot.resize_terminal(*size)
            await pilot.press("down", "pagedown", "pageup", "up")
        await pilot.press("escape")
        assert not isinstance(stepper.screen, Open)


async def test_a_link_that_goes_round_hides_no_other_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "loop").symlink_to(tmp_path / "loop")
    (tmp_path / "table.csv").write_text("x,y\n1,2\n3,4\n")
    monkeypatch.chdir(tmp_path)
    async with opened(stepper := on(LECTURE)) as pilot:
        await pilot.press("o")
        assert "table.csv" in screen_text(stepper)


@pytest.mark.parametrize("key", ["1", "4", "5"])
async def test_on_a_large_screen_a_number_key_hides_no_picture(key: str) -> None:
    async with opened(stepper := on(open_table("cars"))) as pilot:
        await pilot.press("space", key)
        text = screen_text(stepper)
        for seen in ("1 cost", "2 cost by epoch", "3 data", "4 gradient by point", "epochs, as printed"):
            assert seen in text
