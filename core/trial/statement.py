"""The parts of a statement, each of which a line of one's own may have or not."""

import ast
from math import isinf

from core.language import _, marked
from core.trial.vocabulary import FUNCTIONS, KEYWORDS, LOSSES, OPTIMIZER, TENSOR, TORCH

LARGEST_INT = 10**15
LARGEST_EXPONENT = 16

OPERATORS = (ast.Add, ast.Sub, ast.Mult, ast.Div, ast.FloorDiv, ast.Mod, ast.Pow, ast.MatMult, ast.UAdd, ast.USub)
COMPARISONS = (ast.Lt, ast.LtE, ast.Gt, ast.GtE, ast.Eq, ast.NotEq)

RULE = marked("a line is one assignment or one call, made of what the program knows")

STATEMENTS = {
    ast.Import: "import",
    ast.ImportFrom: "import",
    ast.For: "for",
    ast.While: "while",
    ast.If: "if",
    ast.With: "with",
    ast.Try: "try",
    ast.FunctionDef: "def",
    ast.AsyncFunctionDef: "def",
    ast.ClassDef: "class",
    ast.Return: "return",
    ast.Delete: "del",
    ast.Global: "global",
    ast.Nonlocal: "nonlocal",
    ast.Raise: "raise",
    ast.Assert: "assert",
    ast.Lambda: "lambda",
    ast.IfExp: "if",
    ast.NamedExpr: ":=",
    ast.Yield: "yield",
    ast.YieldFrom: "yield",
    ast.Await: "await",
    ast.JoinedStr: marked("an f-string"),
    ast.ListComp: marked("a comprehension"),
    ast.SetComp: marked("a comprehension"),
    ast.DictComp: marked("a comprehension"),
    ast.GeneratorExp: marked("a comprehension"),
    ast.Starred: "*",
    ast.AnnAssign: marked("a type"),
}
"""What Python has and a line may not, by the word that a person knows it by."""


class Refused(ValueError):
    """A line that may not stand in the program; the message is one sentence that says what may."""


def refused(what: str) -> Refused:
    return Refused(_("{what} is not allowed: {rule}").format(what=_(what), rule=_(RULE)))


def shown(node: ast.AST) -> str:
    """A part of a line as a person would write it, if it is short."""
    text = ast.unparse(node)
    return text if len(text) <= 40 else f"{text[:40]}..."


