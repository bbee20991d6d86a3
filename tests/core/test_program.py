"""Programs as texts: the slides' own, differently written loops, and the laws of their knobs."""

import pickle

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.lr import RUNGS
from core.program import Method, Phase, Program, ProgramError

DATA = """\
# 데이터
x_train = torch.FloatTensor([[1], [2], [3]])
y_train = torch.FloatTensor([[1], [2], [3]])
# 모델 초기화
"""
LOOP = """
nb_epochs = 10
for epoch in range(nb_epochs + 1):

    # H(x) 계산
    hypothesis = x_train * W

"""
MANUAL = f"""{DATA}W = torch.zeros(1)
# learning rate 설정
lr = 0.1
{LOOP}    # cost gradient 계산
    cost = torch.mean((hypothesis - y_train) ** 2)
    gradient = torch.sum((W * x_train - y_train) * x_train)

    print('Epoch {{:4d}}/{{:}} W: {{:.3f}}, Cost: {{:.6f}}'.format(
        epoch, nb_epochs, W.item(), cost.item()
    ))

    # cost gradient로 H(x) 개선
    W -= lr * gradient
"""
OPTIM = f"""{DATA}W = torch.zeros(1, requires_grad=True)
# optimizer 설정
optimizer = optim.SGD([W], lr=0.15)
{LOOP}    # cost 계산
    cost = torch.mean((hypothesis - y_train) ** 2)

    print('Epoch {{:4d}}/{{:}} W: {{:.3f}} Cost: {{:.6f}}'.format(
        epoch, nb_epochs, W.item(), cost.item()
    ))

    # cost로 H(x) 개선
    optimizer.zero_grad()
    cost.backward()
    optimizer.step()
"""
NAMES = [f"{name}_{method}" for name in ("weight", "bias", "features", "features_no_bias") for method in Method]
H, C, G, U, O = Phase  # noqa: E741


@pytest.mark.parametrize(("name", "slide"), [("weight_manual", MANUAL), ("weight_optim", OPTIM)])
def test_the_built_in_pair_is_the_slides_code_byte_for_byte(name: str, slide: str) -> None:
    imports, _blank, code = Program.read(name).text.partition("\n\n")
    assert code == slide
    assert set(imports.split("\n")) <= {"import torch", "from torch import optim"}


@pytest.mark.parametrize("slide", [MANUAL, OPTIM])
def test_the_slides_lines_are_what_is_stepped(slide: str) -> None:
    program = Program(slide)
    phases = [line.phase for line in program.lines]
    assert phases == ([H, C, G, O, U] if slide is MANUAL else [H, C, O, G, G, U])
    assert (program.cost, program.parameters, program.nb_epochs, program.uses_lr) == ("cost", ("W",), 10, True)
    assert (program.method, program.lr) == ((Method.MANUAL, 0.1) if slide is MANUAL else (Method.OPTIM, 0.15))
    assert program.gradients == ((("W", "gradient"),) if slide is MANUAL else ())
    assert program.header.text == "for epoch in range(nb_epochs + 1):"
    printed = next(line for line in program.lines if line.text.startswith("print"))
    assert (printed.end - printed.number, printed.text.count("\n")) == (2, 2)


@pytest.mark.parametrize("name", NAMES)
def test_every_built_in_program_has_its_phases_and_its_knobs(name: str) -> None:
    program = Program.read(name)
    assert {line.phase for line in program.lines} == set(Phase)
    assert program.path == f"core/programs/{name}.py"
    assert program.parameters == (("W",) if name.startswith(("weight", "features_no")) else ("W", "b"))
    assert program.lr
    assert program.nb_epochs
    assert not program.edited
    if program.method is Method.MANUAL and "b" in program.parameters:
        assert program.gradients == (("W", "gradient_W"), ("b", "gradient_b"))


