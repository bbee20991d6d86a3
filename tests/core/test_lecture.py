"""The slides' printed table, and what agrees with it."""

import pytest

from core.descent import Descent
from core.edits import GradientForm, with_gradient_form, with_start
from core.knobs import Knobs
from core.lecture import Agreement, agreement, is_lecture, printed_line
from core.program import Method, Program


def test_the_rows_are_the_slides_byte_for_byte() -> None:
    rows = {
        Method.MANUAL: "Epoch    1/10 W: 1.400, Cost: 0.746666",
        Method.OPTIM: "Epoch   10/10 W: 1.000 Cost: 0.000000",
    }
    for method, row in rows.items():
        assert printed_line(Descent(Knobs.of("weight", method)), row) == row


def test_the_pair_is_the_lectures_whatever_its_knobs_and_no_other_program_is() -> None:
    program = Program.read("weight_manual")
    turned = with_start(with_gradient_form(program.with_lr(0.3), GradientForm.MEAN), {"W": (4.0,)})
    assert all(map(is_lecture, (program, turned, Program.read("weight_optim").with_nb_epochs(30))))
    others = (
        program.with_statement(program.lines[1].number, "cost = torch.sum((hypothesis - y_train) ** 2)"),
        Program.read("bias_manual"),
        Program(program.text, "mine.py"),
    )
    assert not any(map(is_lecture, others))


@pytest.mark.parametrize(
    ("row", "expected"),
    [
        ((1, 1.4, 0.746666), Agreement.AGREES),
        ((1, 1.4, 0.746667), Agreement.LAST_DIGIT),
        ((1, 1.4, 0.75), Agreement.DIFFERS),
        ((1, 1.41, 0.746666), Agreement.DIFFERS),
        ((11, 1.0, 0.0), Agreement.NOT_PRINTED),
    ],
)
def test_an_epoch_agrees_as_printed(row: tuple[int, float, float], expected: Agreement) -> None:
    assert agreement(*row) is expected


def test_a_printed_line_has_the_slides_row_beside_it_only_where_it_agrees() -> None:
    descent = Descent(Knobs.of("weight", Method.OPTIM))
    slide = "Epoch    1/20 W: 1.400 Cost: 0.746666"
    assert printed_line(descent, "Epoch    1/20 W: 1.400 Cost: 0.746667") == slide
    assert not printed_line(descent, "Epoch    1/20 W: 0.933 Cost: 0.020741")
    assert not printed_line(descent, "hello")
    assert not printed_line(Descent(Knobs.of("bias")), slide)
