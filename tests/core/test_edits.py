"""Edits that know the lecture's forms, and lines of the learner's own."""

import pytest

from core.edits import (
    PLACEHOLDER,
    GradientForm,
    check_edit,
    gradient_form,
    is_standardized,
    placeholder_line,
    sibling,
    standardized,
    tensor_table,
    with_call_forgotten,
    with_gradient_form,
    with_optimizer,
    with_start,
    with_table,
)
from core.program import Phase, Program, ProgramError

NAMES = [
    f"{name}_{method}" for name in ("weight", "bias", "features", "features_no_bias") for method in ("manual", "optim")
]
LOADTXT = (
    "xy = np.loadtxt('scores.csv', delimiter=',', dtype=np.float32)",
    "x_train = torch.FloatTensor(xy[:, :-1])",
    "y_train = torch.FloatTensor(xy[:, [-1]])",
)


def of(program: Program, name: str) -> str:
    return next(line.text for line in (*program.setup, *program.lines) if line.name == name)


@pytest.mark.parametrize("name", NAMES)
def test_the_form_of_the_gradient_turns_there_and_back(name: str) -> None:
    program = Program.read(name)
    mean = with_gradient_form(program, GradientForm.MEAN)
    if name.endswith("manual"):
        assert (gradient_form(program), gradient_form(mean)) == (GradientForm.SUM, GradientForm.MEAN)
    else:
        assert gradient_form(program) is None
    assert with_gradient_form(mean, GradientForm.SUM) == program


def test_a_gradient_of_ones_own_has_no_form() -> None:
    program = Program.read("weight_manual")
    assert of(with_gradient_form(program, GradientForm.MEAN), "gradient") == (
        "gradient = 2 * torch.mean((W * x_train - y_train) * x_train)"
    )
    assert gradient_form(program.with_statement(program.lines[2].number, "gradient = torch.sum(W * x_train)")) is None


@pytest.mark.parametrize(
    ("name", "start", "lines"),
    [
        ("weight_manual", {"W": (4.0,)}, ["W = torch.tensor([4.0])"]),
        ("weight_optim", {"W": (-0.10000000149011612,)}, ["W = torch.tensor([-0.1], requires_grad=True)"]),
        (
            "features_optim",
            {"W": (1.0, 2.0, 1e-5), "b": (0.5,)},
            [
                "W = torch.tensor([[1.0], [2.0], [1e-05]], requires_grad=True)",
                "b = torch.tensor([0.5], requires_grad=True)",
            ],
        ),
    ],
)
def test_a_start_is_written_into_the_line_and_zeros_are_the_original(
    name: str, start: dict[str, tuple[float, ...]], lines: list[str]
) -> None:
    program = Program.read(name)
    started = with_start(program, start)
    assert [of(started, parameter) for parameter in start] == lines
    assert with_start(started, {parameter: (0.0,) * len(values) for parameter, values in start.items()}) == program


@pytest.mark.parametrize("name", NAMES)
def test_another_table_takes_the_place_of_the_lectures_and_is_no_edit(name: str) -> None:
    program = with_table(Program.read(name), LOADTXT)
    start = program.text_lines.index("# 데이터")
    assert program.text_lines[start + 1 : start + 5] == (*LOADTXT, "# 모델 초기화")
    assert "import numpy as np" in program.text_lines[:start]
    assert not program.edited
    assert with_table(program, tensor_table([[1], [2.5]], [[1], [2]])).text.count("torch.FloatTensor") == 2


def test_a_small_table_is_written_as_the_slide_writes_it_and_a_wide_one_is_wrapped() -> None:
    rows = ((1.0,), (2.0,), (3.0,))
    assert tensor_table(rows, rows) == (
        "x_train = torch.FloatTensor([[1], [2], [3]])",
        "y_train = torch.FloatTensor([[1], [2], [3]])",
    )
    wide = tensor_table([(1.5, 100.25)] * 20, [(1.0,)] * 20)
    assert max(map(len, wide)) <= 110
    assert wide[0] == "x_train = torch.FloatTensor(["
    assert with_table(Program.read("features_manual"), wide).lines


@pytest.mark.parametrize("name", NAMES)
def test_inputs_are_standardized_by_one_line_below_the_table(name: str) -> None:
    program = with_table(Program.read(name), LOADTXT)
    scaled = standardized(program)
    assert scaled.text_lines[scaled.text_lines.index("# 모델 초기화") - 1].startswith(
        "x_train = (x_train - x_train.mean"
    )
    assert (is_standardized(program), is_standardized(scaled), scaled.edited) == (False, True, frozenset())
    assert standardized(scaled) == scaled
    assert standardized(scaled, False) == program


