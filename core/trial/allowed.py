"""What a line of one's own may be: one assignment or one call, made of what the program knows.

It keeps mistakes from reaching the run: loops, imports, files, memory by the gigabyte. It is not a sandbox against the
person who types: whoever wants to run something else has Python at hand.
"""

import ast
import warnings

from core.language import _
from core.listing import Line, Listing, Method
from core.trial.statement import Checker, Refused, refused
from core.trial.vocabulary import OPTIMIZERS

LONGEST = 300
"""How many characters a line may have."""


def why_fixed(line: Line, listing: Listing, method: Method) -> str:
    """Why a line that is shown can't be edited; empty where it can."""
    if line.is_comment:
        return _("this is a comment of the lecture: it says what the next line is for, and stays")
    fixed = {model.number: model for model in listing.model_lines(method)}
    if optimizer := _optimizer(listing, method):
        del fixed[optimizer.number]
    if line.number not in fixed:
        return ""
    if line.name == "lr":
        return _("lr is a knob: ] and [ turn it, l types one")
    return _("{name} begins where the run does: the key w types a start").format(name=line.name)


def checked(text: str, number: int, listing: Listing, method: Method) -> str:
    """The text as it may stand in a line of the listing. Raises Refused."""
    text = text.strip()
    if not text or text.startswith("#"):
        raise Refused(
            _("the program must hand over a value here: a comment or nothing does not (pass leaves out a call)")
        )
    if len(text) > LONGEST:
        raise Refused(_("the line is too long: it may have {count} characters").format(count=LONGEST))
    if not text.isprintable():
        raise Refused(_("the line holds a character that can't be seen: leave it out"))
    optimizer = _optimizer(listing, method)
    statement = _parsed(text)
    if optimizer is not None and optimizer.number == number:
        _check_optimizer(statement, listing)
    else:
        Checker(_known(listing, method), listing.parameters).check(statement)
    return text


def _parsed(text: str) -> ast.stmt:
    try:
        with warnings.catch_warnings(action="ignore"):
            statements = ast.parse(text).body
    except SyntaxError as error:
        told = _("Python can't read it at column {column}: {error}")
        raise Refused(told.format(column=error.offset or 1, error=error.msg)) from error
    except (ValueError, RecursionError, MemoryError) as error:
        raise Refused(_("Python can't read it: {error}").format(error=error or type(error).__name__)) from error
    if len(statements) != 1:
        raise refused(";")
    return statements[0]


def _known(listing: Listing, method: Method) -> frozenset[str]:
    """The names of the program that a line of a method's loop may use."""
    names = {line.name for line in listing.pristine.lines(method)} - {""}
    stepper = "lr" if method is Method.MANUAL else "optimizer"
    return frozenset({"x_train", "y_train", "torch", stepper, *listing.parameters, *names})


def _optimizer(listing: Listing, method: Method) -> Line | None:
    """The line of the model that makes the optimizer; manual has none."""
    return listing.model_lines(method)[-1] if method is Method.OPTIM else None


def _check_optimizer(statement: ast.stmt, listing: Listing) -> None:
    """The model's optimizer: another one of torch, with other numbers; its lr is the knob's."""
    names, lr = ", ".join(listing.parameters), listing.lr(Method.OPTIM)
    match statement:
        case ast.Assign(
            targets=[ast.Name(id="optimizer")],
            value=ast.Call(
                func=ast.Attribute(value=ast.Name(id="optim"), attr=optimizer),
                args=[ast.List(elts=parameters)],
                keywords=keywords,
            ),
        ) if optimizer in OPTIMIZERS and [ast.unparse(each) for each in parameters] == list(listing.parameters):
            if not any(keyword.arg == "lr" and ast.unparse(keyword.value) == repr(lr) for keyword in keywords):
                raise Refused(_("leave lr={lr} as it is: lr is a knob, ] and [ turn it, l types one").format(lr=lr))
            if not all(keyword.arg and _is_number(keyword.value) for keyword in keywords):
                raise Refused(_("after lr an optimizer takes names with numbers, as in momentum=0.9"))
        case _:
            told = _("the line makes an optimizer: optimizer = optim.SGD([{names}], lr={lr}), or {others}")
            raise Refused(told.format(names=names, lr=lr, others=", ".join(OPTIMIZERS[1:])))


def _is_number(value: ast.expr) -> bool:
    """Whether it is a number, True or False, or a pair of numbers, as the betas of Adam."""
    try:
        number = ast.literal_eval(value)
    except ValueError:
        return False
    parts = number if isinstance(number, tuple) else (number,)
    return all(isinstance(part, (int, float)) for part in parts)
