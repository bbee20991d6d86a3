"""The engine: what is on the screen is what runs, and every replay is equal to the bit."""

import re
from dataclasses import replace

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from core.data import LECTURE
from core.descent import Descent
from core.epoch import TorchEngine
from core.float32 import float32
from core.listing import GradientForm, Listing, Method, Phase
from core.lr import Lr
from core.state import Knobs, RunFailed, State
from core.tape import Tape

ENGINE = TorchEngine(LECTURE)
floats = st.floats(-1e3, 1e3, width=32)
lrs = st.floats(0, 0.5)


def knobs(method: Method = Method.MANUAL, lr: float | None = None, form: GradientForm = GradientForm.SUM) -> Knobs:
    turned = replace(Knobs.of_lecture(), method=method, listing=Knobs.of_lecture().listing.with_gradient_form(form))
    return turned if lr is None else turned.with_lr(Lr.at(lr))


def test_a_changed_line_is_what_runs() -> None:
    listing = Listing.read("weight")
    number = listing.phase_lines(Method.MANUAL, Phase.GRADIENT)[0].number
    changed = replace(knobs(), listing=listing.with_line(number, "gradient = 3 * W + 7"))
    assert ENGINE.run_epoch(changed, 0, State((2.0,))).gradient == (13.0,)


@given(w=floats, lr=lrs, method=st.sampled_from(Method), count=st.integers(1, 8))
@settings(max_examples=40)
def test_epochs_run_together_and_one_by_one_are_equal_to_the_bit(
    w: float, lr: float, method: Method, count: int
) -> None:
    together = ENGINE.run_epochs(knobs(method, lr), State((w,)), count)
    state = State((w,))
    for number in range(count):
        epoch = ENGINE.run_epoch(knobs(method, lr), number, state)
        assert (epoch.cost, epoch.gradient[0], epoch.w_next[0]) == (
            together.cost[number],
            together.gradient[number],
            together.w_next[number],
        )
        state = State(epoch.w_next, epoch.gradient if method is Method.OPTIM else None)


def test_replays_are_equal_to_the_bit_with_one_and_two_threads() -> None:
    before = torch.get_num_threads()
    runs = []
    try:
        for threads in (1, 2):
            torch.set_num_threads(threads)
            runs.append(TorchEngine(LECTURE).run_epochs(knobs(Method.OPTIM), State(), 30).w_next.tobytes())
    finally:
        torch.set_num_threads(before)
    assert runs[0] == runs[1]


def test_what_grad_holds_is_part_of_the_state() -> None:
    listing = Listing.read("weight")
    zero_grad = listing.phase_lines(Method.OPTIM, Phase.GRADIENT)[0]
    assert zero_grad.text == "optimizer.zero_grad()"
    forgetful = replace(knobs(Method.OPTIM), listing=listing.with_line(zero_grad.number, "pass"))
    stepped = Descent(forgetful).goto(0, ENGINE)
    for _ in range(6):
        stepped = stepped.goto(stepped.next_epoch, ENGINE)
    at_once = Descent(forgetful).goto(24, ENGINE)
    assert [round(stepped.tape.w(n)[0], 3) for n in range(4)] == [0, 1.4, 2.24, 1.344]
    assert [stepped.tape.w(n) for n in range(7)] == [at_once.tape.w(n) for n in range(7)]


def with_optimizer(optimizer: str, program: str = "weight") -> Knobs:
    """The knobs of optim with another optimizer in its model."""
    of_lecture = replace(Knobs.of_lecture(program), method=Method.OPTIM)
    line = of_lecture.listing.model_lines(Method.OPTIM)[-1]
    return replace(of_lecture, listing=of_lecture.listing.with_line(line.number, f"optimizer = {optimizer}"))


@pytest.mark.parametrize(
    ("optimizer", "program"),
    [
        ("optim.SGD([W], lr=0.15, momentum=0.9)", "weight"),
        ("optim.SGD([W, b], lr=0.15, momentum=0.5, nesterov=True)", "weight_bias"),
        ("optim.Adam([W, b], lr=0.15)", "weight_bias"),
        ("optim.Adam([W], lr=0.15)", "weight"),
    ],
)
@given(stops=st.lists(st.integers(0, 40), min_size=1, max_size=6))
@settings(max_examples=10)
def test_what_the_optimizer_remembers_is_part_of_what_going_back_restores(
    optimizer: str, program: str, stops: list[int]
) -> None:
    changed = with_optimizer(optimizer, program)
    start = Descent(changed, tape=Tape(State((0.0,) * len(changed.listing.parameters))))
    at_once, winding = start.goto(160, ENGINE), start
    for epoch in stops:
        winding = winding.goto(4 * epoch, ENGINE)
        # to another lr and back again: what lies ahead is forgotten, and run anew from here
        winding = winding.turn(changed.with_lr(Lr.at(0.01)), ENGINE).turn(changed, ENGINE)
    winding = winding.goto(160, ENGINE)
    assert winding.measured.remembers
    assert [winding.tape.state(n) for n in range(42)] == [at_once.tape.state(n) for n in range(42)]
    assert winding.shown == at_once.shown


