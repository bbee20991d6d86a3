"""What only a real terminal shows: start, signals, suspension, bad bytes, absurd sizes, and the terminal afterwards."""

import os
import re
import signal
import sys
import time
from pathlib import Path

import pytest

from tests.tty.terminal import GRADSTEP, Terminal, opened


def ready(terminal: Terminal) -> Terminal:
    """Wait until torch is there: the ruler has its marks, and the first row its cost."""
    terminal.wait_for("1/7 edge")
    terminal.wait_for("4.666667")
    return terminal


def test_ten_times_space_brings_the_lectures_table_into_being() -> None:
    with opened() as terminal:
        terminal.wait_for("cost(W)")
        terminal.press(b" " * 10)
        terminal.wait_for("epoch 10 · W 1.000", seconds=60)
        terminal.wait_for("swings across, and settles")
        rows = [line for line in terminal.text.splitlines() if "✓" in line]
        assert len(rows) == 11
        assert re.search(r"3 +manual +0\.1 +1\.064 +0\.019115 +\+0\.896 +-0\.090 +✓", rows[3])
        terminal.press(b"q")
        assert terminal.leave() == 0
        assert terminal.is_as_it_was


def test_every_key_of_the_footer_does_what_it_promises() -> None:
    with opened() as terminal:
        ready(terminal)
        for key, seen in (
            (b" ", "epoch 1 · W 1.400"),
            (b"\r", "epoch 1 · hypothesis"),
            (b"\x1b[D", "epoch 1 · W 1.400"),
            (b"m", "optimizer.step()"),
            (b"]", "lr 0.2"),
            (b"m", "W -= lr * gradient"),
            (b"g", "2 * torch.mean"),
            (b"p", "playing"),
            (b"p", "epoch"),
            (b"?", "Go back, exactly"),
            (b"\x1b", "cost by epoch"),
            ("ㅡ".encode(), "optimizer.step()"),
        ):
            terminal.press(key)
            terminal.wait_for(seen)
        terminal.press(b"q")
        assert terminal.leave() == 0


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP, signal.SIGINT])
@pytest.mark.parametrize("moment", ["starting", "first frame", "playing"])
def test_a_signal_ends_it_with_128_and_its_number_and_the_terminal_as_it_was(
    number: signal.Signals, moment: str
) -> None:
    with opened() as terminal:
        if moment == "starting":
            time.sleep(0.15)
        elif moment == "first frame":
            terminal.wait_for("cost(W)")
        else:
            ready(terminal).press(b"p+++")
            terminal.wait_for("epoch 2")
        terminal.send_signal(number)
        assert terminal.leave(seconds=2) == 128 + number
        assert terminal.is_as_it_was
        assert b"Traceback" not in terminal.output


def test_a_closed_terminal_ends_it() -> None:
    terminal = Terminal(GRADSTEP, (100, 30), {})
    terminal.wait_for("cost(W)")
    os.close(terminal.slave)
    os.close(terminal.master)
    assert terminal.process.wait(5) == 128 + signal.SIGHUP


@pytest.mark.parametrize("how", ["key", "signal"])
def test_it_is_suspended_and_goes_on_where_it_was(how: str) -> None:
    with opened() as terminal:
        ready(terminal).press(b" ")
        terminal.wait_for("epoch 1")
        if how == "key":
            terminal.press(b"\x1a")
        else:
            terminal.send_signal(signal.SIGTSTP)
        terminal.wait_until(lambda: _state(terminal.process.pid) == "T", "stopped")
        while terminal.read(0.1):
            pass
        assert terminal.is_as_it_was
        terminal.send_signal(signal.SIGCONT)
        terminal.press(b" ")
        terminal.wait_for("epoch 2")
        terminal.press(b"q")
        assert terminal.leave() == 0
        assert terminal.is_as_it_was


def test_a_stray_sigcont_and_bytes_that_are_no_keys_do_no_harm() -> None:
    with opened() as terminal:
        ready(terminal)
        terminal.send_signal(signal.SIGCONT)
        terminal.press(b"\xff\xfe\x9b\x00\x1b[<99999;0;0M\x1b[48;0;0;0;0t\x1b[<0;5;5M\x1b[999~")
        terminal.press(b" ")
        terminal.wait_for("epoch 1")
        terminal.press(b"\x11")
        assert terminal.leave() == 0
        assert terminal.is_as_it_was


