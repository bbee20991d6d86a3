"""Files are read however people have them, or refused with one sentence."""

import os
import re
import socket
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, assume, example, given, settings
from hypothesis import strategies as st

from core.csv_file import Unreadable, read_dataset, reader
from core.csv_file import lines as file_lines
from core.csv_file.cells import NUMBER
from core.csv_file.lines import LONGEST_LINE
from core.csv_file.reader import MOST_COLUMNS, Numbers, Reader
from core.data import Dataset

IN_ONE_FOLDER = settings(
    suppress_health_check=[HealthCheck.function_scoped_fixture],
    deadline=None,
    max_examples=150,
)


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def read(content: str | bytes, *features: str, target: str = "") -> Dataset:
    Path("t.csv").write_bytes(content.encode() if isinstance(content, str) else content)
    return read_dataset("t.csv", features, target)


def refusal(content: str | bytes, *features: str, target: str = "") -> str:
    with pytest.raises(Unreadable) as refused:
        read(content, *features, target=target)
    return str(refused.value)


def outcome(content: str | bytes) -> Dataset | str:
    try:
        return read(content)
    except Unreadable as refused:
        return str(refused)


def columns(dataset: Dataset) -> tuple[list[float], list[float]]:
    return list(dataset.x), list(dataset.y)


def test_the_last_column_is_the_target_and_the_others_are_inputs() -> None:
    dataset = read("a,b,c\n1,2,3\n4,5,6\n")
    assert (dataset.name, dataset.inputs, dataset.target) == ("t.csv", ("a", "b"), "c")
    assert (dataset.x.typecode, dataset.y.typecode, len(dataset)) == ("f", "f", 2)
    assert columns(dataset) == ([1, 2, 4, 5], [3, 6])
    assert list(dataset.row(1)) == [4, 5]
    assert dataset.about == "UTF-8, separated by commas, with a header"
    assert dataset.notes == ()


@pytest.mark.parametrize(
    ("content", "about"),
    [
        ("x,y\n1,2\n3,4\n", "UTF-8, separated by commas, with a header"),
        ("x,y\n1,2\n3,4", "UTF-8, separated by commas, with a header"),
        ("1,2\n3,4\n", "UTF-8, separated by commas, no header"),
        ("\ufeffx,y\n1,2\n3,4\n", "UTF-8 with BOM, separated by commas, with a header"),
        ("\ufeff1,2\n3,4\n", "UTF-8 with BOM, separated by commas, no header"),
        ("\ufeffsep=;\r\nx;y\r\n1;2\r\n3;4\r\n", "UTF-8 with BOM, separated by semicolons, with a header"),
        ("sep=,\n1,2\n3,4\n", "UTF-8, separated by commas, no header"),
        ("x,y\r\n1,2\r\n3,4\r\n", "UTF-8, separated by commas, with a header"),
        ("x,y\r1,2\r3,4\r", "UTF-8, separated by commas, with a header"),
        ("\n , \nx,y\n\n1,2\n,,,\n  \n3,4\n,,,\n,,,", "UTF-8, separated by commas, with a header"),
        ("\n\n\n1,2\n3,4\n\n\n\n", "UTF-8, separated by commas, no header"),
        ('"x","y"\n"1","2"\n" 3 " , "4" \n', "UTF-8, separated by commas, with a header"),
        ('"x" , "y"\n 1 , +2.\n3e0,.4E+1\n', "UTF-8, separated by commas, with a header"),
        ("x;y\n1;2\n3;4\n", "UTF-8, separated by semicolons, with a header"),
        ("x\ty\n1\t2\n3\t4\n", "UTF-8, separated by tabs, with a header"),
        (" x   y \n1 2\n  3     4  \n", "UTF-8, separated by spaces, with a header"),
        ('x "y"\n"1" 2\n3 "4"\n', "UTF-8, separated by spaces, with a header"),
        ("기온,판매량\n1,2\n3,4\n".encode("cp949"), "cp949, separated by commas, with a header"),
    ],
)
def test_what_people_have_is_read(content: str | bytes, about: str) -> None:
    dataset = read(content)
    assert columns(dataset) == ([1, 3], [2, 4])
    assert dataset.about == about


