"""The slides' formulas with an epoch's numbers, and the arithmetic of updates."""

import pytest

from core.edits import GradientForm, with_gradient_form, with_optimizer
from core.formulas import Formula, formulas
from core.program import Program
from core.state import EpochTrace, Opened, Slot, State, Step, Table
from core.update_arithmetic import update_arithmetic

ROWS = ((1.0,), (2.0,), (3.0,))
SGD = (("class", "SGD"), ("lr", 0.15), ("momentum", 0), ("dampening", 0), ("weight_decay", 0), ("nesterov", False))
Options = tuple[tuple[str, float | bool | str], ...]
Memory = tuple[tuple[str, tuple[float, ...]], ...]


def changed(options: Options, **changes: float | bool | str) -> Options:
    return tuple({**dict(options), **changes}.items())


def opened(program: Program, sizes: tuple[int, ...] = (1,)) -> Opened:
    slots = tuple(Slot(name, (size,)) for name, size in zip(program.parameters, sizes, strict=True))
    return Opened(program, State(), slots, table=Table(ROWS, ROWS, 3))


def trace(
    program: Program,
    w: tuple[float, ...],
    gradient: tuple[float, ...],
    after: tuple[float, ...],
    options: Options = (),
    memory: tuple[Memory, Memory] = ((), ()),
    grad: tuple[float, ...] | None = None,
    true: tuple[float, ...] | None = None,
) -> EpochTrace:
    bias = w[1] if len(w) == 2 else 0
    h = tuple((w[0] * x + bias,) for (x,) in ROWS)
    cost = sum((a - b) ** 2 for (a,), (b,) in zip(h, ROWS, strict=True)) / 3
    step = Step(0, None, after, None, memory[1])
    return EpochTrace(0, program, (step,), w, grad, memory[0], h, cost, gradient, true, after, options)


def written(formula: Formula) -> str:
    return " ".join((*formula.terms, *formula.numbers)) or formula.reason


def lines(program: Program, epoch: EpochTrace | None, sizes: tuple[int, ...] = (1,)) -> list[str]:
    return [written(formula) for formula in formulas(program, opened(program, sizes), epoch)]


def test_the_full_code_sums_so_its_gradient_is_not_the_derivative_of_its_cost() -> None:
    program = Program.read("weight_manual")
    assert lines(program, trace(program, (0.0,), (-14.0,), (1.4,))) == [
        "cost(W) = 1/m Σ (Wx − y)² = 1/3 (1.00 + 4.00 + 9.00) = 4.666667",
        "∇W = Σ (Wx − y)x = (−1.00 − 4.00 − 9.00) = −14.000",
        "W := W − α∇W = 0 − 0.1 · (−14.000) = 1.400",
    ]


@pytest.mark.parametrize("name", ["weight_manual", "weight_optim"])
def test_the_slides_mean_and_optim_have_the_derivative(name: str) -> None:
    program = with_gradient_form(Program.read(name), GradientForm.MEAN).with_lr(0.15)
    options = SGD if name.endswith("optim") else ()
    assert lines(program, trace(program, (0.0,), (-28 / 3,), (1.4,), options))[1:] == [
        "∇W = ∂cost/∂W = 2/m Σ (Wx − y)x = 2/3 (−1.00 − 4.00 − 9.00) = −9.333",
        "W := W − α∇W = 0 − 0.15 · (−9.333) = 1.400",
    ]


def test_a_mean_without_the_2_and_a_sum_as_the_cost_are_followed() -> None:
    program = Program.read("weight_manual")
    without = program.with_statement(program.lines[2].number, "gradient = ((W * x_train - y_train) * x_train).mean()")
    assert lines(without, None)[1] == "∇W = 1/m Σ (Wx − y)x"
    optim = Program.read("weight_optim")
    summed = optim.with_statement(optim.lines[1].number, "cost = torch.sum((hypothesis - y_train) ** 2)")
    assert lines(summed, None) == ["cost(W) = Σ (Wx − y)²", "∇W = ∂cost/∂W = 2 Σ (Wx − y)x", "W := W − α∇W"]
    error = optim.with_statement(optim.lines[1].number, "error = hypothesis - y_train\ncost = torch.mean(error ** 2)")
    assert lines(error, None) == lines(optim, None)
    mse = optim.with_statement(optim.lines[1].number, "cost = F.mse_loss(hypothesis, y_train)")
    assert lines(mse, None) == lines(optim, None)


