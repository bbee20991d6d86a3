"""How numbers are written, and outside text."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from tui.drawing.figures import fine, fixed, mark_text, signed, spelled_update
from tui.drawing.picture import unsqueezed
from tui.safe_text import safe_text


@given(st.floats(width=32))
def test_no_number_is_wider_than_its_column(value: float) -> None:
    assert len(fixed(value)) <= 9
    assert len(fixed(value, 6)) <= 12
    assert len(signed(value)) <= 10


def test_numbers_are_written_as_the_lecture_writes_them() -> None:
    assert (fixed(1.4), fixed(0.7466664, 6), fixed(1.5e12), fixed(float("nan"))) == (
        "1.400",
        "0.746666",
        "1.50e+12",
        "nan",
    )
    assert (signed(0.896), signed(-14), signed(0), fine(0.00367), fine(1e-6)) == (
        "+0.896",
        "-14.000",
        "+0.000",
        "0.003670",
        "1.00e-06",
    )


def test_the_update_is_spelled_out_with_as_many_digits_as_it_takes_to_see_it() -> None:
    assert spelled_update(1.064, 0.1, 0.896, 0.9744) == "1.064 - 0.1 x 0.896 = 0.974"
    assert spelled_update(0.99995, 0.1, -0.0007, 1.00002) == "0.99995 - 0.1 x -0.00070 = 1.00002"
    assert spelled_update(1.0, 0.1, 0.0, 1.0) == "1.000 - 0.1 x 0.000 = 1.000"


@pytest.mark.parametrize(
    ("lr", "text"), [(1 / 14, "1/14"), (3 / 28, "3/28"), (0.25, "1/4"), (0.0123456, "0.01235"), (2.0, "2")]
)
def test_a_mark_is_a_fraction_where_it_is_a_simple_one(lr: float, text: str) -> None:
    assert mark_text(lr) == text


def test_outside_text_is_shown_and_has_no_effect() -> None:
    assert safe_text("a\x1b[31m\u202e\u200b\nb") == "a\\x1b[31m\\u202e\\u200b\\nb"
    assert safe_text("한글 é 👩") == "한글 é 👩"


def test_korean_is_not_squeezed_in_a_picture() -> None:
    svg = '<text class="r" x="0" textLength="36.6" clip-path="u">계산&#160;</text>'
    assert unsqueezed(svg) == '<text class="r" x="0" textLength="61" clip-path="u">계산&#160;</text>'
    assert cell_len("계산 ") == 5
