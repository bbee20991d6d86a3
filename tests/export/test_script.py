"""Export, run, compare: the scripts, in processes that know nothing of gradstep."""

import json
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest

from core.data import LECTURE
from core.descent import Descent
from core.export.script import script
from core.lecture import printed_row
from core.listing import Method
from tests.export.runs import RUNS, Run, random_run

LECTURES = Path(__file__).parents[1] / "lecture"

ALL = RUNS | {f"random: {seed}": random_run(seed) for seed in range(120)}

RUNNER = """
import io, json, sys
from contextlib import redirect_stdout

def noted(source):
    rows, exact = io.StringIO(), []
    names = {"__name__": "__main__"}
    def print_and_note(*texts):
        print(*texts, file=rows)
        weights = [value for name in ("W", "b") if name in names for value in names[name].flatten().tolist()]
        exact.append([value.hex() for value in (*weights, names["cost"].item())])
    names["print"] = print_and_note
    exec(compile(source, "script", "exec"), names)
    return {"rows": rows.getvalue().splitlines(), "exact": exact}

assert not any(name.partition(".")[0] in ("core", "tui") for name in sys.modules)
told = {name: noted(source) for name, source in json.load(sys.stdin).items()}
assert not any(name.partition(".")[0] in ("core", "tui") for name in sys.modules)
json.dump(told, sys.stdout)
"""


def noted(sources: Mapping[str, str], folder: Path) -> dict[str, dict[str, list[object]]]:
    """What each of the sources prints, and the bits of W, b and cost as it does; all in one process, each apart."""
    done = subprocess.run(
        [sys.executable, "-I", "-c", RUNNER],
        input=json.dumps(sources),
        capture_output=True,
        text=True,
        cwd=folder,
        timeout=120,
        check=False,
    )
    assert done.stderr == ""
    told: dict[str, dict[str, list[object]]] = json.loads(done.stdout)
    return told


def rows_of(descent: Descent) -> list[str]:
    tape, names = descent.tape, descent.names
    return [
        printed_row(
            tape.knobs(epoch).method,
            epoch,
            len(tape) - 1,
            dict(zip(names, tape.w(epoch), strict=True)),
            tape.cost(epoch),
        )
        for epoch in range(len(tape))
    ]


def bits_of(descent: Descent) -> list[list[str]]:
    tape = descent.tape
    return [[value.hex() for value in (*tape.w(epoch), tape.cost(epoch))] for epoch in range(len(tape))]


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> dict[str, dict[str, list[object]]]:
    return noted({name: "".join(script(descent)) for name, descent in ALL.items()}, tmp_path_factory.mktemp("away"))


@pytest.mark.parametrize("name", ALL)
def test_a_script_prints_the_rows_of_its_run_and_computes_the_same_bits(
    name: str, told: dict[str, dict[str, list[object]]]
) -> None:
    assert told[name]["rows"] == rows_of(ALL[name])
    assert told[name]["exact"] == bits_of(ALL[name])


@pytest.mark.parametrize("method", Method)
def test_the_lectures_run_is_written_as_the_lectures_full_code(method: Method) -> None:
    run = Run.on("weight", method).epochs(10)
    assert run.descent.data is LECTURE
    assert "".join(script(run.descent)) == (LECTURES / f"{method}.py").read_text(encoding="utf-8")
