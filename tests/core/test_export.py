"""What is written down gives the run's own numbers to the bit, in a process that knows nothing of gradstep."""

import contextlib
import io
import json
import subprocess
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from core.descent import Descent
from core.export.formats import FORMATS
from core.export.pictures import curve_request
from core.export.segments import CannotExport, script
from core.knobs import Knobs
from core.program import Method, Program
from tests.core.stories import ENGINE, Story, line, lr, switch

RUNNER = """
import io, json, sys, torch
sys.modules.update(dict.fromkeys(["core", "tui", "matplotlib"]))

def noted(source):
    rows, exact = io.StringIO(), []
    names = {"__name__": "__main__"}
    torch.default_generator.manual_seed(67280421310721)  # as in a new process
    def print_and_note(*texts):
        print(*texts, file=rows)
        if texts[0].startswith("Epoch"):
            weights = [value for name in ("W", "b") if name in names for value in names[name].flatten().tolist()]
            exact.append([value.hex() for value in (*weights, names["cost"].item())])
    names["print"] = print_and_note
    exec(compile(source, "script", "exec"), names)
    return rows.getvalue(), exact

json.dump({name: noted(source) for name, source in json.load(sys.stdin).items()}, sys.stdout)
"""

MOMENTUM = line("optimizer = optim.SGD([W], lr=0.15)", "optimizer = optim.SGD([W], lr=0.15, momentum=0.9)")
LESS_MOMENTUM = line(
    "optimizer = optim.SGD([W], lr=0.15, momentum=0.9)", "optimizer = optim.SGD([W], lr=0.15, momentum=0.5)"
)
SUM_COST = line(
    "cost = torch.mean((hypothesis - y_train) ** 2)",
    "cost = torch.sum((hypothesis - y_train) ** 2)",
)
REBIND = line("W -= lr * gradient", "W = W - lr * gradient")
FORGET = line("optimizer.zero_grad()", "pass")
OWN = Program(
    "import torch\nx = torch.FloatTensor([[1], [2], [3]])\ny = 2 * x\nmodel = torch.nn.Linear(1, 1)\n"
    "optimizer = torch.optim.Adam(model.parameters(), lr=1e-2)\n"
    "for step in range(1, 6):\n    loss = torch.mean((model(x) - y) ** 2)\n"
    "    optimizer.zero_grad()\n    loss.backward()\n    optimizer.step()\n    cost, W = loss, model.weight\n"
    "    print(f'Epoch {step} {loss.item()}')\nprint('done')\n",
    "own.py",
)


def stories() -> Iterator[tuple[str, Descent]]:
    optim = Knobs.of("weight", Method.OPTIM)
    yield "one lr", Story().to(10).descent
    yield "fewer epochs", Story().to(4).descent
    yield "another lr from the start", Story().turn(lr(0.05)).to(12).descent
    yield "three lrs", Story().to(3).turn(lr(0.2)).to(5, 2).turn(lr(0.05)).to(9).descent
    yield "three lrs of optim", Story(Descent(optim)).to(3).turn(lr(0.2)).to(5).turn(lr(0.05)).to(9).descent
    yield "methods in turn", Story().to(3).turn(switch).to(5).turn(switch).to(7).turn(switch).to(9).descent
    yield "an edited line", Story().to(3).turn(SUM_COST).to(6).descent
    yield "an edited cost with optim", Story(Descent(optim)).turn(SUM_COST).turn(lr(0.01)).to(6).descent
    yield "rebinding", Story().turn(REBIND).to(3).turn(switch).to(5).turn(switch).to(7).turn(switch).to(9).descent
    yield "momentum", Story(Descent(optim)).turn(MOMENTUM).to(5).turn(lr(0.01)).to(9).descent
    yield "momentum in mid-run", Story(Descent(optim)).to(3).turn(MOMENTUM).to(6).turn(LESS_MOMENTUM).to(9).descent
    yield (
        "momentum kept over manual",
        Story(Descent(optim)).turn(MOMENTUM).to(4).turn(switch).to(6).turn(switch).to(9).descent,
    )
    yield (
        "zero_grad forgotten",
        Story(Descent(optim)).to(2).turn(FORGET).to(5).turn(switch).to(7).turn(switch).to(9).descent,
    )
    for name in ("bias", "features", "features_no_bias"):
        yield name, Story(Descent(Knobs.of(name))).to(4).turn(switch).to(8).descent
    yield "own", Story(Descent(Knobs(OWN))).to(4).descent
    yield "own with two lrs", Story(Descent(Knobs(OWN))).to(3).turn(lr(0.5)).to(6).descent


@cache
def every_story() -> dict[str, Descent]:
    return dict(stories())


def story(name: str) -> Descent:
    return every_story()[name]


def exact(descent: Descent) -> list[list[str]]:
    log = descent.log
    epochs = range(len(log))
    if descent.program.path == "own.py":  # it prints after the step, its own W
        return [[log.w(epoch + 1)[0].hex(), log.cost(epoch).hex()] for epoch in epochs]
    return [[value.hex() for value in (*log.w(epoch), log.cost(epoch))] for epoch in epochs]


def noted(sources: dict[str, str], folder: Path) -> dict[str, tuple[str, list[list[str]]]]:
    """What each script prints, and the bits of its weights and cost; one process, a namespace each."""
    done = subprocess.run(
        [sys.executable, "-I", "-c", RUNNER], input=json.dumps(sources), capture_output=True, text=True, cwd=folder,
        timeout=120, check=False,
    )  # fmt: skip
    assert done.stderr == ""
    result: dict[str, tuple[str, list[list[str]]]] = json.loads(done.stdout)
    return result


