"""A run in plain sentences."""

import re
from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.data import LECTURE
from core.descent import Descent
from core.epoch import TorchEngine
from core.export.faults import CannotExport
from core.export.printable import code, name_of
from core.export.spelled import TINY, WIDE, arithmetic, is_lr_times_gradient, spelled
from core.export.transcript import FIRST, LAST, transcript
from core.float32 import float32
from core.lecture import PRINTED
from core.listing import Method
from core.state import Knobs
from tests.export.runs import OPTIM, RUNS, Run, line, lr, to

FINITE = st.floats(-1e6, 1e6, width=32)


def told(descent: Descent) -> str:
    return "".join(transcript(descent))


def test_every_epoch_of_the_lecture_is_a_paragraph_with_the_numbers_that_the_lecture_prints() -> None:
    text = told(Run.on("weight").epochs(10).descent)
    for epoch, (w, cost) in enumerate(PRINTED):
        assert f"\nEpoch {epoch}. W is {w}, and the cost is {cost}. The gradient is " in text
    assert (
        "Epoch 1. W is 1.400, and the cost is 0.746666. The gradient is 5.600. It is positive, so W gets smaller: "
        "0.1 times 5.600 is 0.560, 1.400 minus 0.560 is 0.840.\n"
    ) in text


def test_what_was_turned_is_told_where_it_was_turned() -> None:
    momentum = line("optimizer = ", "optimizer = optim.SGD([W], lr=0.15, momentum=0.9)")
    text = told(Run.on("weight").epochs(2).turn(lr(0.05)).epochs(2).turn(to(OPTIM)).turn(momentum).epochs(3).descent)
    paragraphs = text.split("\n\n")
    turned = [index for index, paragraph in enumerate(paragraphs) if paragraph.startswith("From epoch")]
    assert [paragraphs[index + 1].partition(".")[0] for index in turned] == ["Epoch 2", "Epoch 4"]
    assert paragraphs[turned[0]].endswith("lr is 0.05.")
    assert "its optimizer makes the update (optim). lr is 0.15. The line `optimizer = optim.SGD([W], lr=0.15)`" in text
    assert "The update is not lr times the gradient alone" in paragraphs[-3]


def test_momentum_is_said_to_be_something_else_once_an_epoch_though_it_moves_several_weights() -> None:
    momentum = line("optimizer = ", "optimizer = optim.SGD([W, b], lr=0.1, momentum=0.9)")
    *_, epoch = told(Run.on("weight_bias", OPTIM).turn(momentum).epochs(3).descent).split("\n\nEpoch ")
    epoch = epoch.partition("\n")[0]
    assert epoch.count("The update is not lr times the gradient alone: W goes from ") == 1
    assert epoch.count("The update is not lr times the gradient alone") == 1
    assert " b goes from " in epoch


def test_the_program_that_is_told_has_the_lr_that_it_ran_with() -> None:
    text = told(Run.on("weight").turn(lr(0.05)).epochs(1).turn(to(OPTIM)).turn(lr(0.3)).epochs(1).descent)
    assert "```python\noptimizer = optim.SGD([W], lr=0.3)\n" in text
    assert "```python\nlr = 0.05\n" in told(Run.on("weight").turn(lr(0.05)).epochs(1).descent)


def test_a_line_that_is_not_the_lectures_is_told_at_the_start() -> None:
    run = Run.on("weight").turn(line("gradient = ", "gradient = torch.mean(x_train) * W")).epochs(1)
    assert "in a way of its own. lr is 0.1.\n\nThis line is not the lecture's: `gradient = torch.mean" in told(
        run.descent
    )


def test_a_long_run_is_told_by_its_ends_and_turns_and_says_how_many_epochs_are_left_out() -> None:
    text = told(Run.on("weight").epochs(20_000).turn(lr(0.01)).epochs(30_000).descent)
    epochs = [int(number) for number in re.findall(r"^Epoch (\d+)\.", text, re.MULTILINE)]
    assert epochs == [*range(FIRST), 20_000, *range(50_001 - LAST, 50_001)]
    left_out = [int(count) for count in re.findall(r"^Here (\d+) epochs", text, re.MULTILINE)]
    assert len(epochs) + sum(left_out) == 50_001
    assert len(text) < 10_000


def test_inf_and_nan_are_told() -> None:
    text = told(RUNS["weight: manual until it is nan"])
    assert "W becomes -inf, which is beyond float32." in text
    assert (
        "Epoch 80. W is nan, and the cost is nan. The gradient is nan. W becomes nan, which is beyond float32." in text
    )
    assert "it has broken away" in text


@pytest.mark.parametrize("name", RUNS)
def test_every_run_can_be_told(name: str) -> None:
    descent = RUNS[name]
    text = told(descent)
    assert f"\nEpoch {len(descent.tape) - 1}. " in text
    assert all(text.isprintable() for text in text.split("\n"))


def test_a_run_that_has_not_begun_is_refused_in_a_sentence() -> None:
    with pytest.raises(CannotExport, match="nothing has run yet"):
        told(Descent())


@given(FINITE, st.floats(1e-3, 10), FINITE)
def test_the_sum_comes_out_as_it_is_printed_or_has_eight_decimals(w: float, lr: float, gradient: float) -> None:
    w_next = float32(w - float32(lr * gradient))
    numbers = arithmetic(w, lr, gradient, w_next)
    if max(abs(w), abs(lr * gradient), abs(w_next)) >= WIDE or abs(lr * gradient) < TINY or w == w_next:
        return
    step = Decimal(numbers.step).copy_sign(Decimal(lr * gradient))
    comes_out = Decimal(numbers.before) - step == Decimal(numbers.after)
    assert comes_out or len(numbers.after.partition(".")[2]) == 8
    assert is_lr_times_gradient(w, lr, gradient, w_next)


def test_an_update_that_is_something_else_is_found_out() -> None:
    assert not is_lr_times_gradient(1.0, 0.1, 2.0, 1.2)
    assert not is_lr_times_gradient(1.0, 0.1, 2.0, float("nan"))
    assert not is_lr_times_gradient(1.0, 0.1, 2.0, 0.8001)


def test_numbers_are_spelled_as_the_lecture_prints_them_and_small_ones_with_three_digits() -> None:
    assert [spelled(value) for value in (1.0, -0.0, 0.0004, -0.0000123, 1e-9, 2.5e12)] == [
        "1.000", "0.000", "0.000400", "-0.0000123", "0.000", "2.500e+12",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("hp", "hp"),
        ("시험 1", "시험 1"),
        ("<script>alert(1)</script>", "`<script>alert(1)</script>`"),
        ("[x](javascript:1)", "`[x](javascript:1)`"),
        ("a`b", "`` a`b ``"),
        ("\x1b[31m\u202e", "`?[31m?`"),
        ("_x_", "`_x_`"),
        ("", "``"),
    ],
)
def test_names_from_outside_stand_for_nothing_but_themselves(name: str, shown: str) -> None:
    assert name_of(name) == shown
    assert code("x") == "`x`"


def test_a_hostile_table_is_told_without_a_line_of_its_own() -> None:
    data = replace(LECTURE, name="x\n# y\r\x1b[2J", inputs=("<b>\u2028",), target="`")
    knobs = replace(Knobs.of_lecture(), method=Method.MANUAL)
    text = told(Descent(knobs, data).goto(4, TorchEngine(data)))
    assert "\x1b" not in text
    assert "\n# y" not in text