def test_a_flood_of_keys_is_worked_off() -> None:
    with opened() as terminal:
        ready(terminal).press(b" " * 300)
        terminal.wait_for("epoch 300", seconds=60)


def test_it_survives_any_size_and_says_how_much_room_it_needs() -> None:
    with opened() as terminal:
        ready(terminal)
        for size in ((1, 1), (300, 1), (1, 200), (20, 5), (500, 200), (0, 0), (30, 8)):
            terminal.resize(*size)
            terminal.read(0.2)
        terminal.wait_until(lambda: b"needs 40 x 10" in terminal.output, "the room it needs")
        terminal.resize(120, 36)
        terminal.press(b" ")
        terminal.wait_for("epoch 1 · W 1.400")


@pytest.mark.parametrize("columns", ["99999", "1", "abc", "-5"])
def test_an_absurd_columns_variable_has_no_say(columns: str) -> None:
    with opened(env={"COLUMNS": columns, "LINES": columns}) as terminal:
        terminal.wait_for("cost(W)")
        terminal.press(b"q")
        assert terminal.leave() == 0


@pytest.mark.parametrize("variable", ["LC_ALL", "PYTHONIOENCODING"])
def test_a_locale_that_cannot_write_hangul_has_no_say(variable: str) -> None:
    with opened(env={variable: "ascii" if variable == "PYTHONIOENCODING" else "C", "PYTHONUTF8": "0"}) as terminal:
        terminal.wait_for("cost(W)")
        assert "계산".encode() in terminal.output


def looks_of(terminal: Terminal) -> set[bytes]:
    """The parameters of every sequence that sets a colour or a style."""
    return {part for found in re.findall(rb"\x1b\[([0-9;:]*)m", terminal.output) for part in found.split(b";")}


def test_no_color_leaves_bold_dim_underlined_and_reversed_text() -> None:
    with opened(env={"NO_COLOR": "1"}) as terminal:
        ready(terminal)
        terminal.press(b" ")
        terminal.wait_for("epoch 1")
        lit = next(row for row, line in enumerate(terminal.screen.display) if line[1:].startswith("▶"))
        assert all(cell.bold for cell in [terminal.screen.buffer[lit][column] for column in range(1, 20)])
        terminal.press(b"?")
        terminal.wait_for("Go back, exactly")
        terminal.press(b"\x1b")
        terminal.wait_for("cost by epoch")
        terminal.press(b"x")
        terminal.wait_for("the slide's 2 * mean")
        row = next(row for row, line in enumerate(terminal.screen.display) if "the slide's 2 * mean" in line)
        column = terminal.screen.display[row].index("the slide's")
        terminal.wait_until(lambda: terminal.screen.buffer[row][column].reverse, "the chosen line is reversed")
        assert not terminal.screen.buffer[row + 1][column].reverse
        terminal.press(b"\x11")
        assert terminal.leave() == 0
        assert looks_of(terminal) <= {b"", b"0", b"1", b"2", b"3", b"4", b"7"}


def test_an_empty_no_color_says_nothing() -> None:
    with opened(env={"NO_COLOR": ""}) as terminal:
        ready(terminal)
        assert b"38" in looks_of(terminal)


def test_theme_language_and_keys_of_the_config_hold_and_what_is_chosen_here_holds_next_time(tmp_path: Path) -> None:
    config = tmp_path / "config.toml"
    config.write_text('theme = "textual-light"\nlanguage = "ko"\nnonsense = 1\n[keys]\nnext_epoch = "x"\n')
    env = {"GRADSTEP_CONFIG": str(config)}
    with opened(env=env) as terminal:
        terminal.wait_for("config.toml")  # the mistake is told
        terminal.wait_for("재생")  # play, in the footer
        terminal.press(b"x")
        terminal.wait_for("1.400")
        terminal.press(b"L")
        terminal.wait_for("restart")
        terminal.press(b"q")
        assert terminal.leave() == 0
    with opened(env=env) as terminal:
        terminal.wait_for("restart")
        terminal.press(b"\x11")
        assert terminal.leave() == 0
    config.write_text('language = "en"\n')
    with opened(env=env) as terminal:
        terminal.wait_for("restart")
        terminal.press(b"\x11")
        assert terminal.leave() == 0
    config.write_text('language = "ko"\n[start]\ndata = "cars"\nmethod = "optim"\n')
    with opened(env=env) as terminal:  # what the file says now was said when English was chosen
        terminal.wait_for("cars")
        terminal.wait_for("optim (autograd)")
        terminal.press(b"\x11")
        assert terminal.leave() == 0