def test_a_bias_and_many_inputs_have_their_signs() -> None:
    program = Program.read("bias_optim")
    epoch = trace(program, (0.0, 0.0), (-28 / 3, -4.0), (1.4, 0.6), SGD)
    assert lines(program, epoch, (1, 1)) == [
        "cost(W, b) = 1/m Σ (Wx + b − y)² = 1/3 (1.00 + 4.00 + 9.00) = 4.666667",
        "∇W = ∂cost/∂W = 2/m Σ (Wx + b − y)x = 2/3 (−1.00 − 4.00 − 9.00) = −9.333",
        "∇b = ∂cost/∂b = 2/m Σ (Wx + b − y) = 2/3 (−1.00 − 2.00 − 3.00) = −4.000",
        "W := W − α∇W = 0 − 0.15 · (−9.333) = 1.400",
        "b := b − α∇b = 0 − 0.15 · (−4.000) = 0.600",
    ]
    many = Program.read("features_no_bias_manual")
    assert lines(many, None, (3,)) == ["cost(W) = 1/m Σ (XW − y)²", "∇W = Σ (XW − y)x", "W := W − α∇W"]


def test_a_forgotten_zero_grad_is_seen_in_the_gradient() -> None:
    program = Program.read("weight_optim")
    epoch = trace(program, (1.4,), (-5.6,), (2.24,), SGD, grad=(-28 / 3,), true=(3.733333,))
    assert lines(program, epoch)[1].endswith("= 3.733 W.grad = −9.333 + 3.733 = −5.600")


@pytest.mark.parametrize(
    ("number", "text", "gone"),
    [
        (0, "hypothesis = x_train * W + 1", [1]),
        (1, "cost = torch.mean(torch.abs(hypothesis - y_train))", [0]),
        (2, "gradient = torch.sum(W * x_train - y_train)", [1]),
        (4, "W -= lr * torch.clamp(gradient, -1, 1)", [2]),
        (4, "W =- lr * gradient", [2]),
    ],
)
def test_where_a_line_is_another_one_a_sentence_says_so(number: int, text: str, gone: list[int]) -> None:
    program = Program.read("weight_manual")
    program = program.with_statement(program.lines[number].number, text)
    found = formulas(program, opened(program), None)
    assert [n for n, formula in enumerate(found) if formula.reason] == gone


@pytest.mark.parametrize(
    ("options", "memory", "after", "text"),
    [
        (SGD, ((), ()), 0.84, "W = 1.400 − 0.15 · 3.733 = 0.840"),
        (
            changed(SGD, momentum=0.9),
            ((("momentum_buffer", (-9.333333,)),), (("momentum_buffer", (-4.666667,)),)),
            2.1,
            "v = 0.9 · (−9.333) + 3.733 = −4.667; W = 1.400 − 0.15 · (−4.667) = 2.100",
        ),
        (
            changed(SGD, momentum=0.9, nesterov=True),
            ((("momentum_buffer", (-9.333333,)),), (("momentum_buffer", (-4.666667,)),)),
            1.47,
            "v = 0.9 · (−9.333) + 3.733 = −4.667; g = 3.733 + 0.9 · (−4.667) = −0.467; "
            "W = 1.400 − 0.15 · (−0.467) = 1.470",
        ),
        (
            changed(SGD, weight_decay=1),
            ((), ()),
            0.63,
            "g = 3.733 + 1 · 1.400 = 5.133; W = 1.400 − 0.15 · 5.133 = 0.630",
        ),
        (
            (("class", "Adam"), ("lr", 0.1), ("betas1", 0.9), ("betas2", 0.999), ("eps", 1e-8), ("weight_decay", 0)),
            ((), (("exp_avg", (0.373333,)), ("exp_avg_sq", (0.01393777,)), ("step", (1.0,)))),
            1.3,
            "m = 0.9 · 0 + 0.1 · 3.733 = 0.373; v = 0.999 · 0 + 0.001 · 3.733² = 0.014; "
            "m̂ = m / (1 − 0.9^1) = 3.733; v̂ = v / (1 − 0.999^1) = 13.938; W = 1.400 − 0.1 · 1.000 = 1.300",
        ),
    ],
)
def test_an_update_is_written_with_what_the_optimizer_remembers(
    options: Options, memory: tuple[Memory, Memory], after: float, text: str
) -> None:
    program = with_optimizer(Program.read("weight_optim"), momentum=0.9)
    epoch = trace(program, (1.4,), (3.733333,), (after,), options, memory)
    texts = update_arithmetic(epoch, opened(program), "W")
    assert (texts[0], texts[-1]) == (text, f"W {after:.3f}")


def test_a_literal_lr_is_the_one_that_ran_and_no_arithmetic_is_made_up() -> None:
    program = Program.read("weight_manual").with_lr(0.3)
    literal = program.with_statement(program.lines[-1].number, "W -= 0.1 * gradient")
    assert update_arithmetic(trace(literal, (1.4,), (5.6,), (0.84,)), opened(literal))[0].endswith(
        "− 0.1 · 5.600 = 0.840"
    )
    other = program.with_statement(program.lines[-1].number, "W =- lr * gradient")
    assert update_arithmetic(trace(other, (1.4,), (5.6,), (-1.68,)), opened(other)) == ("W −1.680",)
