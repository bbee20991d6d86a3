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
    """Wait until the engine has answered: the ruler has its marks, and the first row its cost."""
    terminal.wait_for("1/7 edge")
    terminal.wait_for("4.666667")
    return terminal


def children(pid: int) -> list[int]:
    return [
        int(child) for task in Path(f"/proc/{pid}/task").iterdir() for child in (task / "children").read_text().split()
    ]


def is_running(pid: int) -> bool:
    return os.path.exists(f"/proc/{pid}/exe")


def test_ten_times_space_brings_the_lectures_table_into_being() -> None:
    with opened() as terminal:
        terminal.wait_for("cost(W)")
        terminal.press(b" " * 10)
        terminal.wait_for("epoch 10 · W 1.000", seconds=60)
        terminal.wait_for("swings across, and settles")
        rows = [line for line in terminal.text.splitlines() if "✓" in line]
        assert len(rows) == 11
        assert re.search(r"3 +manual +0\.1 +1\.064 +0\.019115 +\+0\.8960 +-0\.08960 +✓", rows[3])
        maps = Path(f"/proc/{terminal.process.pid}/maps").read_text()
        assert "torch" not in maps
        assert "numpy" not in maps
        terminal.press(b"q")
        assert terminal.leave() == 0
        assert terminal.is_as_it_was


@pytest.mark.parametrize(
    ("moment", "number"),
    [("starting", signal.SIGINT), ("first frame", signal.SIGTERM), ("playing", signal.SIGHUP)],
)
def test_a_signal_ends_it_with_128_and_its_number_and_the_terminal_as_it_was(
    moment: str, number: signal.Signals
) -> None:
    with opened() as terminal:
        if moment == "starting":
            time.sleep(0.15)
        elif moment == "first frame":
            terminal.wait_for("cost(W)")
        else:
            ready(terminal).press(b"p+++")
            terminal.wait_for("epoch 2")
        engines = children(terminal.process.pid)
        terminal.send_signal(number)
        assert terminal.leave(seconds=5) == 128 + number
        assert terminal.is_as_it_was
        assert b"Traceback" not in terminal.output
        terminal.wait_until(lambda: not any(map(is_running, engines)), "the engine's end")


def test_a_closed_terminal_ends_it_and_its_engine() -> None:
    terminal = Terminal(GRADSTEP, (100, 30), {})
    terminal.wait_for("cost(W)")
    (engine,) = children(terminal.process.pid)
    os.close(terminal.slave)
    os.close(terminal.master)
    assert terminal.process.wait(5) == 128 + signal.SIGHUP
    _wait_for_the_end(engine)


def test_a_stepper_that_is_killed_leaves_no_engine_behind() -> None:
    with opened() as terminal:
        ready(terminal).press(b" ")
        terminal.wait_for("epoch 1")
        (engine,) = children(terminal.process.pid)
        terminal.send_signal(signal.SIGKILL)
        terminal.process.wait(5)
        _wait_for_the_end(engine)


def _wait_for_the_end(pid: int) -> None:
    end = time.monotonic() + 10
    while is_running(pid):
        assert time.monotonic() < end
        time.sleep(0.05)


def rows_of(terminal: Terminal) -> list[str]:
    """The rows of the table of epochs."""
    return [row[2:76] for row in terminal.text.splitlines() if " manual  " in row[:76] and row[2:10].strip().isdigit()]


def test_an_engine_that_is_killed_is_said_in_a_sentence_and_the_run_goes_on_bit_for_bit() -> None:
    with opened() as terminal:
        ready(terminal).press(b" " * 6)
        terminal.wait_for("epoch 6")
        terminal.press(b"\x1b[H")
        terminal.wait_for("epoch 0 ")
        (engine,) = children(terminal.process.pid)
        os.kill(engine, signal.SIGKILL)
        terminal.press(b"r")
        terminal.wait_for("killed by signal 9")
        terminal.press(b"\x1b[H" + b" " * 6)
        terminal.wait_for("epoch 6")
        terminal.wait_for("0.000078")
        assert children(terminal.process.pid) != [engine]
        terminal.press(b"q")
        assert terminal.leave() == 0


def test_a_loop_without_an_end_is_stopped_and_the_screen_lives() -> None:
    with opened() as terminal:
        ready(terminal).press(b" f")
        terminal.wait_for("Run to epoch")
        terminal.press(b"90000000\r")
        terminal.wait_for("of the way to epoch 90,000,000")
        terminal.press(b"\x1b")
        terminal.wait_for("stopped at epoch")
        stopped = re.search(r"stopped at epoch ([0-9,]+)", terminal.text)
        assert stopped
        terminal.press(b"\x1b[H")
        terminal.wait_for("epoch 0 ")
        terminal.press(b"\x1b[F")
        terminal.wait_for(f"epoch {stopped[1].replace(',', '')}")


@pytest.mark.parametrize("how", ["key", "signal"])
def test_it_is_suspended_and_goes_on_where_it_was(how: str) -> None:
    with opened() as terminal:
        ready(terminal).press(b" ")
        terminal.wait_for("epoch 1")
        if how == "key":
            terminal.press(b"\x1a")
        else:
            terminal.send_signal(signal.SIGTSTP)
        state = Path(f"/proc/{terminal.process.pid}/stat")
        terminal.wait_until(lambda: state.read_text().rpartition(")")[2].split()[0] == "T", "stopped")
        while terminal.read(0.1):
            pass
        assert terminal.is_as_it_was
        terminal.send_signal(signal.SIGCONT)
        terminal.press(b" ")
        terminal.wait_for("epoch 2")
        terminal.press(b"q")
        assert terminal.leave() == 0
        assert terminal.is_as_it_was


