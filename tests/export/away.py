"""Processes that know nothing of gradstep, to run in them what was written down."""

import json
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

Noted = dict[str, dict[str, list[object]]]

RUNNER = """
import io, json, sys

sys.modules.update(dict.fromkeys(["core", "tui", "matplotlib"]))  # an import of these fails

def noted(source):
    rows, exact, pictures = io.StringIO(), [], []
    names = {"__name__": "__main__"}
    def print_and_note(*texts):
        print(*texts, file=rows)
        if texts[0].startswith("Epoch"):
            weights = [value for name in ("W", "b") if name in names for value in names[name].flatten().tolist()]
            exact.append([value.hex() for value in (*weights, names["cost"].item())])
    names["print"] = print_and_note
    names["display"] = lambda data, raw: pictures.append([data["text/plain"], data["image/svg+xml"]])  # it is Jupyter's
    exec(compile(source, "script", "exec"), names)
    return {"rows": rows.getvalue().splitlines(), "exact": exact, "pictures": pictures}

told = {name: noted(source) for name, source in json.load(sys.stdin).items()}
json.dump(told, sys.stdout)
"""


def noted(sources: Mapping[str, str], folder: Path) -> Noted:
    """What each of the sources prints, with the bits of W, b and cost, and draws; one process, a namespace each."""
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
    told: Noted = json.loads(done.stdout)
    return told
