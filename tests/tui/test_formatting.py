from math import inf, nan

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui.drawing.formatting import (
    column_decimals,
    fit,
    format_cost,
    format_factor,
    format_fixed,
    format_in_column,
    format_lr,
    format_lr_fraction,
    format_signed,
    format_weight,
)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (format_fixed(4.66666667, 6), "4.666667"),
        (format_fixed(-0.0001), "0.000"),
        (format_fixed(1.234e12), "1.23e+12"),
        (format_fixed(inf), "inf"),
        (format_weight(0.0004), "0.000400"),
        (format_weight(2e-7), "2.00e-07"),
        (format_cost(1.3e-7), "1.30e-07"),
        (format_cost(0.0), "0.000000"),
        (format_signed(1.4), "+1.400"),
        (format_signed(nan), "nan"),
        (format_lr(0.1), "0.1"),
        (format_lr_fraction(1 / 14), "1/14"),
        (format_factor(1.0000012), "1.000001"),
        (fit(-123456.0, "-123456.000", 9), "-1.2e+05"),
        (fit(0.00012, "+0.000120", 7), "+1e-04"),
    ],
)
def test_a_number_is_written_as_the_lecture_prints_it_where_that_shows_it(text: str, expected: str) -> None:
    assert text == expected


def test_digits_stand_under_digits_in_a_column() -> None:
    column = [1.4, -0.56, 0.0004]
    decimals = column_decimals(column, 11, sign="+")
    assert [format_in_column(value, decimals, 11, "+") for value in column] == ["+1.40000", "-0.56000", "+0.00040"]


def test_a_narrow_column_has_as_many_decimals_as_its_largest_number_leaves_room_for() -> None:
    assert column_decimals([4.666667, 0.000002], 9, 6) == 6
    assert column_decimals([29661.8, 12.5], 9, 6) == 5
    assert column_decimals([9298.5, 12.5], 9, 6) == 3


@given(st.floats(width=32), st.integers(7, 14), st.sampled_from(["", "+"]))
def test_a_number_always_leaves_a_gap_in_its_column(value: float, width: int, sign: str) -> None:
    decimals = column_decimals([value], width, sign=sign)
    assert len(format_in_column(value, decimals, width, sign)) < width