def test_ascii_brings_nothing_but_ascii_and_hangul_letters() -> None:
    with opened((*GRADSTEP, "--ascii")) as terminal:
        ready(terminal)
        terminal.press(b"  ?")
        terminal.wait_for("Go back, exactly")
        terminal.press(b"\x11")
        assert terminal.leave() == 0
        assert re.sub(r"[\x00-\x7f가-힣ㄱ-ㅣ]", "", terminal.output.decode()) == ""


@pytest.mark.parametrize("term", [None, "", "dumb"])
def test_a_terminal_that_can_show_nothing_is_told_of_run(term: str | None) -> None:
    with opened(env={"TERM": term}) as terminal:
        assert terminal.leave() == 2
        assert terminal.output == (
            b"gradstep: TERM names no terminal that can show the stepper; "
            b"'gradstep run' prints the epochs without a screen\r\n"
        )


def test_where_torch_cannot_be_imported_the_rest_lives(tmp_path: Path) -> None:
    (tmp_path / "torch.py").write_text("raise ImportError('a broken installation')")
    with opened(env={"PYTHONPATH": f"{tmp_path}{os.pathsep}{os.getcwd()}"}) as terminal:
        terminal.wait_for(
            "torch can't be loaded, so no epoch can run; try pip install torch (ImportError: a broken installation)"
        )
        terminal.press(b"?")
        terminal.wait_for("Go back, exactly")
        terminal.press(b"\x1b")
        terminal.wait_for("cost by epoch")
        terminal.press(b"q")
        assert terminal.leave() == 0


def test_a_failure_inside_ends_with_a_sentence_and_the_terminal_as_it_was() -> None:
    program = (
        "import tui.app, tui.engine.moves\n"
        "tui.engine.moves.MOVES['next_epoch'] = lambda descent: 1 // 0\n"
        "from tui.command_line.cli import command_line\n"
        "command_line()"
    )
    with opened((sys.executable, "-c", program)) as terminal:
        ready(terminal).press(b" ")
        assert terminal.leave() == 1
        assert terminal.is_as_it_was
        end = terminal.output[terminal.output.rindex(b"\x1b[?1049l") :]
        assert b"gradstep: something went wrong inside gradstep (ZeroDivisionError" in end
        assert b"Traceback" not in terminal.output


def _state(pid: int) -> str:
    """The state of a process: T where it is stopped."""
    return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]


def test_a_spreadsheets_file_opens_learns_and_can_be_stepped(tmp_path: Path) -> None:
    path = tmp_path / "성적.csv"
    path.write_bytes("시간;점수\r\n1;12\r\n2;19\r\n;\r\n4;42\r\n".encode("cp949"))
    with opened((*GRADSTEP, "--data", str(path))) as terminal:
        terminal.wait_for("edge")
        terminal.wait_for("epoch 0")
        terminal.press(b"   ")
        terminal.wait_for("epoch 3 · W")
        terminal.press(b"o")
        terminal.wait_for("built-in table")
        terminal.press(b"\x1b[B")
        terminal.press(b"\r")
        terminal.wait_for("the lecture's data, 3 rows")
        terminal.wait_for("1/7 edge")
        terminal.press(b" ")
        terminal.wait_for("epoch 1 · W 1.400")
        terminal.press(b"q")
        assert terminal.leave() == 0
        assert terminal.is_as_it_was


def test_a_run_that_goes_far_stops_at_once_and_keeps_every_epoch() -> None:
    with opened((*GRADSTEP, "--lr", "1e-9")) as terminal:
        ready(terminal)
        terminal.press(b"f")
        terminal.wait_for("Run to epoch")
        terminal.press(b"9000000\r")
        terminal.wait_for("of the way to epoch 9,000,000")
        terminal.press(b"\x1b")
        terminal.wait_for("stopped at epoch")
        stopped = re.search(r"stopped at epoch ([0-9,]+)", terminal.text)
        assert stopped
        epoch = int(stopped[1].replace(",", ""))
        assert epoch > 0
        terminal.press(b"\x1b[H")
        terminal.wait_for("epoch 0 ")
        terminal.press(b"\x1b[F")
        terminal.wait_for(f"epoch {epoch}")
