"""What a line of one's own may be, and the sentence with which another is refused."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.listing import GradientForm, Listing, Method, Phase
from core.trial.allowed import LONGEST, checked, why_fixed
from core.trial.statement import Refused

LISTING = Listing.read("weight")
GRADIENT = LISTING.phase_lines(Method.MANUAL, Phase.GRADIENT)[-1].number
OPTIMIZER = LISTING.model_lines(Method.OPTIM)[-1].number


def refusal(text: str, number: int = GRADIENT, method: Method = Method.MANUAL) -> str:
    with pytest.raises(Refused) as refused:
        checked(text, number, LISTING, method)
    return str(refused.value)


@pytest.mark.parametrize("program", ["weight", "weight_bias", "features", "features_no_bias"])
@pytest.mark.parametrize("method", Method)
def test_every_line_of_the_lecture_may_stand_where_it_stands(program: str, method: Method) -> None:
    for form in GradientForm:
        listing = Listing.read(program).with_gradient_form(form)
        for line in (*listing.lines(method), *listing.model_lines(method)):
            if not why_fixed(line, listing, method):
                assert checked(line.text, line.number, listing, method) == line.text


@pytest.mark.parametrize(
    "text",
    [
        "gradient = 2 / len(x_train) * torch.sum((W * x_train - y_train) * x_train)",
        "gradient = 2 * ((hypothesis - y_train) * x_train).mean(dim=0)",
        "gradient = (x_train.T @ (hypothesis - y_train))[0] * 2 / x_train.shape[0]",
        "gradient = 2 * torch.mean(error_free)".replace("error_free", "(hypothesis - y_train) * x_train"),
        "gradient = -1e-3 * W ** 3 + float(lr)",
        "gradient = torch.nn.functional.mse_loss(hypothesis, y_train)",
        "gradient = torch.tensor([1.0, 2.0])[:1]",
        "W.sub_(lr * cost)",
        "W.grad = None",
        "W -= lr * gradient  # 내 업데이트",
        "pass",
        "  gradient = W  ",
    ],
)
def test_arithmetic_of_every_kind_is_allowed(text: str) -> None:
    assert checked(text, GRADIENT, LISTING, Method.MANUAL) == text.strip()


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("import os", "import is not allowed"),
        ("from os import system", "import is not allowed"),
        ("while True: pass", "while is not allowed"),
        ("for i in x_train: pass", "for is not allowed"),
        ("if W > 0: pass", "if is not allowed"),
        ("with torch: pass", "with is not allowed"),
        ("def f(): pass", "def is not allowed"),
        ("class C: pass", "class is not allowed"),
        ("return W", "return is not allowed"),
        ("yield W", "yield is not allowed"),
        ("del W", "del is not allowed"),
        ("raise W", "raise is not allowed"),
        ("W = 1; W = 2", "; is not allowed"),
        ("gradient = (W := 3)", ":= is not allowed"),
        ("gradient = lambda: W", "lambda is not allowed"),
        ("gradient = [w for w in W]", "a comprehension is not allowed"),
        ("gradient = sum(w for w in W)", "a comprehension is not allowed"),
        ("gradient = f'{W}'", "an f-string is not allowed"),
        ("gradient = 'W'", "a text is not allowed"),
        ("gradient = W if W else W", "if is not allowed"),
        ("gradient = W is W", "W is W is not allowed"),
        ("gradient = {}", "{} is not allowed"),
        ("gradient: float = 2", "a type is not allowed"),
        ("gradient = open('/etc/passwd')", "open is not allowed"),
        ("exit()", "exit is not allowed"),
        ("print(W)", "print is not allowed"),
        ("gradient = __import__('os').system('ls')", "__import__ is not allowed"),
        ("gradient = W.__class__", "W.__class__ is not allowed"),
        ("gradient = torch.load('file')", "torch.load is not allowed"),
        ("gradient = torch._C", "torch._C is not allowed"),
        ("gradient = torch.zeros(10 ** 9)", "torch.zeros is not allowed"),
        ("gradient = torch.sum(W, out=x_train)", "out= is not allowed"),
        ("gradient = torch.sum(*W)", "* is not allowed"),
        ("gradient = torch.sum(**W)", "**= is not allowed"),
        ("gradient = x_train.expand(10 ** 9)", "x_train.expand is not allowed"),
        ("gradient = x_train.repeat(1000)", "x_train.repeat is not allowed"),
        ("gradient = 10 ** 10 ** 10", "an exponent must be a number from -16 to 16"),
        ("gradient = 9 ** W", "an exponent must be a number from -16 to 16"),
        ("gradient **= 99", "an exponent must be a number from -16 to 16"),
        ("gradient = pow(9, 10 ** 9)", "an exponent must be a number from -16 to 16"),
        ("gradient = round(9, -10 ** 9)", "an exponent must be a number from -16 to 16"),
        ("gradient = ((9 ** 9) ** 9) ** 9", "a power inside a power"),
        ("gradient = (9 ** 9 + 1) ** 9", "a power inside a power"),
        ("gradient = [1] * 10 ** 9", "a list is no number"),
        ("gradient = 1e999", "the number is too large"),
        ("gradient = 9999999999999999", "the number is too large"),
        ("gradent = W", "gradent is not known here: the program knows cost, gradient, hypothesis, lr, torch, W"),
        ("gradient = optim", "optim is not known here"),
        ("gradient = W(3)", "W is no function"),
        ("gradient = sum", "sum is a function"),
        ("x_train = W", "x_train must stay as it is"),
        ("x_train -= 1", "x_train must stay as it is"),
        ("W[0] = 3", "only a name of the program can be given a value"),
        ("W", "the line computes something and keeps nothing"),
        ("...", "still to be written"),
        ("# nothing", "the program must hand over a value here"),
        ("   ", "the program must hand over a value here"),
        ("gradient = (W", "Python can't read it at column 12: '(' was never closed"),
        ("gradient = W +", "Python can't read it at column 15"),
        ("gradient = W\ncost = 3", "a character that can't be seen"),
        ("gradient = W\x1b[2J", "a character that can't be seen"),
        ("gradient = \u202eW", "a character that can't be seen"),
        ("gradient = \ud800", "a character that can't be seen"),
        ("gradient = W\0", "a character that can't be seen"),
        ("W" * (LONGEST + 1), "the line is too long"),
        ("(" * 290, "too many nested parentheses"),
    ],
)
def test_what_may_not_stand_in_a_line_is_named(text: str, what: str) -> None:
    assert what in refusal(text)


def test_the_longest_nested_line_is_read() -> None:
    text = "gradient = " + "-" * (LONGEST - 12) + "W"
    assert checked(text, GRADIENT, LISTING, Method.MANUAL) == text


@given(st.text(max_size=400))
def test_any_text_is_allowed_or_refused_with_a_sentence(text: str) -> None:
    told = ""
    try:
        taken = checked(text, GRADIENT, LISTING, Method.MANUAL)
    except Refused as refused:
        taken, told = text.strip(), str(refused)
    assert taken == text.strip()
    assert told.isprintable()


@pytest.mark.parametrize(
    "text",
    [
        "optimizer = optim.SGD([W], lr=0.15, momentum=0.9, nesterov=True)",
        "optimizer = optim.Adam([W], lr=0.15, betas=(0.8, 0.9))",
    ],
)
def test_the_model_may_have_another_optimizer(text: str) -> None:
    assert checked(text, OPTIMIZER, LISTING, Method.OPTIM) == text


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("optimizer = optim.SGD([W], lr=0.3)", "leave lr=0.15 as it is: lr is a knob"),
        ("optimizer = optim.SGD([W])", "leave lr=0.15 as it is: lr is a knob"),
        ("optimizer = optim.SGD([W], lr=0.15, momentum=W)", "names with numbers"),
        ("optimizer = optim.SGD([W], lr=0.15, **W)", "names with numbers"),
        ("optimizer = optim.SGD([W], lr=0.15, momentum='a')", "names with numbers"),
        ("optimizer = optim.LBFGS([W], lr=0.15)", "or Adam, AdamW"),
        ("optimizer = optim.SGD([W, b], lr=0.15)", "optimizer = optim.SGD([W], lr=0.15)"),
        ("optimizer = W", "the line makes an optimizer"),
        ("pass", "the line makes an optimizer"),
    ],
)
def test_the_models_optimizer_is_an_optimizer_of_torch(text: str, what: str) -> None:
    assert what in refusal(text, OPTIMIZER, Method.OPTIM)


def test_what_cannot_be_edited_says_why() -> None:
    comment = LISTING.lines(Method.MANUAL)[0]
    weight, lr = LISTING.model_lines(Method.MANUAL)
    assert "comment of the lecture" in why_fixed(comment, LISTING, Method.MANUAL)
    assert "the key w types a start" in why_fixed(weight, LISTING, Method.MANUAL)
    assert "lr is a knob" in why_fixed(lr, LISTING, Method.MANUAL)
    assert why_fixed(LISTING.model_lines(Method.OPTIM)[-1], LISTING, Method.OPTIM) == ""