def test_momentum_is_what_torch_makes_of_it() -> None:
    run = Descent(with_optimizer("optim.SGD([W], lr=0.15, momentum=0.9)")).goto(80, ENGINE)
    w = torch.zeros(1, requires_grad=True)
    x = torch.FloatTensor([[1], [2], [3]])
    optimizer = torch.optim.SGD([w], lr=0.15, momentum=0.9)
    for epoch in range(20):
        assert run.tape.w(epoch) == (w.item(),)
        optimizer.zero_grad()
        torch.mean((x * w - x) ** 2).backward()
        optimizer.step()


def test_manual_leaves_what_the_optimizer_remembers_alone_and_another_optimizer_begins_without() -> None:
    changed = with_optimizer("optim.SGD([W], lr=0.15, momentum=0.9)")
    run = Descent(changed).goto(12, ENGINE)
    buffer = run.tape.state(3).memory
    assert [key for (_, key), _ in buffer] == ["momentum_buffer"]
    by_hand = run.turn(replace(changed, method=Method.MANUAL), ENGINE).goto(24, ENGINE)
    assert by_hand.tape.state(6).memory == buffer
    plain = by_hand.turn(replace(knobs(Method.OPTIM), optim_lr=changed.optim_lr), ENGINE).goto(28, ENGINE)
    assert plain.tape.state(7).memory == ()
    adam = run.turn(with_optimizer("optim.Adam([W], lr=0.15)"), ENGINE)
    assert adam.tape.w(4) != run.tape.w(4)


def test_lines_in_another_order_leave_in_grad_what_torch_leaves_there() -> None:
    listing = Listing.read("weight")
    (zero_grad, backward), (step,) = (
        listing.phase_lines(Method.OPTIM, phase) for phase in (Phase.GRADIENT, Phase.UPDATE)
    )
    for line, text in (
        (zero_grad, "pass"),
        (backward, "cost.backward()"),
        (step, "optimizer.step(); optimizer.zero_grad()"),
    ):
        listing = listing.with_line(line.number, text)
    other = replace(knobs(Method.OPTIM), listing=listing)
    at_once, stepped = Descent(other).goto(40, ENGINE), Descent(other)
    for epoch in range(11):
        stepped = stepped.goto(4 * epoch, ENGINE)
    lectures = Descent(knobs(Method.OPTIM)).goto(40, ENGINE)
    for run in (at_once, stepped):
        assert [run.tape.w(epoch) for epoch in range(11)] == [lectures.tape.w(epoch) for epoch in range(11)]


@given(w=floats, count=st.integers(2, 8))
@settings(max_examples=20)
def test_an_update_that_makes_another_w_is_run_on_from_that(w: float, count: int) -> None:
    listing = Listing.read("weight")
    update = listing.phase_lines(Method.MANUAL, Phase.UPDATE)[0]
    rebinding = replace(knobs(), listing=listing.with_line(update.number, "W = W - lr * gradient"))
    expected, got = (ENGINE.run_epochs(one, State((w,)), count).w_next.tobytes() for one in (knobs(), rebinding))
    assert got == expected


@pytest.mark.parametrize(
    ("number", "line", "why"),
    [
        (29, "gradient = 1 / 0", "line 29 can't be run: ZeroDivisionError: division by zero"),
        (33, "W = x_train", "the gradient and W must have as many numbers as W had"),
        (
            29,
            "gradient = torch.summ(W)",
            "line 29 can't be run: AttributeError: module 'torch' has no attribute 'summ'",
        ),
    ],
)
def test_a_line_that_cannot_be_run_is_named_and_told_in_a_sentence(number: int, line: str, why: str) -> None:
    listing = Listing.read("weight")
    changed = replace(knobs(), listing=listing.with_line(number, line))
    for run in (lambda: ENGINE.run_epoch(changed, 0, State()), lambda: ENGINE.run_epochs(changed, State(), 1)):
        with pytest.raises(RunFailed, match=re.escape(why)):
            run()


def test_the_sign_of_the_update_turned_round_is_measured_as_uphill() -> None:
    listing = Listing.read("weight")
    update = listing.phase_lines(Method.MANUAL, Phase.UPDATE)[0]
    uphill = replace(knobs(), listing=listing.with_line(update.number, "W += lr * gradient"))
    descent = Descent(uphill).goto(0, ENGINE)
    assert descent.measured.curvature == pytest.approx(-14, rel=1e-5)
    assert descent.effect.factor == pytest.approx(2.4, rel=1e-5)


@given(a=st.floats(-(2.0**100), 2.0**100, width=32), b=st.floats(-(2.0**100), 2.0**100, width=32))
def test_float32_rounds_differences_and_products_as_torch_does(a: float, b: float) -> None:
    left, right = torch.tensor(a), torch.tensor(b)
    assert float32(a - b) == (left - right).item()
    assert float32(a * b) == (left * right).item()


def test_float32_beyond_the_largest_is_inf() -> None:
    assert float32(1e39) == float("inf")
    assert float32(-1e39) == -float("inf")


def test_minus_zero_does_not_run_as_zero_does() -> None:
    engine = TorchEngine(LECTURE)
    still = with_optimizer("optimizer = optim.SGD([W], lr=0.15)").with_lr(Lr.at(0))
    after = [repr(engine.run_epochs(still, State((w,)), 1).w_next[0]) for w in (0.0, -0.0, 0.0)]
    assert after == ["0.0", "-0.0", "0.0"]
