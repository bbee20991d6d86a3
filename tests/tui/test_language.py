"""Which language is spoken, and that the screen follows."""

from gettext import NullTranslations
from pathlib import Path

import pytest
from rich.cells import cell_len
from textual.pilot import Pilot

from core.beginning import beginning
from core.language import Sentence, _, speak
from core.tables import open_table
from tests.fake_engine import FakeEngine
from tests.tui.stepper import a_stepper, held_back, opened, screen_text, until
from tui.app import Stepper
from tui.drawing.rows import Row, cells_of
from tui.language import asked_for, language_of, speak_language
from tui.panels.epochs import Epochs
from tui.panels.gradient import Gradient
from tui.panels.panel import Panel


@pytest.mark.parametrize(
    ("environment", "language"),
    [
        ({}, "en"),
        ({"LANG": "ko_KR.UTF-8"}, "ko"),
        ({"LANG": "ko"}, "ko"),
        ({"LANG": "en_US.UTF-8"}, "en"),
        ({"LANG": "fr_FR.UTF-8"}, "en"),
        ({"LANG": "ko_KR.UTF-8", "LC_MESSAGES": "en_US.UTF-8"}, "en"),
        ({"LANG": "en_US.UTF-8", "LC_MESSAGES": "ko_KR.UTF-8@x"}, "ko"),
        ({"LANG": "ko_KR.UTF-8", "LC_ALL": "C"}, "en"),
        ({"LANG": "ko_KR.UTF-8", "LC_ALL": "C.UTF-8"}, "en"),
        ({"LANG": "ko_KR.UTF-8", "LC_ALL": ""}, "ko"),
        ({"LANG": "en_US.UTF-8", "LANGUAGE": "ko:en"}, "ko"),
        ({"LANG": "en_US.UTF-8", "LANGUAGE": "fr:ko_KR:en"}, "ko"),
        ({"LANG": "ko_KR.UTF-8", "LANGUAGE": "en"}, "en"),
        ({"LANG": "ko_KR.UTF-8", "LANGUAGE": "fr"}, "ko"),
        ({"LANG": "C", "LANGUAGE": "ko"}, "en"),
        ({"LANGUAGE": "ko"}, "en"),
    ],
)
def test_the_locale_chooses_the_language_as_gettext_has_it(environment: dict[str, str], language: str) -> None:
    assert language_of(environment) == language


@pytest.mark.parametrize(
    ("line", "language"),
    [
        ("", ""),
        ("--lang ko", "ko"),
        ("--lang=en run", "en"),
        ("run --lr 0.1 --lang ko", "ko"),
        ("--lang en run --lang=ko", "ko"),
        ("--lang=ko run --lang en", "en"),
        ("--lang fr", ""),
        ("--lang", ""),
        ("check -- --lang ko", ""),
    ],
)
def test_the_command_line_asks_for_a_language_before_or_after_the_command(line: str, language: str) -> None:
    assert asked_for(line.split()) == language


class Shouted(NullTranslations):
    def gettext(self, message: str) -> str:
        return message.upper()


def test_a_kept_sentence_follows_the_language() -> None:
    kept = Sentence(lambda: _("Help"))
    assert str(kept) == kept == "Help"
    speak(Shouted())
    assert f"{kept}" == "HELP"
    speak(None)
    assert f"{kept}" == "Help"


def a_run(table: str, bias: bool) -> Stepper:
    return Stepper(beginning(open_table(table), bias), lambda data: FakeEngine())


STATES = ("", "enter", "enter", "enter", "enter", "space space m space enter", "z", "r } } } } pagedown", "]", "r g")
"""Keys, one after the other; what the screen shows after each is looked at."""


@pytest.mark.parametrize(("table", "bias"), [("lecture", False), ("lecture", True), ("mtcars", True)])
async def test_the_key_l_draws_everything_in_the_other_language_and_back(table: str, bias: bool) -> None:
    async with opened(a_run(table, bias)) as pilot:
        english = [await shown_after(pilot, "")]
        for keys in STATES:
            english.append(await shown_after(pilot, keys))
            korean = await shown_after(pilot, "L")
            assert "강의" in korean or table != "lecture"
            assert korean != english[-1]
            assert await shown_after(pilot, "L") == english[-1]
    speak_language("ko")
    async with opened(a_run(table, bias)) as pilot:
        assert await shown_after(pilot, "") == await shown_after(pilot, "L L")
        for keys, before in zip(STATES, english[1:], strict=True):
            korean = await shown_after(pilot, keys)
            assert await shown_after(pilot, "L") == before
            assert await shown_after(pilot, "L") == korean


