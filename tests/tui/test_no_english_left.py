"""Nothing that a person reads escapes the catalogue: in a pseudo-language, plain letters are the code's or the data's.

These tests find what is missing in a new feature, too: every key is pressed, and what is on the screen then is read.
"""

from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from textual.events import DeliveryComplete

import tui
from core.beginning import beginning
from core.descent import Descent
from core.language import speak
from core.tables import BUILT_IN, open_table
from tests.fake_engine import FakeEngine
from tests.pseudo import Pseudo, plain_words
from tests.tui.stepper import opened, screen_text, until
from tui.app import Stepper
from tui.keys import KEYS, NAMES, Key
from tui.screens.export import ABOUT

LESSONS = Path(tui.__file__).parent / "lessons"

CODE = {"W", "b", "H", "x", "y", "lr", "m", "s", "epoch", "epochs", "cost", "gradient", "update", "inf", "nan"}
METHODS = {"manual", "optim", "autograd", "sum", "mean"}
LEAVE = {"quit", "suspend_process"}
TALL = (120, 160)
"""A screen that the whole help fits on."""


def words_of(descent: Descent) -> set[str]:
    """The words of the program, its file, its weights and its table: the same in every language."""
    listing, data = descent.knobs.listing, descent.data
    program = " ".join((listing.path, listing.text, listing.formula, *descent.names, *descent.names_of("gradient")))
    table = " ".join(map(str, (data.name, *data.inputs, data.target)))
    return plain_words(f"{program} {table} gradstep") | CODE | METHODS


EXPORTS = plain_words(" ".join(ABOUT)) | {"lr0"}
"""The endings of files, and lr0.1 in the name of one."""

LESSON_WORDS = plain_words(" ".join(path.read_text(encoding="utf-8") for path in LESSONS.glob("*.md")))
KEY_NAMES = plain_words(" ".join(key.shown for key in KEYS))


def left_in(stepper: Stepper) -> set[str]:
    """The words on the screen in plain letters that are neither the program's nor the table's nor keys."""
    known = words_of(stepper.descent) | KEY_NAMES | EXPORTS | plain_words(" ".join((*BUILT_IN, str(Path.cwd()))))
    left = plain_words(screen_text(stepper)) - known
    return {word for word in left if not any(name.startswith(word) for name in known)}  # a panel's edge cuts words


@pytest.fixture
def _pseudo(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    speak(Pseudo())
    with TemporaryDirectory() as folder:  # empty for the dialog that lists files, short so that no path is cut
        monkeypatch.chdir(folder)
        yield
        monkeypatch.undo()


@pytest.mark.usefixtures("_pseudo")
@pytest.mark.parametrize("size", [(120, 36), (80, 24), (40, 10), (39, 9)])
@pytest.mark.parametrize(("table", "bias"), [("lecture", False), ("lecture", True), ("mtcars", True)])
async def test_the_panels_say_nothing_in_plain_letters(table: str, bias: bool, size: tuple[int, int]) -> None:
    stepper = Stepper(beginning(open_table(table), bias), lambda data: FakeEngine())
    async with opened(stepper, size) as pilot:
        for keys in (
            "",
            "enter",
            "enter",
            "enter",
            "enter",
            "space space m enter enter enter",
            "z",
            "} } } } pagedown",
        ):
            await pilot.press(*keys.split())
            await pilot.pause()
            assert left_in(stepper) == set(), screen_text(stepper)
        for _ in range(30):
            await pilot.press("}")
        await pilot.press("pagedown", "pagedown")
        await pilot.pause()
        assert left_in(stepper) == set(), screen_text(stepper)


@pytest.mark.usefixtures("_pseudo")
async def test_textuals_own_words_are_looked_up() -> None:
    stepper = Stepper(Descent(), lambda data: FakeEngine())
    async with stepper.run_test(size=(200, 60), notifications=True) as pilot:
        await pilot.press("ctrl+c")
        await until(pilot, lambda: Pseudo().gettext("Do you want to quit?") in screen_text(stepper))
        assert left_in(stepper) == set(), screen_text(stepper)
        stepper.post_message(DeliveryComplete("", Path("picture.svg"), "screenshot"))
        await until(pilot, lambda: Pseudo().gettext("Saved screenshot to ") in screen_text(stepper))
        assert left_in(stepper) <= {"picture", "svg"}, screen_text(stepper)
        await pilot.press("ctrl+p", *"zzz")
        await until(pilot, lambda: Pseudo().gettext("No matches found") in screen_text(stepper))
        assert left_in(stepper) <= {"picture", "svg", "zzz"}, screen_text(stepper)


@pytest.mark.usefixtures("_pseudo")
@pytest.mark.parametrize("key", [key for key in KEYS if key.action not in LEAVE], ids=lambda key: str(key.action))
async def test_what_a_key_brings_says_nothing_in_plain_letters(key: Key) -> None:
    # the lessons are Markdown, in files of their own for each language
    texts = LESSON_WORDS if key.action.startswith("lessons") else set[str]()
    stepper = Stepper(Descent(), lambda data: FakeEngine())
    async with opened(stepper, TALL) as pilot:
        await pilot.press("space", "enter", NAMES.get(key.keys[0], key.keys[0]))
        await pilot.pause()
        assert left_in(stepper) - texts == set(), screen_text(stepper)
        await pilot.press("9", "?", "enter")  # what a dialog says of a mistake
        await pilot.pause()
        assert left_in(stepper) - texts == set(), screen_text(stepper)
