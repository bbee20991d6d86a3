"""Export, run, compare: the notebooks, whose cells run one after the other know nothing of gradstep."""

import json
import re
import sys
from functools import cache
from itertools import pairwise
from unittest.mock import MagicMock
from xml.etree import ElementTree

import nbformat
import pytest

from core.export.chart import chart
from core.export.faults import CannotExport
from core.export.notebook import MOST_ROWS, notebook
from tests.export.away import Noted, noted
from tests.export.runs import RUNS, Run, bits_of, lr, rows_of


@cache
def text_of(name: str) -> str:
    return "".join(notebook(RUNS[name]))


def code_in(text: str) -> str:
    return "\n".join("".join(cell["source"]) for cell in json.loads(text)["cells"] if cell["cell_type"] == "code")


def printed_in(text: str) -> list[str]:
    """The rows that the notebook shows before anybody runs it."""
    outputs = [output for cell in json.loads(text)["cells"] for output in cell.get("outputs", ())]
    return "".join("".join(output.get("text", "")) for output in outputs).splitlines()


def pictures_in(text: str) -> list[tuple[str, str]]:
    """The title and the SVG of every picture that the notebook shows before anybody runs it."""
    data = [
        output["data"] for cell in json.loads(text)["cells"] for output in cell.get("outputs", ()) if "data" in output
    ]
    return [("".join(one["text/plain"]), "".join(one["image/svg+xml"])) for one in data]


def paths_in(picture: str) -> list[str]:
    return [path.attrib["d"] for path in ElementTree.fromstring(picture).findall("{http://www.w3.org/2000/svg}path")]


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> Noted:
    return noted({name: code_in(text_of(name)) for name in RUNS}, tmp_path_factory.mktemp("away"))


@pytest.mark.parametrize("name", RUNS)
def test_the_cells_print_the_rows_of_the_run_and_the_notebook_shows_them_already(name: str, told: Noted) -> None:
    nbformat.validate(nbformat.reads(text_of(name), as_version=4))
    assert told[name]["rows"] == rows_of(RUNS[name])
    assert told[name]["exact"] == bits_of(RUNS[name])
    assert printed_in(text_of(name)) == rows_of(RUNS[name])


@pytest.mark.parametrize("name", RUNS)
def test_without_matplotlib_the_cells_draw_the_very_pictures_that_the_notebook_shows_already(
    name: str, told: Noted
) -> None:
    assert told[name]["pictures"] == [list(picture) for picture in pictures_in(text_of(name))]


LINES = {"cost by epoch": 1, "data and H(x)": 3, "cost(W) and the epochs on it": 2}
"""The points of the data, H(x) at the start and at the end; the curve, and the run's points on it."""


@pytest.mark.parametrize(
    ("program", "weights", "titles"),
    [
        ("weight", 1, ["cost by epoch", "each weight by epoch", "data and H(x)", "cost(W) and the epochs on it"]),
        ("weight_bias", 2, ["cost by epoch", "each weight by epoch", "data and H(x)"]),
        ("features", 3, ["cost by epoch", "each weight by epoch"]),
    ],
)
def test_the_lectures_pictures_are_there_as_far_as_there_are_such(
    program: str, weights: int, titles: list[str]
) -> None:
    pictures = dict(pictures_in(text_of(f"{program}: manual alone")))
    assert list(pictures) == titles
    lines = {title: len(paths_in(picture)) - 1 for title, picture in pictures.items()}  # without the axes
    assert lines == {title: LINES.get(title, weights) for title in titles}


def test_the_points_of_the_run_lie_on_the_curve_and_the_last_is_at_its_bottom() -> None:
    picture = dict(pictures_in(text_of("weight: manual alone")))["cost(W) and the epochs on it"]
    curve, run = (
        [(float(x), float(y)) for x, y in re.findall(r"[ML]([\d.]+) ([\d.]+)", path)] for path in paths_in(picture)[1:]
    )
    assert len(curve) == 101
    assert len(run) == 31
    for x, y in run:
        (x1, y1), (x2, y2) = next((a, b) for a, b in pairwise(curve) if a[0] <= x <= b[0])
        assert y == pytest.approx(y1 + (y2 - y1) * (x - x1) / (x2 - x1), abs=0.3)
    assert run[-1][1] == max(y for _, y in curve)


def test_a_run_that_ends_in_nan_is_drawn_as_long_as_it_was() -> None:
    pictures = dict(pictures_in(text_of("weight: manual until it is nan")))
    assert "80" in ElementTree.fromstring(pictures["cost by epoch"]).itertext()
    assert len(paths_in(pictures["cost(W) and the epochs on it"])) == 1 + 2


def test_matplotlib_is_given_the_same_pictures_where_it_is_installed(monkeypatch: pytest.MonkeyPatch) -> None:
    pyplot = MagicMock()
    monkeypatch.setitem(sys.modules, "matplotlib", MagicMock(pyplot=pyplot))
    monkeypatch.setitem(sys.modules, "matplotlib.pyplot", pyplot)
    exec(compile(code_in(text_of("weight: manual alone")), "notebook", "exec"), {"__name__": "__main__"})
    assert [call.args[0] for call in pyplot.xlabel.call_args_list] == ["epoch", "epoch", "x", "W"]
    assert pyplot.plot.call_count == 1 + 1 + 3 + 2
    assert pyplot.show.call_count == 4


def test_the_same_run_is_the_same_file() -> None:
    assert "".join(notebook(RUNS["features: methods in turn"])) == text_of("features: methods in turn")


def test_a_long_run_prints_some_of_its_rows_and_says_so(tmp_path_factory: pytest.TempPathFactory) -> None:
    descent = Run.on("weight").epochs(1500).turn(lr(0.05)).epochs(2007).descent
    rows = rows_of(descent)
    shown = [row for epoch, row in enumerate(rows) if epoch % 5 == 0 or epoch == 3507]
    assert len(shown) <= MOST_ROWS
    text = "".join(notebook(descent))
    assert printed_in(text) == shown
    assert noted({"long": code_in(text)}, tmp_path_factory.mktemp("away"))["long"]["rows"] == shown
    assert "every 5th epoch is printed" in text


def test_without_nbformat_a_sentence_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "nbformat", None)
    with pytest.raises(CannotExport, match=r"^a notebook needs nbformat: pip install 'gradstep\[notebook\]'$"):
        list(notebook(RUNS["weight: manual alone"]))


@pytest.mark.parametrize("mark", ["-", "o"])
@pytest.mark.parametrize("across", ["epoch", "W"])
def test_a_chart_lives_with_inf_nan_one_point_and_many(across: str, mark: str) -> None:
    inf, nan = float("inf"), float("nan")
    columns = [[nan], [inf, -inf], [1.0], [1.0, nan, 2.0], [3e38, -3e38], [0.0, 0.0], [1e-45, 3e38], [1.0] * 100_000]
    for column in columns:
        svg = chart("cost", across, [("cost", range(len(column)), column, mark)])
        assert len(svg) < 20_000
        assert not {"inf", "nan"} & set(ElementTree.fromstring(svg).itertext())
        assert "nan" not in svg
