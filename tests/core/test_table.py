"""Files are read however people have them, as torch's program then reads them, or refused with one sentence."""

from pathlib import Path

import numpy as np
import pytest

from core.table import open_table
from core.table_columns import TableError
from core.table_reader import MOST_COLUMNS, Source
from core.tables import BUILT_IN


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def read(content: str | bytes, *features: str, target: str = "") -> Source:
    Path("t.csv").write_bytes(content.encode() if isinstance(content, str) else content)
    return open_table("t.csv", features, target)


def refusal(content: str | bytes, *features: str, target: str = "") -> str:
    with pytest.raises(TableError) as refused:
        read(content, *features, target=target)
    return str(refused.value)


def by_the_program(source: Source) -> list[list[float]]:
    """What the program's own line makes of the file."""
    names: dict[str, object] = {"np": np}
    exec(source.reading_lines[0], names)
    table = names["xy"]
    assert isinstance(table, np.ndarray)
    return [list(map(float, row)) for row in table]


@pytest.mark.parametrize(
    ("content", "about"),
    [
        ("x,y\n1,2\n3,4\n", "utf-8, separated by commas, with a header"),
        ("x,y\n1,2\n3,4", "utf-8, separated by commas, with a header"),
        ("1,2\n3,4\n", "utf-8, separated by commas, no header"),
        ("\ufeffx,y\n1,2\n3,4\n", "utf-8-sig, separated by commas, with a header"),
        ("x,y\r\n1,2\r\n3,4\r\n", "utf-8, separated by commas, with a header"),
        ("\n\n\n1,2\n3,4\n\n\n\n", "utf-8, separated by commas, no header"),
        ('"x","y"\n"1","2"\n"3","4"\n', "utf-8, separated by commas, with a header"),
        ("x;y\n1;2\n3;4\n", "utf-8, separated by semicolons, with a header"),
        ("x\ty\n1\t2\n3\t4\n", "utf-8, separated by tabs, with a header"),
        (" x   y \n1 2\n  3     4  \n", "utf-8, separated by spaces, with a header"),
        ("기온,판매량\n1,2\n3,4\n".encode("cp949"), "cp949, separated by commas, with a header"),
    ],
)
def test_what_people_have_is_read_and_the_programs_own_line_reads_the_same(content: str | bytes, about: str) -> None:
    source = read(content)
    assert source.rows == ((1, 2), (3, 4))
    assert source.about == about
    assert by_the_program(source) == [[1, 2], [3, 4]]


@pytest.mark.parametrize(
    ("header", "features", "target", "row"),
    [
        ("a,b,c\n", (), "", (1, 2, 3)),
        ("a,b,c\n", (), "a", (2, 3, 1)),
        ("a,b,c\n", ("c", "a"), "b", (3, 1, 2)),
        ("Price, Size ,c\n", ("size",), " PRICE ", (2, 1)),
        ("가격,b,c\n", ("\u1100\u1161\u1100\u1167\u11a8",), "c", (1, 3)),
        ("", ("x2",), "", (2, 3)),
        ("", ("3", "1"), "2", (3, 1, 2)),
    ],
)
def test_columns_are_chosen_by_name_or_number(
    header: str, features: tuple[str, ...], target: str, row: tuple[float, ...]
) -> None:
    source = read(header + "1,2,3\n", *features, target=target)
    assert source.rows == (row,)
    assert by_the_program(source) == [list(row)]


def test_a_column_without_a_name_is_left_out_and_others_may_hold_anything() -> None:
    source = read(",x,y,\n1,2,3,\n2,5,7,\n")
    assert (source.input_names, source.target_name, source.rows) == (("x",), "y", ((2, 3), (5, 7)))
    assert read('name,x,note,y\n"Kim, ""J""",1,"two\nlines, 7",2\n,3,5" pipe,4\n', "x").rows == ((1, 2), (3, 4))


@pytest.mark.parametrize(
    ("features", "target", "sentence"),
    [
        (("d",), "", "t.csv has no column 'd': its columns are 'a', 'b', 'B', 'b', 'c'"),
        (("b",), "", "t.csv has 2 columns 'b': rename them"),
        (("a", "A"), "", "t.csv has one column 'a': name it once"),
        (("c",), "", "t.csv has one column 'c': it can't be an input and the target, choose another one"),
    ],
)
def test_columns_that_cannot_be_chosen_are_said(features: tuple[str, ...], target: str, sentence: str) -> None:
    assert refusal("a,b,B ,b,c\n1,2,3,4,5\n", *features, target=target).startswith(sentence)


