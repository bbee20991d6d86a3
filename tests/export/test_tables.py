"""Tables in scripts: small ones are written down, large ones are read from their file, bit for bit or not at all."""

from pathlib import Path
from random import Random

import pytest

from core.beginning import beginning
from core.data import standardized
from core.descent import Descent
from core.export import table_code
from core.export.faults import CannotExport
from core.export.script import script
from core.tables import open_table
from tests.export.away import noted
from tests.export.runs import bits_of, engine_for, rows_of


def table(separator: str = ",", header: str = "", end: str = "\n", rows: int = 400) -> str:
    random = Random(1)
    lines = [separator.join(f"{random.gauss(0, 3):.7g}" for _ in range(3)) for _ in range(rows)]
    return end.join([*([header] if header else []), *lines]) + end


FILES = {
    "plain.csv": table().encode(),
    "header.csv": table(header="a,b,c").encode(),
    "bom.csv": table(header="a,b,c", end="\r\n").encode("utf-8-sig"),
    "korean.csv": table(";", header="시험 1;시험 2;점수").encode("cp949"),
    "tabs.tsv": table("\t", header='"a b"\tb\t c').encode(),
    "blank lines.csv": (table() + "\n\n,,\n").encode(),
    "quoted 'name\"\\.csv": ('"' + table().replace(",", '",', 1)).encode(),
}

UNLIKE = {
    "spaces.txt": table(" ").encode(),
    "declared.csv": b"sep=;\n" + table(";").encode(),
    "late.csv": b"\n\n" + table(header="a,b,c").encode(),
}


def run_on(path: Path, scaled: bool = False) -> Descent:
    data = open_table(str(path))
    descent = beginning(standardized(data) if scaled else data)
    return descent.goto(4 * 6, engine_for(descent.data))


@pytest.fixture(autouse=True)
def _few(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(table_code, "MOST_NUMBERS", 500)


def test_a_large_table_is_read_from_its_file_to_the_same_bits(tmp_path: Path) -> None:
    runs: dict[str, Descent] = {}
    for name, content in FILES.items():
        (tmp_path / name).write_bytes(content)
        runs |= {name: run_on(tmp_path / name), f"{name}, standardized": run_on(tmp_path / name, scaled=True)}
    sources = {name: "".join(script(descent)) for name, descent in runs.items()}
    assert all(
        source.startswith("import csv\n\nimport torch\n\n# 데이터\nx, y = [], []\n") for source in sources.values()
    )
    told = noted(sources, tmp_path)
    for name, descent in runs.items():
        assert (told[name]["rows"], told[name]["exact"]) == (rows_of(descent), bits_of(descent)), name


@pytest.mark.parametrize("name", UNLIKE)
def test_a_file_that_python_reads_otherwise_is_refused(name: str, tmp_path: Path) -> None:
    (tmp_path / name).write_bytes(UNLIKE[name])
    with pytest.raises(CannotExport, match="the table has 1,200 numbers: at most 500 are written into a script"):
        list(script(run_on(tmp_path / name)))


def test_a_file_that_has_changed_since_or_is_gone_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "run.csv"
    path.write_bytes(FILES["plain.csv"])
    descent = run_on(path)
    for content in (table().replace("1", "2", 1), table() + "1,2,3\n", table(rows=399), "", "a\0b"):
        path.write_text(content)
        with pytest.raises(CannotExport):
            list(script(descent))
    path.unlink()
    with pytest.raises(CannotExport):
        list(script(descent))


def test_chosen_columns_are_those_of_the_run(tmp_path: Path) -> None:
    path = tmp_path / "run.csv"
    path.write_bytes(FILES["header.csv"])
    data = open_table(str(path), ("c",), "a")
    descent = beginning(data).goto(4, engine_for(data))
    source = "".join(script(descent))
    assert "x.append([float(row[2])])\n        y.append([float(row[0])])" in source
    assert noted({"": source}, tmp_path)[""]["exact"] == bits_of(descent)