def test_a_column_without_a_name_is_left_out_unless_it_is_asked_for() -> None:
    content = ",x,y,\n1,2,3,\n2,5,7,\n"
    assert (read(content).inputs, read(content).target) == (("x",), "y")
    assert read(content, "column 1").x.tolist() == [1, 2]
    assert "has one named column only" in refusal(",y\n1,2\n")


def test_names_of_columns_may_hold_control_characters_and_data_may_not() -> None:
    assert read("\x1b[31mred\x07,\u202ey\n1,2\n3,4\n").inputs == ("\x1b[31mred\x07",)
    assert "line 3: there is a control character" in refusal("\x1bx,y\n1,2\n3,\x1b4\n")


def test_names_of_columns_are_kept_on_one_line() -> None:
    assert read('"price,\n""net"" ",,기온\n1,2,3\n').inputs == ('price, "net"',)
    assert read("기온,판매량\n1,2\n".encode("cp949")).target == "판매량"


def test_without_a_header_the_columns_are_called_x_and_y() -> None:
    assert (read("1,2\n").inputs, read("1,2\n").target) == (("x",), "y")
    assert (read("1,2,3\n").inputs, read("1,2,3\n").target) == (("x1", "x2"), "y")


@pytest.mark.parametrize(
    ("header", "features", "target", "x", "y"),
    [
        ("a,b,c\n", (), "a", [2, 3], [1]),
        ("a,b,c\n", ("b",), "", [2], [3]),
        ("a,b,c\n", ("c", "a"), "b", [3, 1], [2]),
        ("Price, Size ,c\n", ("size",), " PRICE ", [2], [1]),
        ("a,A,c\n", ("A",), "a", [2], [1]),
        ("가격,b,c\n", ("\u1100\u1161\u1100\u1167\u11a8",), "c", [1], [3]),
        ("", ("x2",), "", [2], [3]),
        ("", ("3", "1"), "2", [3, 1], [2]),
    ],
)
def test_columns_are_chosen_by_name_or_number(
    header: str, features: tuple[str, ...], target: str, x: list[float], y: list[float]
) -> None:
    assert columns(read(header + "1,2,3\n", *features, target=target)) == (x, y)


def test_columns_that_are_not_chosen_may_hold_anything() -> None:
    content = 'name,x,note,y\n"Kim, ""J""",1,"two\nlines, 7",2\n,3,5" pipe,4\n'
    assert columns(read(content, "x")) == ([1, 3], [2, 4])
    assert columns(read("Kim,1,2\nLee,3,4\n", "2")) == ([1, 3], [2, 4])
    assert columns(read("x,2024,y\n1,ok,2\n3,,4\n", "x")) == ([1, 3], [2, 4])


@pytest.mark.parametrize(
    ("features", "target", "sentence"),
    [
        (("d",), "", "t.csv has no column 'd': its columns are 'a', 'b', 'B ', 'b', 'c'"),
        (("b",), "", "t.csv has 2 columns 'b': rename them"),
        ((), "1", "t.csv has no column '1'"),
        (("a", "A"), "", "t.csv has one column 'a': name it once"),
        (("c",), "", "t.csv has one column 'c': it can't be an input and the target, choose another one"),
    ],
)
def test_columns_that_cannot_be_chosen_are_told(features: tuple[str, ...], target: str, sentence: str) -> None:
    said = refusal("a,b,B ,b,c\n1,2,3,4,5\n", *features, target=target)
    assert said.startswith(sentence.replace("'B '", "'B'"))


def test_long_lists_of_columns_are_shortened() -> None:
    many = ",".join(f"name{number}" for number in range(50))
    assert refusal(f"{many}\n", "x").endswith("'name9' and 40 more")
    assert refusal("1,2,3\n", "4") == (
        "t.csv has no header and no column '4': its columns are 'x1', 'x2', 'y', or 1 to 3"
    )