SETUP = "import torch\nx = torch.ones(3)\ny = torch.ones(3)\nW = torch.zeros(1)\nb = torch.zeros(1)\nlr = 0.1\n"
OPTIMIZER = "optimizer = torch.optim.Adam([W, b], lr=lr)\n"
LOOPS = {
    "the update assigned": (
        "h = x * W|cost = ((h - y) ** 2).mean()|g = ((h - y) * x).sum()|W = W - lr * g",
        [H, C, G, U],
    ),
    "the update's signs swapped": (
        "h = x * W|loss = ((h - y) ** 2).mean()|g = (h - y).sum()|W =- lr * g",
        [H, C, G, U],
    ),
    "the error by a name": (
        "h = x * W|cost = torch.mean((h - y) ** 2)|error = h - y|g = torch.sum(error * x)|W -= lr * g",
        [H, C, G, G, U],
    ),
    "the cost of the error": ("e = x * W - y|cost = torch.mean(e ** 2)|g = torch.sum(e * x)|W -= lr * g", [H, C, G, U]),
    "no gradient of its own": ("h = x * W|J = ((h - y) ** 2).mean()|W -= lr * ((h - y) * x).sum()", [H, C, U]),
    "in place": ("h = x * W|cost = ((h - y) ** 2).mean()|g = (h - y).sum()|W.sub_(lr * g)", [H, C, G, U]),
    "data and grad": (
        "cost = ((x * W - y) ** 2).mean()|cost.backward()|W.data -= lr * W.grad|W.grad.zero_()",
        [C, G, U, O],
    ),
    "no_grad": (
        "l = ((x * W + b - y) ** 2).mean()|l.backward()|with torch.no_grad():\n        W -= 0.1 * W.grad\n"
        "        b -= 0.1 * b.grad|W.grad = None",
        [C, G, U, U, O],
    ),
    "for each parameter": (
        "cost = ((x * W - y) ** 2).mean()|cost.backward()|for p in [W, b]:\n        p.data -= lr * p.grad",
        [C, G, U],
    ),
    "zero_grad first": (
        "optimizer.zero_grad()|h = x * W + b|l = ((h - y) ** 2).mean()|l.backward()|optimizer.step()",
        [G, H, C, G, U],
    ),
    "zero_grad last": (
        "h = x * W|loss = ((h - y) ** 2).mean()|loss.backward()|optimizer.step()|optimizer.zero_grad()",
        [H, C, G, U, O],
    ),
    "running sums and a scheduler": (
        "h = x * W|loss = ((h - y) ** 2).mean()|total += loss.item()|loss.backward()|optimizer.step()|scheduler.step()",
        [H, C, O, G, U, O],
    ),
    "a print under a condition": (
        "h = x * W + b|cost = ((h - y) ** 2).mean()|g = h - y|if epoch:\n        print(W)|W -= lr * g|b -= lr * g",
        [H, C, G, O, U, U],
    ),
    "the cost after the update": ("h = x * W|g = (h - y).sum()|W -= lr * g|cost = ((h - y) ** 2).mean()", [H, G, U, C]),
}


@pytest.mark.parametrize("case", LOOPS)
def test_differently_written_loops_have_their_phases(case: str) -> None:
    body, phases = LOOPS[case]
    setup = SETUP + (OPTIMIZER + "scheduler = None\ntotal = 0\n" if "optimizer" in body else "")
    text = setup + "for epoch in range(100):\n" + "".join(f"    {line}\n" for line in body.split("|"))
    program = Program(text + "for k in range(3):\n    print(k)\n")
    assert [line.phase for line in program.lines] == phases
    assert program.parameters[0] == "W"
    assert (program.lr, program.nb_epochs) == (0.1, 100)


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("x = 1\nfor i in range(3):\n    print(i)\n", "no loop that trains"),
        ("W = 0\nwhile W < 3:\n    loss.backward()\n", "line 2: a while loop"),
        (
            SETUP + OPTIMIZER + "def f():\n    return 0\nfor e in range(3):\n    optimizer.step(f)\n",
            "line 11: step(closure)",
        ),
        ("def train():\n    for e in range(3):\n        loss.backward()\n", "line 2: this loop trains, but"),
        (SETUP + "for e in range(3):\n    for i in x:\n        loss.backward()\n", "line 8: a loop over batches"),
        (SETUP + "for e in range(3):\n    W -= 1\n", "line 7: the loop has no cost"),
        ("W = 0\nfor e in range(3:\n", "line 2: "),
        ("W = '\0'\n", ".*null bytes"),
    ],
)
def test_what_cannot_be_stepped_is_one_sentence_with_its_line(text: str, sentence: str) -> None:
    with pytest.raises(ProgramError, match="^" + sentence.replace("(", r"\(").replace(")", r"\)")):
        Program(text).check()
    assert Program(text).lr is None


