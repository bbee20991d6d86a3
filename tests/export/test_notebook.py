"""Export, run, compare: the notebooks, whose cells run one after the other know nothing of gradstep."""

import json
import sys
from functools import cache
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


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> Noted:
    return noted({name: code_in(text_of(name)) for name in RUNS}, tmp_path_factory.mktemp("away"))


@pytest.mark.parametrize("name", RUNS)
def test_the_cells_print_the_rows_of_the_run_and_the_notebook_shows_them_already(name: str, told: Noted) -> None:
    nbformat.validate(nbformat.reads(text_of(name), as_version=4))
    assert told[name]["rows"] == [*rows_of(RUNS[name]), "pip install matplotlib"]
    assert told[name]["exact"] == bits_of(RUNS[name])
    assert printed_in(text_of(name)) == rows_of(RUNS[name])


def test_the_pictures_are_there_as_svg_and_in_words() -> None:
    *_, last = json.loads(text_of("weight_bias: manual alone"))["cells"]
    pictures = ["".join(output["data"]["image/svg+xml"]) for output in last["outputs"]]
    assert [output["data"]["text/plain"] for output in last["outputs"]] == [["cost by epoch"], ["each weight by epoch"]]
    lines = [len(ElementTree.fromstring(picture).findall("{http://www.w3.org/2000/svg}path")) for picture in pictures]
    assert lines == [1 + 1, 1 + 2]  # the axes, and a line for cost; for W and b


def test_the_same_run_is_the_same_file() -> None:
    assert "".join(notebook(RUNS["features: methods in turn"])) == text_of("features: methods in turn")


def test_a_long_run_prints_some_of_its_rows_and_says_so(tmp_path_factory: pytest.TempPathFactory) -> None:
    descent = Run.on("weight").epochs(1500).turn(lr(0.05)).epochs(2007).descent
    rows = rows_of(descent)
    shown = [row for epoch, row in enumerate(rows) if epoch % 5 == 0 or epoch == 3507]
    assert len(shown) <= MOST_ROWS
    text = "".join(notebook(descent))
    assert printed_in(text) == shown
    assert noted({"long": code_in(text)}, tmp_path_factory.mktemp("away"))["long"]["rows"][:-1] == shown
    assert "every 5th epoch is printed" in text


def test_without_nbformat_a_sentence_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "nbformat", None)
    with pytest.raises(CannotExport, match=r"^a notebook needs nbformat: pip install 'gradstep\[notebook\]'$"):
        list(notebook(RUNS["weight: manual alone"]))


def test_a_chart_lives_with_inf_nan_one_point_and_many() -> None:
    inf, nan = float("inf"), float("nan")
    columns = [[nan], [inf, -inf], [1.0], [1.0, nan, 2.0], [3e38, -3e38], [0.0, 0.0], [1e-45, 3e38], [1.0] * 100_000]
    for column in columns:
        svg = chart("cost", {"cost": column})
        assert len(svg) < 20_000
        assert not {"inf", "nan"} & set(ElementTree.fromstring(svg).itertext())
        assert "nan" not in svg.replace('"nan"', "")