async def shown_after(pilot: Pilot[None], keys: str) -> str:
    await pilot.press(*keys.split())
    await pilot.pause()
    assert isinstance(pilot.app, Stepper)
    return screen_text(pilot.app)


async def test_the_help_follows_the_key_l_too() -> None:
    async with opened(a_run("lecture", False)) as pilot:
        english = await shown_after(pilot, "?")
        assert "Run one epoch" in english
        assert "한 epoch씩" in await shown_after(pilot, "L")
        assert await shown_after(pilot, "L") == english
        assert "강의 데이터" in await shown_after(pilot, "L escape")


async def test_what_the_program_is_doing_is_said_in_the_other_language() -> None:
    loaded, load = held_back()
    stepper = a_stepper(load=load)
    async with stepper.run_test() as pilot:
        assert "loading torch" in await shown_after(pilot, "")
        assert "torch를 불러오는 중" in await shown_after(pilot, "L")
        assert "누른 키 2개" in await shown_after(pilot, "space space")
        assert "2 of your keys" in await shown_after(pilot, "L")
        loaded.set()
        await until(pilot, lambda: stepper.conductor.is_warm)
        assert "at the top" not in await shown_after(pilot, "r")
        assert "playing 3 epochs" in await shown_after(pilot, "p")
        assert "재생 중" in await shown_after(pilot, "L")
        assert "playing" not in await shown_after(pilot, "escape L")


async def test_a_notice_of_a_files_reader_follows(tmp_path: Path) -> None:
    (tmp_path / "fine.csv").write_text("x,y\n0.1,16777217\n2,3\n")
    data = open_table(str(tmp_path / "fine.csv"))
    async with opened(Stepper(beginning(data), lambda data: FakeEngine()), (160, 36)) as pilot:
        assert "line 2: 16777217 becomes 16777216 in float32" in await shown_after(pilot, "")
        assert "2행: 16777217" in await shown_after(pilot, "L")


@pytest.mark.parametrize("size", [(120, 36), (80, 24), (40, 10)])
@pytest.mark.parametrize(("table", "bias"), [("lecture", False), ("lecture", True), ("mtcars", True)])
async def test_korean_fills_each_row_and_is_cut_where_english_is(table: str, bias: bool, size: tuple[int, int]) -> None:
    stepper = a_run(table, bias)
    async with opened(stepper, size) as pilot:
        for keys in STATES:
            await shown_after(pilot, keys)
            english = overlong(stepper)
            for line in (await shown_after(pilot, "L")).splitlines():
                assert cell_len(line) == size[0]
            assert overlong(stepper) <= english
            assert columns_end_below_their_headings(stepper, Epochs)
            assert columns_end_below_their_headings(stepper, Gradient)
            await shown_after(pilot, "L")


def overlong(stepper: Stepper) -> set[str]:
    """The panels on the screen that have a row which is too wide for them."""
    return {
        type(panel).__name__
        for panel in stepper.query(Panel)
        if panel.size and any(sum(cell_len(text) for text, _ in row) > panel.content_size.width for row in panel._rows)
    }


def columns_end_below_their_headings(stepper: Stepper, kind: type[Panel]) -> bool:
    """Whether each number in the first rows of a table ends where a heading does."""
    panel = stepper.query_one(kind)
    heading, *rows = [ends_in(row[:1]) for row in panel._rows[:4]] if panel.size else [set[int]()]
    return all(row <= heading for row in rows)


def ends_in(row: Row) -> set[int]:
    """The cells at which a word ends; the sign and the name in the first ones have no heading."""
    cells = [*cells_of("".join(text for text, _ in row)), " "]
    return {cell for cell in range(5, len(cells) - 1) if cells[cell] != " " and cells[cell + 1] == " "}