LRS = st.sampled_from(RUNGS) | st.floats(0, 1e6)


@given(name=st.sampled_from(NAMES), lr=LRS, count=st.integers(0, 10**9))
def test_a_literal_reads_back_exactly_and_turned_back_it_is_the_same_text(name: str, lr: float, count: int) -> None:
    program = Program.read(name)
    turned = program.with_lr(lr).with_nb_epochs(count)
    assert (turned.lr, turned.nb_epochs) == (lr, count)
    read = Program(turned.text)
    assert (read.lr, read.nb_epochs, read.lr_line) == (lr, count, program.lr_line)
    assert (read.setup, read.header, read.lines) == (turned.setup, turned.header, turned.lines)
    assert turned.same_setup(program)
    assert turned.same_lines(program)
    assert not turned.edited
    assert turned.with_nb_epochs(program.nb_epochs or 0).with_lr(program.lr or 0).text == program.text


def test_an_lr_is_written_in_few_characters_and_a_learners_own_writing_comes_back() -> None:
    program = Program.read("weight_manual")
    written = [program.with_lr(lr).text_lines[(program.lr_line or 0) - 1] for lr in (0.1, 1e-5, 1 / 14, 1.5e-30)]
    assert written == ["lr = 0.1", "lr = 1e-5", "lr = 0.07142857142857142", "lr = 1.5e-30"]
    own = Program(MANUAL.replace("lr = 0.1", "lr = 1e-1  # 학습률"))
    assert "lr = 0.3  # 학습률" in own.with_lr(0.3).text
    assert own.with_lr(0.3).with_lr(0.1).text == own.text


@pytest.mark.parametrize(
    ("header", "last"),
    [("range(nb_epochs + 1)", 10), ("range(nb_epochs)", 9), ("range(1, nb_epochs + 1)", 9), ("tqdm(range(11))", 10)],
)
def test_past_the_last_epoch_the_literal_follows(header: str, last: int) -> None:
    program = Program(MANUAL.replace("range(nb_epochs + 1)", header))
    count = program.nb_epochs or 0
    assert [program.nb_epochs_at(epoch) - count for epoch in (0, last, last + 1, last + 5)] == [0, 0, 1, 5]


def test_edited_lines_are_those_that_differ_and_keep_their_phases() -> None:
    program = Program.read("weight_manual")
    gradient, update = program.lines[2].number, program.lines[-1].number
    edited = program.with_statement(gradient, "grad = 1.0").with_statement(update, "...").with_lr(0.3)
    assert edited.edited == {gradient, update}
    assert [line.phase for line in edited.lines] == [line.phase for line in program.lines]
    longer = program.with_lines(update, update - 1, "    # mine")
    assert longer.edited == {update}
    assert longer.same_lines(program)
    assert edited.unedited == program


def test_a_statement_of_several_lines_is_exchanged_whole_and_keeps_its_place() -> None:
    program = Program(MANUAL)
    printed = next(line for line in program.lines if line.text.startswith("print"))
    edited = program.with_statement(printed.number, "if epoch:\n    print(W)")
    assert len(edited.text_lines) == len(program.text_lines) - 1
    assert edited.text_lines[printed.number] == "        print(W)"
    assert edited.with_statement(edited.header.number, "for i in range(3):").header.name == "i"


def test_a_program_goes_through_a_pipe_without_what_it_has_parsed() -> None:
    program = Program.read("weight_optim")
    edited = program.with_statement(program.lines[-1].number, "...")
    edited.check()
    copy = pickle.loads(pickle.dumps(edited))
    assert (copy, copy.lines, copy.original) == (edited, edited.lines, program.text)
    assert len(pickle.dumps(edited)) < 3 * len(edited.text.encode())
