"""What is imported when: a fresh process and its sys.modules, for a static graph can't tell a deferred import."""

import subprocess
import sys

import pytest


def modules_after(code: str) -> set[str]:
    program = f"import sys\n{code}\nprint(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    return set(done.stdout.splitlines()[-1].split())


@pytest.mark.parametrize(
    "module",
    ["core.listing", "core.descent", "core.landscape", "core.lecture", "tui.app", "tui.drawing.charts", "tui.terminal"],
)
def test_torch_and_numpy_are_not_imported_for_the_first_frame(module: str) -> None:
    assert not {"torch", "numpy"} & modules_after(f"import {module}")


@pytest.mark.parametrize("module", ["core.descent", "core.epoch"])
def test_the_core_knows_no_screen(module: str) -> None:
    assert not {"textual", "rich", "click", "tui"} & modules_after(f"import {module}")


@pytest.mark.parametrize("arguments", ["--help", "--version", "run --help", "--lr x", "run --epochs -1", "--nonsense"])
def test_help_version_and_mistakes_import_neither_torch_nor_textual(arguments: str) -> None:
    code = (
        f"import tui.command_line.cli\nsys.argv = ['gradstep', *{arguments.split()!r}]\n"
        "try: tui.command_line.cli.command_line()\nexcept SystemExit: pass"
    )
    assert not {"torch", "textual", "numpy"} & modules_after(code)


def test_nothing_of_the_lessons_is_imported_for_the_first_frame() -> None:
    modules = modules_after("import tui.app, tui.start")
    assert not {name for name in modules if name.startswith(("tui.lessons", "core.study.goals"))}
    assert not {"tui.panels.lesson", "tui.screens.lessons", "core.study.history", "json"} & modules


def test_english_needs_no_catalogue() -> None:
    code = "import tui.language\ntui.language.begin_speaking([])\nimport tui.app"
    assert not {"gettext", "babel"} & modules_after(code)