@pytest.mark.parametrize(
    ("cell", "sentence"),
    [
        ("abc", "'abc' in column 'price' is not a number: write one like 3 or -2.5"),
        ("", "column 'price' is empty: write a number or leave the row out"),
        ('"1,234"', "'1,234' in column 'price' has a thousands mark: write 1234"),
        ('"1.234,5"', "'1.234,5' in column 'price' has a thousands mark: write 1234.5"),
        ('"1,5"', "'1,5' in column 'price' has a decimal comma: write 1.5"),
        ("2024-01-31", "'2024-01-31' in column 'price' is a date or a time: write a number"),
        ("2024년 1월 31일", "is a date or a time"),
        ("5%", "'5%' in column 'price' has a percent sign: write the number alone"),
        ("₩5000", "has a currency sign: write the number alone"),
        ("nan", "stands for a number that is missing or not finite: write"),
        ("#DIV/0!", "stands for a number that is missing or not finite: write"),
        ("1e39", "'1e39' in column 'price' is beyond float32: it must be from -3.4e38 to 3.4e38"),
        ("9" * 200_000, "is beyond float32"),
        ("１", "'１' in column 'price' is not written in plain digits: write 1"),
        ("1_000", "'1_000' in column 'price' has an underscore: write 1000"),
        ("0x10", "'0x10' in column 'price' is hexadecimal: write 16"),
        ("true", "'true' in column 'price' is not a number: write 1 or 0"),
    ],
)
def test_a_cell_that_is_not_a_number_is_refused_in_a_sentence(cell: str, sentence: str) -> None:
    said = refusal(f'price,y\n"1",2\n\n{cell},2\n3,4\n')
    assert said.startswith("t.csv, line 4: ")
    assert sentence in said
    assert len(said) < 200
    assert len(said.splitlines()) == 1


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        ("", "t.csv is empty: it must have a row of numbers for every example"),
        ("x,y\n,\n\n", "t.csv has a header but no rows"),
        ("x\n1\n2\n", "t.csv has one column only: it needs two or more"),
        ("x,y\n1,2\n1,2,3\n", "t.csv, line 3: the row has 3 columns, but the first row has 2"),
        ('x,y\n1,2\n3,"4\n5,6\n', "t.csv, line 3: a double quote is opened in this row and never closed"),
        ("1,abc\n", "t.csv, line 1: 'abc' is among numbers: a header has a name in words for every column"),
        (",".join("1" * (MOST_COLUMNS + 1)), f"t.csv has {MOST_COLUMNS + 1} columns: it can have at most 1000"),
        ("x,y\n1,2\n".encode("utf-16"), "t.csv is UTF-16 or UTF-32: save it as CSV UTF-8"),
        (b"x,y\n1,\xff\xff\n", "t.csv, line 2: there are bytes that are neither UTF-8 nor cp949"),
        (b"PK\3\4...", "t.csv is a spreadsheet or a zip archive, not a CSV file: export it as CSV"),
        ("x,y\n1,\x1b2\n", "t.csv, line 2: there is a control character, so this is not a text"),
    ],
)
def test_what_is_not_a_table_is_refused_in_a_sentence(content: str | bytes, sentence: str) -> None:
    assert refusal(content).startswith(sentence)


@pytest.mark.parametrize(
    ("name", "sentence"),
    [
        ("", "the name of the file is empty"),
        (".", ". is a folder: give the name of a CSV file"),
        ("nowhere.csv", "nowhere.csv can't be read: no such file or directory"),
        ("/dev/null", "/dev/null is a pipe or a device: give the name of a CSV file"),
        ("a\0b", "a\0b is not a name that a file can have"),
    ],
)
def test_what_is_not_a_file_is_refused_in_a_sentence(name: str, sentence: str) -> None:
    with pytest.raises(TableError) as refused:
        open_table(name)
    assert str(refused.value).startswith(sentence)


def test_what_float32_rounds_is_noted() -> None:
    (note,) = read("x,y\n16777217,1\n2,2\n").notes
    assert note == "line 2: 16777217 becomes 16777216 in float32"


@pytest.mark.parametrize(("name", "inputs", "count"), [("lecture", 1, 3), ("cars", 1, 50), ("scores", 3, 25)])
def test_the_built_in_tables_stand_in_the_text(name: str, inputs: int, count: int) -> None:
    source = open_table(name)
    assert (source.inputs, source.count, source.stands_in_text, source.about) == (inputs, count, True, BUILT_IN[name])
