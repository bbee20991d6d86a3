"""Edits of a program's text that know the lecture's forms: each is a pure function, Program to Program."""

import ast
import re
from collections.abc import Callable, Mapping, Sequence
from enum import StrEnum
from pathlib import Path
from textwrap import fill, indent

from core.float32 import float32
from core.language import _
from core.literals import makes_optimizer
from core.program import Line, Phase, Program, ProgramError
from core.statements import calls_in, facts_of, parse, quiet_parse

SUM_CALL, MEAN_CALL = "torch.sum(", "2 * torch.mean("

PLACEHOLDER = "..."  # a line that the learner still has to write
STANDARDIZE = "x_train = (x_train - x_train.mean(dim=0)) / x_train.std(dim=0)"
WIDTH = 110  # of the lines that are written here
SIBLINGS = {"weight": "bias", "features_no_bias": "features"}  # programs without a bias, and the same with it

IMPORTS = {
    "F": "import torch.nn.functional as F",
    "nn": "from torch import nn",
    "optim": "from torch import optim",
    "np": "import numpy as np",
    "plt": "import matplotlib.pyplot as plt",
    "pd": "import pandas as pd",
    **{name: f"import {name}" for name in ("torch", "math", "random", "time")},
}
"""The import that brings a name which is not there, where it is known."""


class GradientForm(StrEnum):
    """The lecture's two ways to write the manual gradient: the full code's sum, and the slide's 2 * mean."""

    SUM = "sum"
    MEAN = "mean"


CALLS = {GradientForm.SUM: SUM_CALL, GradientForm.MEAN: MEAN_CALL}


def gradient_form(program: Program) -> GradientForm | None:
    """How the manual gradient is written; None where it is in neither of the lecture's ways."""
    now = [line.text for line in _gradient_lines(program)]
    usual = [line.text for line in _gradient_lines(program.unedited)]
    for form in GradientForm:
        if now and now == [_in_form(text, form) for text in usual] and all(CALLS[form] in text for text in now):
            return form
    return None


def with_gradient_form(program: Program, form: GradientForm) -> Program:
    """The program with its manual gradient written in this form."""
    for line in _gradient_lines(program):
        program = program.with_statement(line.number, _in_form(line.text, form))
    return program


def _gradient_lines(program: Program) -> list[Line]:
    names = {name for _parameter, name in program.gradients}
    return [line for line in program.lines if line.name in names and line.phase is Phase.GRADIENT]


def _in_form(text: str, form: GradientForm) -> str:
    return text.replace(MEAN_CALL, SUM_CALL).replace(SUM_CALL, CALLS[form])


def with_start(program: Program, start: Mapping[str, Sequence[float]]) -> Program:
    """The program with other values for what it learns: all values of W, of b; zeros are the original's own line."""
    for name, values in start.items():
        line = next((line for line in reversed(program.setup) if line.name == name), None)
        usual = next((line.text for line in reversed(program.unedited.setup) if line.name == name), "")
        if line is None:
            continue
        numbers = [_spelled(value) for value in values]
        if "zeros((" in usual or "[[" in line.text:  # a column
            numbers = [f"[{number}]" for number in numbers]
        grad = ", requires_grad=True" if "requires_grad" in line.text else ""
        text = f"{name} = torch.tensor([{', '.join(numbers)}]{grad})"
        program = program.with_statement(line.number, text if any(values) or "zeros(" not in usual else usual)
    return program


def tensor_table(x: Sequence[Sequence[float]], y: Sequence[Sequence[float]]) -> tuple[str, ...]:
    """The lines that write a small table as tensors, as the slides do."""
    lines: list[str] = []
    for name, rows in (("x_train", x), ("y_train", y)):
        written = ", ".join(f"[{',_'.join(f'{value:.15g}' for value in row)}]" for row in rows)
        one = f"{name} = torch.FloatTensor([{written.replace('_', ' ')}])"
        wrapped = indent(fill(f"{written},", WIDTH - 4), " " * 4).replace("_", " ").split("\n")
        lines += [one] if len(one) <= WIDTH else [f"{name} = torch.FloatTensor([", *wrapped, "])"]
    return tuple(lines)


def with_table(program: Program, lines: Sequence[str]) -> Program:
    """The program over another table: its own lines that make x_train and y_train are exchanged for these.

    The text that it is held against is changed likewise. Raises ProgramError where it has no x_train and y_train.
    """

    def change(each: Program) -> Program:
        first, *others = _data_lines(each)
        for line in reversed(others):
            each = each.with_lines(line.number, line.end)
        each = each.with_lines(first.number, first.end, *lines)
        if any("np." in line for line in lines) and IMPORTS["np"] not in each.text_lines:
            last = max(line.end for line in each.setup if _is_import(line))
            each = each.with_lines(last + 1, last, IMPORTS["np"])
        return each

    return _in_both(program, change)


def is_standardized(program: Program) -> bool:
    """Whether the program standardizes its inputs."""
    return any(line.text == STANDARDIZE for line in program.setup)


def standardized(program: Program, wanted: bool = True) -> Program:
    """The program with a line that standardizes its inputs below its table, or without it."""

    def change(each: Program) -> Program:
        if not wanted:
            number = next(line.number for line in each.setup if line.text == STANDARDIZE)
            return each.with_lines(number, number)
        last = _data_lines(each)[-1].end
        return each.with_lines(last + 1, last, STANDARDIZE)

    return program if is_standardized(program) is wanted else _in_both(program, change)


