"""What a chart looks like, as plain lines."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui.drawing.charts import Chart
from tui.drawing.scale import Scale, round_up


def lines(chart: Chart) -> list[str]:
    return ["".join(text for text, _ in row) for row in chart.rows()]


PARABOLA = [
    "4┤⢳⡀                  ⢀⡞",
    " │ ⢳⡀                ⢀⡞ ",
    " │  ⠱⡄              ⢠⠎  ",
    " │   ⠙⢆            ⡰⠋   ",
    " │    ⠈⠳⣄        ⣠⠞⠁    ",
    "0┤      ⠈⠑⠦⢄⣀●⡠⠴⠊⠁      ",
    " -2                    2",
]


def test_a_parabola_looks_like_one() -> None:
    chart = Chart(24, 7, Scale(-2, 2), Scale(0, 4))
    chart.line([(x / 40, (x / 40) ** 2) for x in range(-80, 81)], "curve")
    chart.mark((0, 0), "●", "point")
    assert lines(chart) == PARABOLA


def test_a_line_breaks_where_it_is_not_finite_and_what_lies_outside_is_cut() -> None:
    chart = Chart(12, 4, Scale(0, 10), Scale(0, 1))
    chart.line([(0, 0.5), (2, 0.5), (4, float("nan")), (6, float("inf")), (8, 0.5), (10, 1e38)], "curve")
    drawn = lines(chart)[1]
    assert drawn[2] not in " ⠀"
    assert drawn[6] == " "
    assert all(len(line) == 12 for line in lines(chart))


def test_an_arrow_points_at_its_end_from_either_side() -> None:
    chart = Chart(22, 3, Scale(0, 20), Scale(0, 1))
    chart.arrow(2, 12, 0.9, "arrow")
    chart.arrow(12, 2, 0.1, "arrow")
    above, below = lines(chart)[:2]
    assert "───▶" in above
    assert "◀───" in below


def test_an_arrow_that_leaves_the_picture_is_cut_at_its_rim() -> None:
    chart = Chart(22, 3, Scale(0, 20), Scale(0, 1))
    chart.arrow(10, 1e38, 0.9, "arrow")
    assert lines(chart)[0].rstrip().endswith("▶")
    chart.arrow(float("nan"), 1, 0.5, "arrow")
    chart.arrow(3, 3.1, 0.5, "arrow")


def test_a_chart_without_room_is_empty() -> None:
    for width, height in ((0, 0), (1, 1), (3, 1), (2, 5)):
        chart = Chart(width, height, Scale(0, 1), Scale(0, 1))
        chart.straight(lambda x: x, "curve")
        chart.mark((0.5, 0.5), "●", "point")
        assert chart.rows() == []


def test_a_log_axis_has_powers_of_ten() -> None:
    scale = Scale(1e-6, 10, log=True)
    assert scale.ticks(8) == [10.0**power for power in range(-6, 2)]
    assert scale.at(0) == 0
    assert scale.at(10) == 1
    assert scale.value(scale.at(0.01)) == pytest.approx(0.01)


def test_a_copy_leaves_the_original_as_it_was() -> None:
    chart = Chart(20, 5, Scale(0, 1), Scale(0, 1))
    before = chart.rows()
    other = chart.copy()
    other.mark((0.5, 0.5), "●", "point")
    assert chart.rows() == before
    assert other.rows() != before


@given(st.floats(1e-30, 1e38))
def test_a_rounded_number_is_1_2_or_5_and_not_smaller(value: float) -> None:
    rounded = round_up(value)
    assert rounded >= value * (1 - 1e-9)
    assert rounded <= value * 2.5 * (1 + 1e-9)
    assert f"{rounded:e}"[0] in "125"


@given(st.floats(-1e37, 1e37), st.floats(1e-3, 1e37), st.integers(1, 12))
def test_ticks_are_inside_and_few(low: float, length: float, most: int) -> None:
    scale = Scale(low, low + max(length, abs(low) * 1e-3))
    ticks = scale.ticks(most)
    assert len(ticks) <= most + 1
    assert all(-1e-6 <= scale.at(tick) <= 1 + 1e-6 for tick in ticks)


@given(
    st.lists(st.tuples(st.floats(width=32), st.floats(width=32)), max_size=6),
    st.integers(0, 60),
    st.integers(0, 20),
)
def test_any_points_can_be_drawn_and_every_row_keeps_its_width(
    points: list[tuple[float, float]], width: int, height: int
) -> None:
    chart = Chart(width, height, Scale(-5, 7), Scale(0, 10))
    chart.line(points, "curve", dashed=True)
    for x, y in points:
        chart.mark((x, y), "●", "point")
        chart.arrow(x, y, y, "arrow")
    assert all(len(line) == width for line in lines(chart))


@pytest.mark.parametrize(
    ("low", "high", "labels"),
    [
        (0, 10, ["0", "2", "4", "6", "8", "10"]),
        (-0.5, 2.5, ["-0.5", "0.0", "0.5", "1.0", "1.5", "2.0", "2.5"]),
        (0.9998, 1.0002, ["0.9998", "0.9999", "1.0000", "1.0001", "1.0002"]),
        (0, 4e5, ["0", "1e5", "2e5", "3e5", "4e5"]),
        (0, 6e-4, ["0", "1e-4", "2e-4", "3e-4", "4e-4", "5e-4", "6e-4"]),
        (1e38, 1.4e38, ["1.0e38", "1.1e38", "1.2e38", "1.3e38", "1.4e38"]),
    ],
)
def test_neighbouring_ticks_are_told_apart(low: float, high: float, labels: list[str]) -> None:
    assert [text for _, text in Scale(low, high).labels(6)] == labels


def test_a_log_axis_labels_its_powers() -> None:
    assert [text for _, text in Scale(1e-5, 100, log=True).labels(8)] == [
        "1e-5",
        "1e-4",
        "0.001",
        "0.01",
        "0.1",
        "1",
        "10",
        "100",
    ]


@given(st.floats(-100, 100), st.floats(1e-3, 1e4), st.integers(4, 40), st.booleans())
def test_the_ticks_of_a_value_axis_are_equally_far_apart(low: float, span: float, height: int, stretch: bool) -> None:
    y = Scale(low, low + span)
    chart = Chart(60, height, Scale(0, 1), y.stretched(height - 1) if stretch else y)
    rows = [index for index, line in enumerate(lines(chart)) if "┤" in line]
    assert len({after - before for before, after in pairwise(rows)}) <= 1
    assert span - 1e-9 <= chart.y.high - chart.y.low <= 1.2 * span + 1e-9


def test_no_label_of_the_axis_below_is_left_out_between_two() -> None:
    for width in range(8, 80):
        axis = lines(Chart(width, 5, Scale(0, 10), Scale(0, 1)))[-1]
        labels = [float(text) for text in axis.split()]
        assert len({after - before for before, after in pairwise(labels)}) <= 1