@pytest.mark.parametrize(
    ("cell", "sentence"),
    [
        ("abc", "'abc' in column 'price' is not a number: write one like 3 or -2.5"),
        ("", "column 'price' is empty: write a number or leave the row out"),
        ('"1,234"', "'1,234' in column 'price' has a thousands mark: write 1234"),
        ('"1,234,567.5"', "'1,234,567.5' in column 'price' has a thousands mark: write 1234567.5"),
        ("1 234", "'1 234' in column 'price' has a thousands mark: write 1234"),
        ("1\u202f234", "has a thousands mark: write 1234"),
        ("1'234", "'1'234' in column 'price' has a thousands mark: write 1234"),
        ("1.234.567", "'1.234.567' in column 'price' has a thousands mark: write 1234567"),
        ('"1.234,5"', "'1.234,5' in column 'price' has a thousands mark: write 1234.5"),
        ('"1,5"', "'1,5' in column 'price' has a decimal comma: write 1.5"),
        ('"-0,125"', "'-0,125' in column 'price' has a decimal comma: write -0.125"),
        ("2024-01-31", "'2024-01-31' in column 'price' is a date or a time: write a number"),
        ("31.01.2024", "is a date or a time"),
        ("1/31/2024", "is a date or a time"),
        ("2024년 1월 31일", "is a date or a time"),
        ("2024. 1. 31.", "is a date or a time"),
        ("12:30:00", "is a date or a time"),
        ("5%", "'5%' in column 'price' has a percent sign: write the number alone"),
        ("$5", "'$5' in column 'price' has a currency sign: write the number alone"),
        ("₩5000", "has a currency sign: write the number alone"),
        ("5000원", "has a currency sign: write the number alone"),
        *((gap, "stands for a number that is missing or not finite: write") for gap in ("nan", "inf", "-Infinity")),
        *((gap, "stands for a number that is missing or not finite: write") for gap in ("NA", "null", "None", "-")),
        *((gap, "stands for a number that is missing or not finite: write") for gap in ("#N/A", "#DIV/0!", "N/A")),
        ("1e39", "'1e39' in column 'price' is beyond float32: it must be from -3.4e38 to 3.4e38"),
        ("-1e999", "is beyond float32"),
        ("3.4028236e38", "is beyond float32"),
        ("9" * 5000, f"'{'9' * 40}...' in column 'price' is beyond float32"),
        ("9" * 200_000, "is beyond float32"),
        ("9" * 200_000 + "x", "is not a number"),
        ("٣", "'٣' in column 'price' is not written in plain digits: write 3"),
        ("１", "is not written in plain digits: write 1"),
        ("−5", "is not written in plain digits: write -5"),
        ("1_000", "'1_000' in column 'price' has an underscore: write 1000"),
        ("0x10", "'0x10' in column 'price' is hexadecimal: write 16"),
        ("true", "'true' in column 'price' is no number: write 1 or 0"),
        ("FALSE", "is no number: write 1 or 0"),
        ("1e", "is not a number"),
        ("1-2", "is not a number"),
        ("--1", "is not a number"),
        ("1d5", "is not a number"),
        ("1\u20282", "'1 2' in column 'price' is not a number"),
    ],
)
@pytest.mark.parametrize("before", ["", "1,2\n" * 10, '"1",2\n\n'])
def test_a_cell_that_is_no_number_is_refused_in_a_sentence(cell: str, sentence: str, before: str) -> None:
    said = refusal(f"price,y\n{before}{cell},2\n3,4\n")
    assert said.startswith(f"t.csv, line {2 + before.count(chr(10))}: ")
    assert sentence in said
    assert len(said) < 200
    assert len(said.splitlines()) == 1


