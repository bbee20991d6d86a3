"""When a run has come to an end by itself."""

from array import array
from math import inf, nan

from core.ending import Ending, ending, first_ending
from core.state import Columns


def test_a_run_goes_on_while_w_changes() -> None:
    assert ending((0.0,), (1.4,), (0.84,), 0.7, 0.1) is None


def test_two_values_in_turn_are_bouncing_and_neighbours_are_settled() -> None:
    assert ending((0.0,), (2.0,), (0.0,), 4.7, 4.7) is Ending.BOUNCES
    assert ending((1.0,), (1.0000001192092896,), (1.0,), 0.0, 0.0) is Ending.SETTLED


def test_a_cost_or_weight_that_ceases_to_be_finite_ends_a_run() -> None:
    assert ending(None, (1.0,), (2.0,), 1.0, inf) is Ending.NOT_FINITE
    assert ending(None, (1.0,), (nan,), inf, nan) is Ending.NOT_FINITE


def test_a_cost_beyond_float32_from_the_start_ends_nothing() -> None:
    assert ending(None, (1e30,), (-4e29,), inf, inf) is None


def test_the_first_ending_is_found_by_its_index() -> None:
    epochs = Columns(array("f", [3, 2, 1, 1]), array("f", [1, 1, 0, 0]), array("f", [2, 1, 1, 1]))
    assert first_ending(epochs, None, (3.0,)) == (2, Ending.SETTLED)
    assert first_ending(epochs.part(0, 2), None, (3.0,)) is None
    broken = Columns(array("f", [3, inf, inf]), array("f", [1, 1, 0]), array("f", [9, 99, 999]))
    assert first_ending(broken, None, (3.0,)) == (0, Ending.NOT_FINITE)