def sibling(program: Program, bias: bool) -> Program:
    """The built-in program with or without a bias, over the same table with the same lr and form of the gradient.

    Raises ProgramError where there is none.
    """
    stem, _sign, method = Path(program.path).stem.rpartition("_")
    without = {with_bias: name for name, with_bias in SIBLINGS.items()}
    wanted = (SIBLINGS if bias else without).get(stem, stem)
    if not program.path.startswith("core/programs/") or wanted not in (*SIBLINGS, *without):
        raise ProgramError(_("this program has no other form: only the lecture's have one with and without a bias"))
    other = with_table(Program.read(f"{wanted}_{method}"), [line.text for line in _data_lines(program)])
    other = other if program.lr is None else other.with_lr(program.lr)
    form = gradient_form(program)
    return with_gradient_form(other, form) if form else other


def _data_lines(program: Program) -> list[Line]:
    """The set-up statements that make x_train and y_train, and what they need."""
    names, found = {"x_train", "y_train"}, list[Line]()
    for line in reversed(program.setup):
        facts = facts_of(parse(line.text).body[0])
        if facts.stores & names and not _is_import(line):
            names |= facts.reads
            found.insert(0, line)
    if not found:
        raise ProgramError(_("this program has no x_train and y_train that another table could take the place of"))
    return found


def _is_import(line: Line) -> bool:
    return line.text.startswith(("import ", "from "))


def _in_both(program: Program, change: Callable[[Program], Program]) -> Program:
    """A change that is none of the learner's edits: the text has it, and the one that it is held against."""
    return Program(change(program).text, program.path, change(program.unedited).text)


def _spelled(value: float) -> str:
    """The shortest text of a float32."""
    texts = (f"{value:.{digits}g}" for digits in range(1, 9))
    return repr(float(next((text for text in texts if float32(float(text)) == value), f"{value:.9g}")))


def with_call_forgotten(program: Program, method: str) -> Program:
    """The program without a call in its loop, zero_grad() or step(): a comment stands in its place."""
    for line in program.lines:
        if re.fullmatch(rf"\w+\.{method}\(.*\)", line.text):
            program = program.with_statement(line.number, f"pass  # {method}() forgotten")
    return program


def with_optimizer(program: Program, **options: float | bool) -> Program:
    """The program whose optimizer has more options: with_optimizer(program, momentum=0.9)."""
    for line in program.setup:
        tree = parse(line.text)
        for call in filter(makes_optimizer, calls_in([tree])):
            call.keywords = [keyword for keyword in call.keywords if keyword.arg not in options]
            call.keywords += [ast.keyword(arg, ast.Constant(value)) for arg, value in options.items()]
            text = re.sub(r"(?<=\de)([+-])0+", r"\1", ast.unparse(tree))
            return program.with_statement(line.number, text)
    return program


def placeholder_line(program: Program) -> Line | None:
    """The first statement that is still to be written."""
    return next((line for line in (*program.setup, *program.lines) if line.text == PLACEHOLDER), None)


def check_edit(program: Program, number: int, text: str) -> Program:
    """The program with the statement that begins in this line exchanged for what was typed.

    Raises ProgramError, with a sentence for the person who typed it, where the loop would no longer be one.
    """
    text = text.strip()
    statement = _one_statement(text, is_header=number == program.header.number)
    line = next((line for line in program.lines if line.number == number), None)
    edited = program.with_statement(number, text)
    edited.check()
    facts, phase = facts_of(statement), line.phase if line and not isinstance(statement, ast.Pass) else Phase.OTHER
    if phase is Phase.COST and program.cost not in facts.stores:
        raise ProgramError(_("this line gives {name} its value: {name} = ...").format(name=program.cost))
    if phase is Phase.UPDATE and not facts.steps and not facts.stores & {each.name for each in program.setup}:
        sentence = _("this line has to change {weights}, as W -= lr * gradient does")
        raise ProgramError(sentence.format(weights=", ".join(program.parameters) or "W"))
    if isinstance(statement, ast.Expr) and not any(calls_in([statement])):
        raise ProgramError(_("the line computes something and keeps nothing: give a name its value, cost = ..."))
    return edited


def _one_statement(text: str, is_header: bool) -> ast.stmt:
    if not text or (text.startswith("#") and "\n" not in text):
        raise ProgramError(_("the line is empty: write one statement, or pass where nothing is to be done"))
    if text == PLACEHOLDER:
        raise ProgramError(_("... stands for a line that is still to be written: write it"))
    try:
        statements = quiet_parse(f"{text}\n    pass" if is_header else text).body
    except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
        raise ProgramError(_("this is not Python: {error}").format(error=getattr(error, "msg", error))) from None
    if len(statements) > 1:
        raise ProgramError(_("these are {count} statements: a line is one").format(count=len(statements)))
    if is_header and not isinstance(statements[0], ast.For):
        raise ProgramError(_("this line begins the loop: write it as `for epoch in range(...):`"))
    for node in ast.walk(statements[0]):
        if isinstance(node, ast.BinOp | ast.AugAssign) and isinstance(node.op, ast.BitXor):
            raise ProgramError(_("^ is not the power in Python: ** is, as in (hypothesis - y_train) ** 2"))
    return statements[0]
