"""A program as text."""

import pytest

from core.listing import GradientForm, Listing, Method, Phase

LISTING = Listing.read("weight")


def test_the_lines_are_the_files_own_with_their_numbers() -> None:
    file = LISTING.text.splitlines()
    for method in Method:
        for line in LISTING.lines(method):
            assert file[line.number - 1] == f"    {line.text}"


def test_every_line_of_code_belongs_to_a_phase_and_no_comment_does() -> None:
    for method in Method:
        for line in LISTING.lines(method):
            assert (line.phase is None) == line.text.startswith("#")
            assert "yield" not in line.text


def test_in_optim_the_gradient_is_zero_grad_and_backward_and_the_update_is_step() -> None:
    texts = {phase: [line.text for line in LISTING.phase_lines(Method.OPTIM, phase)] for phase in Phase}
    assert texts[Phase.GRADIENT] == ["optimizer.zero_grad()", "cost.backward()"]
    assert texts[Phase.UPDATE] == ["optimizer.step()"]


def test_each_method_has_the_lectures_lr() -> None:
    assert (LISTING.lr(Method.MANUAL), LISTING.lr(Method.OPTIM)) == (0.1, 0.15)


def test_a_program_that_sets_no_lr_is_told_so() -> None:
    text = LISTING.text.replace("lr = 0.1", "lr = float()")
    with pytest.raises(ValueError, match="manual_model sets no lr"):
        Listing(LISTING.path, text, text).lr(Method.MANUAL)


def test_the_mean_form_is_the_slides_line_and_back_is_the_lecture() -> None:
    mean = LISTING.with_gradient_form(GradientForm.MEAN)
    line = mean.phase_lines(Method.MANUAL, Phase.GRADIENT)[0]
    assert line.text == "gradient = 2 * torch.mean((W * x_train - y_train) * x_train)"
    assert mean.changed == {line.number}
    assert mean.gradient_form is GradientForm.MEAN
    assert mean.with_gradient_form(GradientForm.SUM) == LISTING
    assert not LISTING.changed


def test_a_changed_line_keeps_its_place_and_indentation() -> None:
    number = LISTING.lines(Method.OPTIM)[-1].number
    changed = LISTING.with_line(number, "pass")
    assert changed.text.splitlines()[number - 1] == "    pass"
    assert changed.changed == {number}
    assert [line.number for line in changed.lines(Method.OPTIM)] == [
        line.number for line in LISTING.lines(Method.OPTIM)
    ]
