"""What may import what, and what is imported when: a static graph can't tell a deferred import."""

import subprocess
import sys

import pytest


def modules_after(code: str) -> set[str]:
    program = f"import sys\n{code}\nprint(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    return set(done.stdout.splitlines()[-1].split())


def test_the_import_contracts_hold() -> None:
    done = subprocess.run(
        [sys.executable, "-c", "from importlinter.cli import lint_imports_command; lint_imports_command()"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout


@pytest.mark.parametrize("arguments", ["--help", "--version", "run --help", "--lr x"])
def test_help_version_and_mistakes_import_neither_torch_nor_textual(arguments: str) -> None:
    code = f"sys.argv = ['gradstep', *{arguments.split()!r}]\nfrom tui.__main__ import main\n"
    modules = modules_after(f"{code}try: main()\nexcept SystemExit: pass")
    assert not {"torch", "textual", "numpy", "msgspec", "asyncio.events"} & modules


def test_the_first_frame_imports_no_torch_numpy_msgspec_lessons_or_catalogue() -> None:
    modules = modules_after("import tui.language\ntui.language.set_start_language([])\nimport tui.start, tui.app")
    modules |= modules_after("import tui.terminal, tui.app")
    assert not {"torch", "numpy", "msgspec", "gettext", "tui.panels.lesson", "tui.screens.lessons"} & modules
    assert not {name for name in modules if name.startswith(("tui.lessons", "core.study.goals", "core.session"))}


@pytest.mark.parametrize("module", ["core.descent", "core.engine.answers", "core.export.formats"])
def test_the_core_knows_no_screen(module: str) -> None:
    assert not {"textual", "rich", "click", "tui"} & modules_after(f"import {module}")
