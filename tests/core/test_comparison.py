"""Both methods from one W: what each computes, how they compare and why, with torch itself."""

import asyncio
from dataclasses import replace
from math import inf, nan

import pytest

from core.edits import GradientForm, with_gradient_form, with_start
from core.knobs import Knobs
from core.program import Method, Program
from core.study.comparison import Comparison, Difference, Relation, related
from tests.core.in_process import ENGINE, descent_at
from tui.panels.methods import Methods, about_gradients, about_next_w, compare


def compared(knobs: Knobs, epoch: int = 0) -> Comparison:
    found = asyncio.run(compare(ENGINE, descent_at(epoch, knobs)))
    assert isinstance(found, Comparison), found
    return found


def manual(change: str) -> Knobs:
    """The lecture's programs with the statement of manual exchanged that gives the same name its value."""
    knobs = Knobs.of()
    number = next(line.number for line in knobs.program.lines if line.name == change.split()[0])
    return knobs.with_program(knobs.program.with_statement(number, change))


@pytest.mark.parametrize("method", Method)
def test_the_lectures_gradients_differ_by_m_halves_and_its_lrs_make_up_for_it(method: Method) -> None:
    found = compared(Knobs.of(method=method))
    assert found.manual.gradient == (-14,)
    assert found.optim.gradient == pytest.approx((-28 / 3,))
    assert (found.known_ratio, found.lrs_match, found.difference) == (1.5, True, Difference.ROUNDED)
    assert found.manual.update == pytest.approx((1.4,))
    assert found.optim.cost_next == pytest.approx(0.746666, abs=1e-5)
    assert about_gradients(found)[0].startswith(
        "torch.sum is m/2 = 1.5 x the true gradient for m = 3; manual's lr makes up for it: 0.1 x 1.5 = 0.15"
    )


def test_with_another_lr_they_go_apart_and_the_lr_that_would_match_is_named() -> None:
    knobs = Knobs.of()
    found = compared(knobs.with_program(knobs.program.with_lr(0.05)))
    assert (found.difference, found.lrs_match) == (Difference.APART, False)
    assert "here lr 0.1 would match optim's 0.15" in about_gradients(found)[0]
    assert about_next_w(found)[0].startswith("next W differ as lr x gradient does: 0.05 x -14.000, 0.15 x -9.333")


def test_two_times_the_mean_is_the_true_gradient() -> None:
    knobs = Knobs.of()
    found = compared(knobs.with_program(with_gradient_form(knobs.program, GradientForm.MEAN)))
    assert found.known_ratio == 1
    assert about_gradients(found)[0].startswith("2 * torch.mean is the true gradient whatever m is")


def test_a_line_of_ones_own_is_compared_by_its_measured_ratio() -> None:
    found = compared(manual("gradient = 3 * torch.sum((W * x_train - y_train) * x_train)"))
    assert found.known_ratio == pytest.approx(4.5)
    assert about_gradients(found) == ("with these lines manual's gradient is 4.5 x optim's",)
    assert compared(manual("gradient = W + 1")).known_ratio is None


def test_an_update_of_ones_own_is_not_lr_times_gradient() -> None:
    found = compared(manual("W -= 0.3 * gradient"))
    assert found.difference is Difference.OWN_UPDATE
    assert about_next_w(found)[0].startswith("manual's update is not lr x gradient alone")


def test_near_the_minimum_only_rounding_is_left_of_the_ratio() -> None:
    found = compared(Knobs.of(), 30)
    assert (found.known_ratio, found.ratio_shows) == (1.5, False)


def test_optim_is_compared_with_what_is_left_in_grad_and_in_its_memory() -> None:
    knobs = Knobs.of(method=Method.OPTIM)
    momentum = knobs.program.text.replace("lr=0.15)", "lr=0.15, momentum=0.9)")
    found = compared(knobs.with_program(replace(knobs.program, text=momentum)), 3)
    assert found.difference is Difference.OWN_UPDATE
    assert about_next_w(found)[0].startswith("optim's update is not lr x gradient alone")


def test_programs_with_other_weights_or_none_can_not_be_compared() -> None:
    alone = Knobs(Program.read("weight_manual"))
    other = Knobs(Program.read("weight_manual"), Program.read("bias_optim"))
    sentences = [str(asyncio.run(compare(ENGINE, descent_at(0, knobs)))) for knobs in (alone, other)]
    assert sentences == [
        "this program has no other method to compare with",
        "the two programs have different weights: they can't be compared",
    ]


def test_from_a_far_start_numbers_beyond_float32_are_said() -> None:
    far = Knobs.of().edited(lambda program: with_start(program.with_lr(1e6), {"W": (3e38,)}))
    assert compared(far).difference is Difference.NOT_FINITE


def test_how_two_gradients_are_related() -> None:
    assert related((3.0, 6.0), (2.0, 4.0)) == (Relation.MULTIPLE, 1.5)
    assert related((3.0, 6.0), (2.0, 5.0))[0] is Relation.UNEVEN
    assert related((0.0,), (0.0,))[0] is Relation.BOTH_ZERO
    assert related((0.0,), (1.0,))[0] is Relation.ONE_ZERO
    assert related((inf,), (1.0,))[0] is related((nan,), (1.0,))[0] is Relation.NOT_FINITE


@pytest.mark.parametrize(("width", "steps"), [(76, "1 step"), (56, "1 ulp")])
def test_the_panel_has_a_row_a_quantity_and_why_they_differ(width: int, steps: str) -> None:
    panel = Methods()
    panel.set_reactive(Methods.comparison, compared(Knobs.of()))
    rows = ["".join(text for text, _style in row) for row in panel.draw(width, 12)]
    assert rows[0].split() == ["W", "0.000", "manual", "optim", "ratio"]
    assert rows[1].split() == ["gradient", "-14.000", "-9.333", "x", "1.5"]
    assert rows[2].split() == ["lr", "0.1", "0.15", "x", "2/3"]
    assert rows[4].split()[:2] == ["next", "W"]
    assert rows[4].endswith(steps)
    assert "torch.sum is m/2 = 1.5 x" in " ".join(rows[6:])
    assert all(len(row) <= width for row in rows)


def test_a_row_has_the_steepest_weights_where_there_are_many() -> None:
    panel = Methods()
    panel.set_reactive(Methods.comparison, compared(Knobs.of("bias")))
    rows = ["".join(text for text, _style in row) for row in panel.draw(76, 12)]
    assert rows[1].split() == ["W", "b", "W", "b"]
    assert rows[2].split()[:3] == ["gradient", "-14.000", "-6.000"]