@pytest.mark.parametrize("separator", [";", "\t", " "])
def test_decimal_commas_are_told_with_every_separator(separator: str) -> None:
    said = refusal(f"x{separator}y\n1{separator}2\n1,5{separator}2\n")
    assert said == "t.csv, line 3: '1,5' in column 'x' has a decimal comma: write 1.5"


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        ("", "t.csv is empty: it must have a row of numbers for every example"),
        ("\ufeff", "t.csv is empty"),
        ("\n\r\n  \n,,\n", "t.csv is empty"),
        ("x,y\n", "t.csv has a header but no rows: it must have a row of numbers for every example"),
        ("x,y\n,\n\n", "t.csv has a header but no rows"),
        ("x\n1\n2\n", "t.csv has one column only: it needs two or more, separated by commas, semicolons, tabs or"),
        ("1|2\n", "t.csv has one column only"),
        ("x,y\n1,2\n1,2,3\n", "t.csv, line 3: the row has 3 columns, but the first row has 2"),
        ("x,y\n\n1\n", "t.csv, line 3: the row has 1 column, but the first row has 2"),
        ('"x\n1",y\n1,2\n3\n', "t.csv, line 4: the row has 1 column, but the first row has 2"),
        ('x,y\n1,2\n3,"4\n5,6\n', "t.csv, line 3: a double quote is opened in this row and never closed"),
        ('x,y\n1,2\n"3"4,4\n', "t.csv, line 3: there is text behind a closing double quote"),
        ('"x,y\n1,2\n', "t.csv, line 1: a double quote is opened in this row and never closed"),
        ("1,abc\n", "t.csv, line 1: 'abc' is among numbers: a header has a name in words for every column"),
        ("\na,b,3\n", "t.csv, line 2: '3' is among names: a header has a name in words for every column"),
        (",".join("1" * (MOST_COLUMNS + 1)), f"t.csv has {MOST_COLUMNS + 1} columns: it can have at most 1000"),
        ("x,y\n1,2\n".encode("utf-16"), "t.csv is UTF-16 or UTF-32: save it as CSV UTF-8"),
        ("x,y\n1,2\n".encode("utf-16-le"), "t.csv is UTF-16 or UTF-32"),
        ("x,y\n1,2\n".encode("utf-16-be"), "t.csv is UTF-16 or UTF-32"),
        ("x,y\n1,2\n".encode("utf-32"), "t.csv is UTF-16 or UTF-32"),
        ("x,y\n1,2\n".encode("utf-32-le"), "t.csv is UTF-16 or UTF-32"),
        ("x,y\n1,2\n".encode("utf-32-be"), "t.csv is UTF-16 or UTF-32"),
        (b"\0" * 9999, "t.csv, line 1: there is a NUL byte, so this is no text: export it as CSV"),
        (b"x,y\n" + b"1,2\n" * 9999 + b"\0", "t.csv, line 10001: there is a control character"),
        ("x,y\n1,\x1b[31m2\n", "t.csv, line 2: there is a control character, so this is no text: export it as CSV"),
        ("é,y\n1,2\n".encode("latin-1"), "t.csv, line 1: there are bytes that are neither UTF-8 nor cp949"),
        (b"x,y\n1,2\n1,\xff\n", "t.csv, line 3: there are bytes that are neither UTF-8 nor cp949: save it as CSV"),
        (b"\xef\xbb\xbfx,y\n\xb0\xa1,2\n", "t.csv, line 2: there are bytes"),
        (b"PK\3\4 and so on", "t.csv is a spreadsheet or a zip archive, not a CSV file: export it as CSV"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "t.csv is a spreadsheet, not a CSV file"),
        (b"\x1f\x8b\x08", "t.csv is a gzip archive"),
        (b"%PDF-1.7", "t.csv is a PDF"),
        (b"\x89PNG\r\n\x1a\n", "t.csv is a picture"),
    ],
)
def test_a_file_that_is_no_table_is_refused_in_a_sentence(content: str | bytes, sentence: str) -> None:
    said = refusal(content)
    assert said.startswith("t.csv")
    assert sentence in said
    assert len(said.splitlines()) == 1


@pytest.mark.parametrize(
    ("path", "sentence"),
    [
        ("", "the name of the file is empty: give the name of a CSV file"),
        ("none.csv", "none.csv can't be read: there is no such file"),
        (".", ". is a folder: give the name of a CSV file"),
        ("/dev/zero", "/dev/zero is a pipe or a device: give the name of a CSV file"),
        ("pipe", "pipe is a pipe or a device: give the name of a CSV file"),
        ("socket", "socket can't be read: it is a socket or a device, give the name of a CSV file"),
        ("loop", "loop can't be read: its links go round in a loop"),
        ("n" * 999, f"{'n' * 999} can't be read: its name is too long"),
        ("a\0b", "a\0b is no name that a file can have"),
        ("\ud800", "\ud800 is no name that a file can have"),
        ("file/t.csv", "file/t.csv can't be read: not a directory"),
    ],
)
def test_what_is_no_file_is_refused_at_once(path: str, sentence: str) -> None:
    os.mkfifo("pipe")
    os.symlink("loop", "loop")
    Path("file").touch()
    with socket.socket(socket.AF_UNIX) as unix:
        unix.bind("socket")
    with pytest.raises(Unreadable) as refused:
        read_dataset(path)
    assert str(refused.value) == sentence


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_a_file_without_permission_is_refused() -> None:
    Path("t.csv").touch(mode=0)
    with pytest.raises(Unreadable, match=r"t\.csv can't be read: permission denied"):
        read_dataset("t.csv")