class Checker:
    """Walks over a statement, and raises Refused at the first thing that it doesn't know."""

    def __init__(self, known: frozenset[str], parameters: tuple[str, ...]) -> None:
        self._known, self._parameters = known, parameters

    def check(self, statement: ast.stmt) -> None:
        _check_powers(statement)
        match statement:
            case ast.Pass():
                return
            case ast.Assign(targets=[target], value=value):
                self._target(target)
                self._value(value)
            case ast.AugAssign(target=target, op=op, value=value) if isinstance(op, OPERATORS):
                self._target(target)
                self._operand(value)
            case ast.Expr(value=ast.Call() as call):
                self._value(call)
            case ast.Expr(value=ast.Constant(value=value)) if value is ...:
                raise Refused(_("... stands for a line that is still to be written: write it"))
            case ast.Expr(value=value) if type(value) not in STATEMENTS:
                self._value(value)
                raise Refused(_("the line computes something and keeps nothing: give a name its value, cost = ..."))
            case ast.Expr(value=value):
                raise refused(STATEMENTS[type(value)])
            case _:
                raise refused(STATEMENTS.get(type(statement), shown(statement)))

    def _target(self, target: ast.expr) -> None:
        match target:
            case ast.Name(id="torch" | "x_train" | "y_train" as name):
                raise Refused(_("{name} must stay as it is: give another name a value").format(name=name))
            case ast.Name(id=name):
                self._name(name)
            case ast.Tuple(elts=elements):
                for element in elements:
                    self._target(element)
            case ast.Attribute(value=ast.Name(id=name), attr="grad" | "data") if name in self._parameters:
                return
            case _:
                raise Refused(_("only a name of the program can be given a value, as in cost = ..."))

    def _name(self, name: str) -> None:
        if name not in self._known:
            names = ", ".join(sorted(self._known, key=str.lower))
            raise Refused(_("{name} is not known here: the program knows {names}").format(name=name, names=names))

    def _value(self, node: ast.expr) -> None:
        match node:
            case ast.Constant(value=value):
                _check_constant(value)
            case ast.Name(id=name) if name in FUNCTIONS:
                raise Refused(_("{name} is a function: call it, as in {name}(W)").format(name=name))
            case ast.Name(id=name):
                self._name(name)
            case ast.UnaryOp(op=op, operand=operand) if isinstance(op, OPERATORS):
                self._operand(operand)
            case ast.BinOp(left=left, op=op, right=right) if isinstance(op, OPERATORS):
                self._operand(left)
                self._operand(right)
            case ast.Compare(left=left, ops=ops, comparators=others) if all(isinstance(op, COMPARISONS) for op in ops):
                for operand in (left, *others):
                    self._operand(operand)
            case ast.Attribute(value=value, attr=name):
                self._attribute(value, name)
            case ast.Call():
                self._call(node)
            case ast.Subscript(value=value, slice=index) if not isinstance(value, (ast.Constant, ast.List, ast.Tuple)):
                self._value(value)
                self._index(index)
            case ast.List(elts=elements) | ast.Tuple(elts=elements):
                for element in elements:
                    self._value(element)
            case _:
                raise refused(STATEMENTS.get(type(node), shown(node)))

    def _operand(self, node: ast.expr) -> None:
        """A list times a number would be a list of any length."""
        if isinstance(node, (ast.List, ast.Tuple)):
            raise Refused(_("a list is no number: torch.tensor makes a tensor of it, as in torch.tensor([1.0, 2.0])"))
        self._value(node)

    def _attribute(self, value: ast.expr, name: str) -> None:
        match value:
            case ast.Name(id="torch"):
                allowed = TORCH
            case ast.Name(id="optimizer"):
                allowed = OPTIMIZER
            case ast.Attribute(value=ast.Attribute(value=ast.Name(id="torch"), attr="nn"), attr="functional"):
                allowed = LOSSES
            case _:
                self._value(value)
                allowed = TENSOR
        if name not in allowed:
            told = _("{name} is not allowed: of torch and its tensors a line may use what computes, as torch.mean does")
            raise Refused(told.format(name=f"{shown(value)}.{name}"))

    def _call(self, call: ast.Call) -> None:
        match call.func:
            case ast.Name(id=name) if name in FUNCTIONS:
                pass
            case ast.Attribute(value=value, attr=name):
                self._attribute(value, name)
            case ast.Name(id=name) if name not in self._known:
                raise Refused(_("{name} is not allowed: {rule}").format(name=name, rule=_(RULE)))
            case _:
                raise Refused(_("{name} is no function, and can't be called").format(name=shown(call.func)))
        for argument in call.args:
            self._value(argument)
        for keyword in call.keywords:
            if keyword.arg not in KEYWORDS:
                raise refused(f"{keyword.arg or '**'}=")
            self._value(keyword.value)

    def _index(self, index: ast.expr) -> None:
        match index:
            case ast.Slice(lower=lower, upper=upper, step=step):
                for bound in filter(None, (lower, upper, step)):
                    self._value(bound)
            case ast.Tuple(elts=elements):
                for element in elements:
                    self._index(element)
            case _:
                self._value(index)


def _check_constant(value: object) -> None:
    match value:
        case None | bool():
            return
        case int() if abs(value) <= LARGEST_INT:
            return
        case float() if not isinf(value):
            return
        case int() | float():
            raise Refused(_("the number is too large: a whole one may have 15 digits, any other 1e308"))
        case _:
            raise refused(marked("a text"))


def _check_powers(statement: ast.stmt) -> None:
    """Powers of whole numbers grow beyond all memory: exponents are small, and no power stands inside another."""
    powers = [(node, exponent) for node in ast.walk(statement) if (exponent := _exponent(node)) is not None]
    for node, exponent in powers:
        try:
            small = abs(ast.literal_eval(exponent)) <= LARGEST_EXPONENT
        except (ValueError, TypeError):
            small = False
        if not small:
            told = _("an exponent must be a number from -{most} to {most}, as in W ** 2")
            raise Refused(told.format(most=LARGEST_EXPONENT))
        if any(inner is not node and inner in ast.walk(node) for inner, _ in powers):
            raise Refused(_("a power inside a power is not allowed: multiply the exponents, as in W ** 4"))


def _exponent(node: ast.AST) -> ast.expr | None:
    """The exponent of a power; the digits to which round rounds count as one, too."""
    match node:
        case ast.BinOp(op=ast.Pow(), right=exponent) | ast.AugAssign(op=ast.Pow(), value=exponent):
            return exponent
        case ast.Call(func=ast.Name(id="pow") | ast.Attribute(attr="pow" | "pow_"), args=[*_, exponent]):
            return exponent
        case ast.Call(func=ast.Name(id="round"), args=[_, exponent]):
            return exponent
    return None