def test_bytes_that_are_no_keys_and_a_flood_of_keys_do_no_harm() -> None:
    with opened() as terminal:
        ready(terminal)
        terminal.send_signal(signal.SIGCONT)
        terminal.press(b"\xff\xfe\x9b\x00\x1b[<99999;0;0M\x1b[48;0;0;0;0t\x1b[<0;5;5M\x1b[999~")
        terminal.press(b" " * 400)
        terminal.wait_for("epoch 400", seconds=60)
        terminal.press(b"\x11")
        assert terminal.leave() == 0
        assert terminal.is_as_it_was


def test_it_survives_any_size_and_says_how_much_room_it_needs() -> None:
    with opened(env={"COLUMNS": "99999", "LINES": "-5"}) as terminal:
        ready(terminal)
        for size in ((1, 1), (300, 1), (1, 200), (20, 5), (500, 200), (0, 0), (30, 8)):
            terminal.resize(*size)
            terminal.read(0.2)
        terminal.wait_until(lambda: b"needs 40 x 10" in terminal.output, "the room it needs")
        terminal.resize(120, 36)
        terminal.press(b" ")
        terminal.wait_for("epoch 1 · W 1.400")


def looks_of(terminal: Terminal) -> set[bytes]:
    """The parameters of every sequence that sets a colour or a style."""
    return {part for found in re.findall(rb"\x1b\[([0-9;:]*)m", terminal.output) for part in found.split(b";")}


def test_no_color_has_none_and_ascii_brings_nothing_but_ascii_and_hangul_letters() -> None:
    with opened((*GRADSTEP, "--ascii"), env={"NO_COLOR": "1", "LC_ALL": "C", "PYTHONUTF8": "0"}) as terminal:
        ready(terminal)
        terminal.press(b"  ?")
        terminal.wait_for("Go back, exactly")
        terminal.press(b"\x11")
        assert terminal.leave() == 0
        assert looks_of(terminal) <= {b"", b"0", b"1", b"2", b"3", b"4", b"7"}
        assert "계산".encode() in terminal.output
        assert re.sub(r"[\x00-\x7f가-힣ㄱ-ㅣ]", "", terminal.output.decode()) == ""


def test_the_config_holds_and_what_is_chosen_here_holds_next_time(tmp_path: Path) -> None:
    config = tmp_path / "config.toml"
    config.write_text('theme = "textual-light"\nnonsense = 1\n[start]\nmethod = "optim"\n[keys]\nnext_epoch = "x"\n')
    env = {"GRADSTEP_CONFIG": str(config)}
    with opened(env=env) as terminal:
        terminal.wait_for("'nonsense'")
        terminal.wait_for("optim (autograd)")
        terminal.press(b"x")
        terminal.wait_for("1.400")
        terminal.press(b"L")
        terminal.wait_for("재생")  # play, in the footer
        terminal.press(b"q")
        assert terminal.leave() == 0
    with opened(env=env) as terminal:
        terminal.wait_for("재생")


def test_a_terminal_that_can_show_nothing_is_refused() -> None:
    with opened(env={"TERM": "dumb"}) as terminal:
        assert terminal.leave() == 2
        assert terminal.output == (
            b"gradstep: TERM names no terminal that can show the stepper; "
            b"'gradstep run' prints the epochs without a screen\r\n"
        )


def test_where_torch_cannot_be_imported_the_rest_lives(tmp_path: Path) -> None:
    (tmp_path / "torch.py").write_text("raise ImportError('a broken installation')")
    with opened(env={"PYTHONPATH": f"{tmp_path}{os.pathsep}{os.getcwd()}"}) as terminal:
        terminal.wait_for("torch can't be loaded, so no epoch can run")
        terminal.press(b"?")
        terminal.wait_for("Go back, exactly")
        terminal.press(b"\x11")
        assert terminal.leave() == 0


def test_a_failure_inside_ends_with_a_sentence_and_the_terminal_as_it_was() -> None:
    program = (
        "import tui.moves\n"
        "tui.moves.MOVES['next_epoch'] = lambda descent: 1 // 0\n"
        "from tui.start import start_stepper\n"
        "start_stepper()"
    )
    with opened((sys.executable, "-c", program)) as terminal:
        ready(terminal).press(b" ")
        assert terminal.leave() == 1
        assert terminal.is_as_it_was
        end = terminal.output[terminal.output.rindex(b"\x1b[?1049l") :]
        assert b"gradstep: something went wrong inside gradstep (ZeroDivisionError" in end
        assert b"Traceback" not in terminal.output


def test_a_session_is_opened_where_it_was_saved(tmp_path: Path) -> None:
    path = str(tmp_path / "s.gradstep")
    with opened() as terminal:
        ready(terminal).press(b" " * 5 + b"\r")
        terminal.wait_for("epoch 5 · hypothesis")
        terminal.press(b"\x13")
        terminal.wait_for("goes to")
        terminal.press(b"\x15" + path.encode() + b"\r")
        terminal.wait_for("saved: gradstep open")
        rows = rows_of(terminal)
        terminal.press(b"q")
        assert terminal.leave() == 0
    with opened((*GRADSTEP, "open", path)) as terminal:
        terminal.press(b" ")  # it waits until the run is there
        terminal.wait_for("epoch 6 · W")
        assert len(rows) == 6
        assert rows_of(terminal)[:5] == rows[:5]


def test_a_spreadsheets_file_opens_and_learns(tmp_path: Path) -> None:
    path = tmp_path / "성적.csv"
    path.write_bytes("시간;점수\r\n1;12\r\n2;19\r\n;\r\n4;42\r\n".encode("cp949"))
    with opened((*GRADSTEP, "--data", str(path))) as terminal:
        terminal.wait_for("edge")
        terminal.press(b"   ")
        terminal.wait_for("epoch 3 · W")