@pytest.mark.parametrize("before", ["", "x,y\n1,2\n"])
@pytest.mark.parametrize("characters", ["1", "é", '"', "1,"])
def test_an_endless_line_is_refused_without_reading_it_all(
    before: str, characters: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(file_lines, "LONGEST_LINE", 5000)
    monkeypatch.setattr(reader, "LONGEST_LINE", 5000)
    monkeypatch.setattr(file_lines, "_BATCH", 1000)
    said = refusal(before + characters * 10**6)
    assert said.startswith(f"t.csv, line {1 + before.count(chr(10))}: there are more than 5000 characters")


def test_a_line_may_be_as_long_as_the_longest() -> None:
    row = f"0.{'1' * (LONGEST_LINE - 4)},2"
    for content in (row, f"{row}\n", f"1,2\n{row}\n1,2\n", f'"x",y\n"1",2\n{row}'):
        assert 2 in read(content).y
        assert "there are more than 1000000 characters" in refusal(content.replace(",2", ",22"))


def test_values_that_float32_rounds_are_noted() -> None:
    assert read("x,y\n0.1,16777216\n1e30,3\n").notes[0].startswith("line 3: 1e30 becomes 1.000000015047466e+30 in")
    assert read("x,y\n0.1,2\n,\n1,16777217\n").notes == ("line 4: 16777217 becomes 16777216 in float32",)
    many = read('x,y\n"1",2\n' + "16777217,1\n" * 13)
    assert many.notes == (
        "line 3: 16777217 becomes 16777216 in float32, and 12 more values are rounded by more than 1e-6",
    )
    assert read("1e-60,1\n").notes == ("line 1: 1e-60 becomes 0 in float32",)
    assert read("16777217,1e-60\n").notes[0].endswith("and 1 more value is rounded by more than 1e-6")
    assert read("1,0\n0.1,-0\n").notes == ()


def test_numbers_of_any_length_are_read() -> None:
    assert columns(read(f"{'0' * 5000}7,1.{'0' * 5000}\n")) == ([7], [1])
    assert read("3.4028235e38,-3.4028235e38\n").x[0] == np.finfo(np.float32).max


@pytest.mark.parametrize("size", [0, 3, 100])
def test_a_file_that_changes_while_it_is_read_does_no_harm(size: int, monkeypatch: pytest.MonkeyPatch) -> None:
    loadtxt: Callable[..., object] = np.loadtxt

    def shrink(*given: object, **named: object) -> object:
        os.truncate("t.csv", size)
        os.unlink("t.csv")
        monkeypatch.setattr(np, "loadtxt", loadtxt)
        raise ValueError

    monkeypatch.setattr(np, "loadtxt", shrink)
    assert isinstance(outcome("x,y\n" + "1,16777217\n" * 9999), Dataset | str)


def test_a_file_that_shrinks_before_its_note_is_written_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    keep = Reader._keep

    def shrink(of: Reader, values: Numbers) -> None:
        keep(of, values)
        os.truncate("t.csv", 4)

    monkeypatch.setattr(Reader, "_keep", shrink)
    assert refusal("x,y\n" + "1,16777217\n" * 9999) == "t.csv changed while it was read: try again"


def test_no_file_stays_open() -> None:
    before = os.listdir("/dev/fd")
    read("x,y\n1,2\n")
    refusal(b"x,y\n1,\xff\n")
    refusal("x,y\n1,a\n")
    assert len(os.listdir("/dev/fd")) == len(before)


@IN_ONE_FOLDER
@given(st.binary() | st.text('0123456789.,;-+eE"\n\r\t xna가').map(str.encode), st.sampled_from([3, 1 << 17]))
@example(b'""x,1', 3)
@example(b'" ', 3)
def test_any_bytes_are_read_or_refused_in_one_line(content: bytes, batch: int) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(file_lines, "_BATCH", batch)
        found = outcome(content)
    if isinstance(found, str):
        assert len(found.splitlines()) == 1
        assert found.startswith("t.csv")
    else:
        assert len(found) > 0
        assert np.isfinite([*found.x, *found.y]).all()


@dataclass
class Written:
    """A table as text, and how it is written down."""

    header: list[str] | None
    rows: list[list[str]]
    texts: list[bool]
    """Which columns hold text that is no number."""
    content: bytes


NUMBERS = st.one_of(
    st.floats(-3e38, 3e38).map(repr),
    st.floats(-1e3, 1e3, width=32).map(repr),
    st.integers(-(10**6), 10**6).map(str),
    st.sampled_from(["+1", ".5", "1.", "-0", "1E+2", "1e-50", "007", "16777217", "3.25e-3"]),
)


@st.composite
def tables(draw: st.DrawFn) -> Written:
    encoding = draw(st.sampled_from(["utf-8", "utf-8-sig", "cp949"]))
    separator, end = draw(st.sampled_from(",;\t ")), draw(st.sampled_from(["\n", "\r\n", "\r"]))
    any_text = st.text() if encoding != "cp949" else st.text("가나힣ab ,;\t\"'\n=1")
    lost = r'[^\S \n]|[\x00-\x09\x0b-\x1f\x7f-\x9f\ud800-\udfff]|(?<=") +' + ("|\n" if separator == " " else "")
    words = any_text.map(lambda text: re.sub(lost, "", text))
    width = draw(st.integers(2, 5))
    texts = [False, False, *draw(st.lists(st.booleans(), min_size=width - 2, max_size=width - 2))]
    texts = draw(st.permutations(texts))
    rows = [[draw(words if text else NUMBERS) for text in texts] for _ in range(draw(st.integers(1, 12)))]
    names = [f"{draw(words)}n{number}" for number in range(width)]
    header = names if draw(st.booleans()) or any(texts) else None

    def cell(text: str) -> str:
        pad = " " * draw(st.integers(0, 2)) if separator != " " else ""
        if draw(st.booleans()) or not text or set(text) & set("\"',;\t\n ") or text.strip() != text:
            text = '"' + text.replace('"', '""').replace("\n", end) + '"'
        return pad + text + pad

    lines = []
    for row in [header, *rows] if header else rows:
        blanks = ["", "  ", "\t", '""', separator * 3]
        lines += draw(st.lists(st.sampled_from(blanks), max_size=2))
        run = separator if separator != " " else " " * draw(st.integers(1, 3))
        lines.append(run.join(map(cell, row)))
    content = end.join(lines) + end * draw(st.integers(0, 2))
    return Written(header, rows, texts, content.encode(encoding))


@IN_ONE_FOLDER
@given(tables(), st.sampled_from([1, 20, 1 << 17]))
def test_a_table_is_the_same_however_it_is_written(table: Written, batch: int) -> None:
    """Small batches break the file anywhere, and make the quick and the careful ways of reading meet."""
    assume(batch > 20 or "\n" not in "".join(table.header or ""))  # the separator is looked for in the first batch
    names = table.header or [*(f"x{number}" for number in range(1, len(table.texts))), "y"]
    names = ["x", "y"] if len(names) == 2 and not table.header else names
    names = [" ".join(name.split()) for name in names]
    chosen = [column for column, text in enumerate(table.texts) if not text]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(file_lines, "_BATCH", batch)
        dataset = read(table.content, *(names[column] for column in chosen[:-1]), target=names[chosen[-1]])
    expected = np.array([[float(row[column]) for column in chosen] for row in table.rows]).astype(np.float32)
    assert dataset.inputs == tuple(names[column] for column in chosen[:-1])
    assert dataset.target == names[chosen[-1]]
    assert np.array_equal(np.array(dataset.x).reshape(len(table.rows), -1), expected[:, :-1])
    assert np.array_equal(np.array(dataset.y), expected[:, -1])


@given(st.text("12+-.eE", min_size=1, max_size=6), st.booleans())
@IN_ONE_FOLDER
def test_the_quick_and_the_careful_way_agree_on_what_a_number_is(cell: str, quick: bool) -> None:
    content = f"x,y\n{cell},1\n" + ("" if quick else '"2",3\n')
    if NUMBER.fullmatch(cell) and abs(float(cell)) < 3e38:
        assert read(content).x[0] == np.float32(cell)
    else:
        refusal(content)
