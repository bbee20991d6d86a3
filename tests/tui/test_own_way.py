"""The learner's own way on the screen: config, choices that are remembered, plain signs, no colours."""

from pathlib import Path

import pytest

from core.beginning import beginning
from core.tables import open_table
from tests.fake_engine import FakeEngine
from tests.tui.stepper import a_stepper, opened, screen_text, until
from tui.app import Stepper
from tui.config.choices import Choices
from tui.config.config import config_at
from tui.config.own_way import OwnWay
from tui.drawing.signs import SAME_WIDTH, choose_plain, plain_cells, plain_line
from tui.keys import KEYS, NAMES

LEAVE = {"quit", "suspend_process"}


def with_way(way: OwnWay) -> Stepper:
    return Stepper(beginning(), lambda data: FakeEngine(), own_way=way)


def way_of(tmp_path: Path, config: str) -> OwnWay:
    (tmp_path / "config.toml").write_text(config)
    return OwnWay(config_at(str(tmp_path / "config.toml")), Choices(str(tmp_path / "state" / "choices")))


async def test_theme_and_speed_of_the_config_hold(tmp_path: Path) -> None:
    async with opened(stepper := with_way(way_of(tmp_path, 'theme = "nord"\nspeed = 20\n'))) as pilot:
        assert stepper.theme == "nord"
        await pilot.press("p")
        await until(pilot, lambda: "playing 20 epochs a second" in screen_text(stepper))
    assert not (tmp_path / "state").exists()


async def test_mistakes_in_the_config_are_told_beside_the_program_that_goes_on(tmp_path: Path) -> None:
    wild = 'thme = 1\n"[@click=app.quit]\\u001b[31m" = 2\nspeed = 4\nascii = 1\n[keys]\na = "x"\nb = "y"\n'
    stepper = with_way(way_of(tmp_path, wild))
    async with stepper.run_test(size=(120, 60), notifications=True) as pilot:
        await until(pilot, lambda: "there is no 'thme'" in screen_text(stepper))
        shown = screen_text(stepper)
        assert "[@click=app.quit]\\x1b[31m" in shown
        assert "gradstep config lists all 6" in shown
        await until(pilot, lambda: len(stepper.descent.tape) > 0)
        await pilot.press("space")
        assert stepper.descent.epoch == 1


async def test_what_is_chosen_in_the_program_holds_until_the_config_says_something_else(tmp_path: Path) -> None:
    async with opened(stepper := with_way(way_of(tmp_path, 'theme = "nord"\nlanguage = "en"\n'))) as pilot:
        stepper.theme = "dracula"
        await pilot.press("L")
        await until(pilot, lambda: (tmp_path / "state" / "choices").exists())
    same = way_of(tmp_path, '# the same\nlanguage = "en"\ntheme = "nord"\n')
    assert (same.choice("theme"), same.choice("language")) == ("dracula", "ko")
    other = way_of(tmp_path, 'theme = "gruvbox"\nlanguage = "en"\n')
    assert (other.choice("theme"), other.choice("language")) == ("gruvbox", "ko")
    without = way_of(tmp_path, "")
    assert (without.choice("theme"), without.choice("language")) == ("", "")


async def test_a_choice_taken_back_is_remembered_too(tmp_path: Path) -> None:
    async with opened(stepper := with_way(way_of(tmp_path, ""))):
        stepper.theme = "dracula"
        stepper.theme = "textual-dark"
    stepper.own_way.write()
    assert way_of(tmp_path, "").choice("theme") == "textual-dark"


@pytest.mark.parametrize(
    "damage",
    [b"", b"theme", b"theme\tnord", b"\xff\xfe\x00", b"theme\tno such\t\n", b"x" * 100_000, b"[@click]\t\x1b\t\n"],
)
async def test_a_damaged_file_of_choices_is_none_and_is_written_anew(tmp_path: Path, damage: bytes) -> None:
    (tmp_path / "state").mkdir()
    (tmp_path / "state" / "choices").write_bytes(damage)
    async with opened(stepper := with_way(way_of(tmp_path, ""))):
        assert stepper.theme == "textual-dark"
        stepper.theme = "nord"
    stepper.own_way.write()
    assert way_of(tmp_path, "").choice("theme") == "nord"


async def test_a_place_that_cannot_be_written_stops_nothing(tmp_path: Path) -> None:
    way = way_of(tmp_path, "")
    (tmp_path / "state").write_text("a file where the folder should be")
    async with opened(stepper := with_way(way)) as pilot:
        stepper.theme = "nord"
        await pilot.press("space")
        assert stepper.descent.epoch == 1
    stepper.own_way.write()
    assert (tmp_path / "state").read_text() == "a file where the folder should be"


def not_plain(text: str) -> set[str]:
    """What is neither ASCII nor a Korean letter."""
    return {character for character in text if not character.isascii() and not "가" <= character <= "힣"}


@pytest.mark.parametrize("size", [(120, 36), (80, 24), (40, 10)])
@pytest.mark.parametrize("table", ["lecture", "mtcars"])
async def test_every_panel_is_drawn_with_plain_signs(table: str, size: tuple[int, int]) -> None:
    choose_plain(True)
    stepper = Stepper(beginning(open_table(table)), lambda data: FakeEngine())
    async with opened(stepper, size) as pilot:
        for keys in (
            "",
            "enter enter enter enter",
            "space space",
            "m space k enter",
            "r space",
            "7",
            "t",
            "z",
            "6",
            "1",
        ):
            await pilot.press(*keys.split())
            await pilot.pause()
            assert not_plain(screen_text(stepper)) == set(), screen_text(stepper)
        for _ in range(30):
            await pilot.press("}")
        await pilot.press("pagedown", "pagedown")
        await pilot.pause()
        assert not_plain(screen_text(stepper)) == set(), screen_text(stepper)
        assert not_plain(stepper.export_screenshot()) <= {"\xa0"}


@pytest.mark.parametrize("key", [key for key in KEYS if key.action not in LEAVE], ids=lambda key: str(key.id))
async def test_what_a_key_brings_is_drawn_with_plain_signs(
    key: object, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)  # an empty folder for the dialog that lists its files
    choose_plain(True)
    (name, *_) = key.keys  # type: ignore[attr-defined]
    async with opened(stepper := a_stepper()) as pilot:
        await pilot.press("space", "enter", NAMES.get(name, name))
        await pilot.pause()
        left = not_plain(screen_text(stepper)) - set("ㅜㅡ")
        assert left == set(), screen_text(stepper)
        assert all(len(line) <= 120 for line in screen_text(stepper).splitlines())


def test_marks_that_stand_side_by_side_stay_different() -> None:
    for marks in ("●○×▶◀", "◌▲■◆▼△□◇▽", "✓≈▶", "├┼╂●─╌", "→↑←↓"):
        assert len({plain_cells(mark) for mark in marks}) == len(marks), marks


@pytest.mark.parametrize(
    ("dots", "plain"),
    [("⠉⠒", "''"), ("⣀⠤⡠", "..."), ("⡇⢸", "||"), ("⢣⠱", "\\\\"), ("⡜⡰", "//"), ("⣿", "#"), ("⠶", "-"), ("\u2800", " ")],
)
def test_braille_becomes_the_character_of_its_shape(dots: str, plain: str) -> None:
    assert plain_cells(dots) == plain


def test_letters_stay_and_lines_have_more_room() -> None:
    assert plain_cells("W 0.360 → 계산 é점수") == "W 0.360 > 계산 é점수"
    assert plain_line("0.360 → 0.488 …") == "0.360 -> 0.488 ..."
    assert all(value.isascii() for value in SAME_WIDTH.values())
