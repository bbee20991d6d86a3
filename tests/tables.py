"""Tables for tests."""

from array import array
from collections.abc import Sequence

from hypothesis import strategies as st

from core.data import Dataset


def a_table(rows: Sequence[Sequence[float]], y: Sequence[float], name: str = "a table") -> Dataset:
    """A table with these inputs, a row each, and this target."""
    inputs = ("x",) if len(rows[0]) == 1 else tuple(f"x{number}" for number in range(1, len(rows[0]) + 1))
    return Dataset(name, inputs, "y", array("f", (value for row in rows for value in row)), array("f", y))


@st.composite
def tables(draw: st.DrawFn, most_inputs: int = 4, least_rows: int = 1) -> Dataset:
    """Small tables of moderate numbers."""
    inputs, rows = draw(st.integers(1, most_inputs)), draw(st.integers(least_rows, 12))
    numbers = st.floats(-50, 50, width=32).map(lambda value: round(value, 2))
    table = draw(st.lists(st.lists(numbers, min_size=inputs, max_size=inputs), min_size=rows, max_size=rows))
    return a_table(table, draw(st.lists(numbers, min_size=rows, max_size=rows)))