def test_a_sibling_has_the_table_the_lr_and_the_form_but_no_edits() -> None:
    program = with_gradient_form(standardized(with_table(Program.read("features_manual"), LOADTXT)), GradientForm.MEAN)
    program = program.with_lr(0.07).with_statement(program.lines[0].number, "hypothesis = x_train.matmul(W) + b + 1")
    other = sibling(program, bias=False)
    assert other.path == "core/programs/features_no_bias_manual.py"
    assert (other.lr, gradient_form(other), is_standardized(other)) == (0.07, GradientForm.MEAN, True)
    assert of(other, "hypothesis") == "hypothesis = x_train.matmul(W)"
    assert sibling(Program.read("weight_optim"), True).with_lr(0.15) == Program.read("bias_optim")
    with pytest.raises(ProgramError):
        sibling(Program(program.text, "mine.py"), bias=True)


def test_experiments_are_texts() -> None:
    program = Program.read("weight_optim")
    forgotten = with_call_forgotten(program, "zero_grad")
    assert [line.text for line in forgotten.lines][3] == "pass  # zero_grad() forgotten"
    assert [line.phase for line in forgotten.lines] == [line.phase for line in program.lines]
    assert [line.phase for line in with_call_forgotten(program, "step").lines][-1] is Phase.UPDATE
    momentum = with_optimizer(program.with_lr(1e-5), momentum=0.9)
    assert of(momentum, "optimizer") == "optimizer = optim.SGD([W], lr=1e-5, momentum=0.9)"


def test_a_line_that_is_still_to_be_written_keeps_its_phase() -> None:
    program = Program.read("weight_manual")
    for line in program.lines:
        empty = program.with_statement(line.number, PLACEHOLDER)
        found = placeholder_line(empty)
        assert found
        assert (found.number, found.phase) == (line.number, line.phase)
    assert placeholder_line(program) is None


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("hypothesis", "hypothesis = torch.sigmoid(x_train * W)"),
        ("cost", "cost = F.mse_loss(hypothesis, y_train)"),
        ("gradient", "gradient = np.sum(((W * x_train - y_train) * x_train).numpy(), axis=0)"),
        ("W", "W = W - lr * torch.clamp(gradient, -1, 1)"),
        ("W", "W =- lr * gradient"),
        ("W", "pass"),
    ],
)
def test_any_one_statement_may_take_a_lines_place(old: str, new: str) -> None:
    program = Program.read("weight_manual")
    number = next(line.number for line in program.lines if line.name == old)
    edited = check_edit(program, number, new)
    assert next(line for line in edited.lines if line.number == number).text == new
    assert [line.phase for line in edited.lines] == [line.phase for line in program.lines]


def test_the_setup_and_the_header_may_be_edited() -> None:
    program = Program.read("weight_optim")
    number = next(line.number for line in program.setup if line.name == "optimizer")
    assert check_edit(program, number, "optimizer = torch.optim.Adam([W], lr=0.01)").lr == 0.01
    assert check_edit(program, program.header.number, "for epoch in range(5):").nb_epochs == 5
    with pytest.raises(ProgramError, match="begins the loop"):
        check_edit(program, program.header.number, "if epoch:")


@pytest.mark.parametrize(
    ("old", "new", "sentence"),
    [
        ("cost", "", "is empty"),
        ("cost", "# cost", "is empty"),
        ("cost", "...", "still to be written"),
        ("cost", "cost = torch.mean((hypothesis - y_train) ^ 2)", r"\*\* is"),
        ("cost", "cost = torch.mean(hypothesis", "not Python: '\\(' was never closed"),
        ("cost", "cost = 1; cost = 2", "these are 2 statements"),
        ("cost", "loss = torch.mean((hypothesis - y_train) ** 2)", "gives cost its value"),
        ("gradient", "gradient == 1", "keeps nothing"),
        ("W", "W2 = W - lr * gradient", "has to change W"),
        ("W", "print(W)", "has to change W"),
    ],
)
def test_what_is_no_line_of_the_loop_gets_a_sentence(old: str, new: str, sentence: str) -> None:
    program = Program.read("weight_manual")
    number = next(line.number for line in program.lines if line.name == old)
    with pytest.raises(ProgramError, match=sentence):
        check_edit(program, number, new)