def notebook_of(descent: Descent) -> str:
    request = curve_request(descent)
    return "".join(FORMATS[".ipynb"].write(descent, ENGINE.answer(request) if request else None))


@cache
def cells(name: str) -> list[tuple[str, list[dict[str, Any]]]]:
    """The source and the outputs of each cell of code in a story's notebook."""
    made = json.loads(notebook_of(story(name)))["cells"]
    return [("".join(cell["source"]), cell["outputs"]) for cell in made if cell["cell_type"] == "code"]


NOTEBOOKS = ("one lr", "methods in turn", "an edited line", "own with two lrs")


def test_scripts_and_notebooks_give_the_same_rows_to_the_bit_in_a_fresh_process(tmp_path: Path) -> None:
    sources = {name: "".join(script(descent.log)) for name, descent in every_story().items()}
    for name in NOTEBOOKS:
        sources[f"{name} (notebook)"] = "\n".join(source for source, _ in cells(name) if "axes." not in source)
    done = noted(sources, tmp_path)
    for name in sources:
        assert done[name][1] == exact(story(name.removesuffix(" (notebook)"))), name
    for name in NOTEBOOKS:
        outputs = [output for _, outputs in cells(name) for output in outputs if output["output_type"] == "stream"]
        stored = "".join("".join(output["text"]) for output in outputs)
        assert stored == done[name][0].removesuffix("done\n"), name


def test_a_run_with_one_lr_is_the_program_itself() -> None:
    assert "".join(script(story("one lr").log)) == Program.read("weight_manual").text
    assert "".join(script(story("another lr from the start").log)) == (
        Program.read("weight_manual").with_lr(0.05).with_nb_epochs(12).text
    )


def test_between_two_segments_stands_only_what_was_turned() -> None:
    text = "".join(script(story("three lrs").log))
    assert "\n\n# epoch 3: lr 0.2\nlr = 0.2\nfor epoch in range(3, 5):\n" in text
    assert "\n\n# epoch 5: lr 0.05\nlr = 0.05\nfor epoch in range(5, 10):\n" in text
    text = "".join(script(story("momentum").log))
    assert '\n# epoch 5: lr 0.01\noptimizer.param_groups[0]["lr"] = 0.01\nfor ' in text
    text = "".join(script(story("own with two lrs").log))
    assert 'optimizer.param_groups[0]["lr"] = 0.5\nfor step in range(4, 8):' in text
    assert text.endswith("print('done')\n")
    assert text.count("print('done')") == 1


def test_a_loop_that_counts_in_no_range_is_written_only_as_it_stands() -> None:
    text = Program.read("weight_manual").text.replace("range(nb_epochs + 1)", "[0, 1, 2, 3, 4, 5]")
    lived = Story(Descent(Knobs(Program(text, "own.py")))).to(3)
    assert "".join(script(lived.descent.log)) == text
    with pytest.raises(CannotExport, match="line 12 counts in no range"):
        list(script(lived.turn(lr(0.2)).to(5).descent.log))


def test_the_pictures_are_drawn_by_the_programs_own_lines() -> None:
    drawing = [(source, outputs) for source, outputs in cells("an edited line") if "axes." in source]
    assert len(drawing) == 4
    assert "    cost = torch.sum((hypothesis - y_train) ** 2)\n    return cost.item()" in drawing[3][0]
    for _source, (output,) in drawing:
        assert output["data"]["image/png"].startswith("iVBORw0KGgo")
    names: dict[str, Any] = {}
    with contextlib.redirect_stdout(io.StringIO()):
        for source, _outputs in cells("an edited line"):
            exec("import matplotlib; matplotlib.use('Agg')\n" + source.replace("plt.show()", "plt.close()"), names)
    assert names["cost_of"](names["torch"].ones(1)) == 0


def test_the_table_has_every_epoch_in_full_precision() -> None:
    rows = "".join(FORMATS[".csv"].write(story("methods in turn"), None)).splitlines()
    assert rows[0] == "epoch,method,lr,W,cost,gradient,update"
    assert rows[1] == "0,manual,0.1,0.0,4.666666507720947,-14.0,1.399999976158142"
    assert [row.split(",")[1] for row in rows[1:]] == ["manual"] * 3 + ["optim"] * 2 + ["manual"] * 2 + ["optim"] * 3
    assert "".join(FORMATS[".csv"].write(story("bias"), None)).startswith(
        "epoch,method,lr,W,b,cost,gradient_W,gradient_b,update_W,update_b\n0,manual,"
    )


def test_the_transcript_has_each_phase_of_each_epoch_in_a_sentence() -> None:
    text = "".join(FORMATS[".md"].write(story("three lrs"), None))
    assert "W is 0.000. The cost is 4.666667. The gradient is -14.000. The update adds 1.400. W is 1.400." in text
    assert "From epoch 3 on something is different. lr is 0.2." in text
    assert "lr = 0.05" in text.partition("## The program")[2]
    text = "".join(FORMATS[".md"].write(story("an edited line"), None))
    assert "This line is edited: `cost = torch.sum((hypothesis - y_train) ** 2)`" in text
    text = "".join(FORMATS[".md"].write(story("bias"), None))
    assert "W is 0.000 and b is 0.000. The cost is 4.666667. The gradient is -14.000 and -6.000." in text


def test_a_long_run_is_written_with_its_first_and_last_epochs() -> None:
    text = "".join(FORMATS[".md"].write(Story().to(200).turn(lr(0.01)).to(300).descent, None))
    assert "190 epochs are left out here." in text
    assert text.count("\nEpoch ") == 10 + 1 + 5
    assert "At the end: " in text


def test_nothing_is_written_before_anything_has_run() -> None:
    for form in FORMATS.values():
        with pytest.raises(CannotExport, match="nothing has run yet"):
            list(form.write(Descent(), None))
