"""The engine: what is on the screen is what runs, and every replay is equal to the bit."""

from dataclasses import replace

import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from core.data import LECTURE
from core.descent import Descent
from core.epoch import TorchEngine
from core.float32 import float32
from core.listing import GradientForm, Listing, Method, Phase
from core.lr import Lr
from core.state import Knobs, State

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


@given(a=st.floats(-(2.0**100), 2.0**100, width=32), b=st.floats(-(2.0**100), 2.0**100, width=32))
def test_float32_rounds_differences_and_products_as_torch_does(a: float, b: float) -> None:
    left, right = torch.tensor(a), torch.tensor(b)
    assert float32(a - b) == (left - right).item()
    assert float32(a * b) == (left * right).item()


def test_float32_beyond_the_largest_is_inf() -> None:
    assert float32(1e39) == float("inf")
    assert float32(-1e39) == -float("inf")
