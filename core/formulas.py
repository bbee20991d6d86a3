"""The slides' formulas for a program, in the slides' signs, with an epoch's numbers."""

import ast
import re
from collections.abc import Sequence
from copy import deepcopy
from dataclasses import dataclass
from functools import lru_cache

from core.language import _
from core.program import Method, Phase, Program
from core.state import EpochTrace, Opened
from core.statements import parse
from core.update_arithmetic import number, signed, update_equations

MOST_TERMS = 4  # of more rows only the first two and the last have a term of their own

PRODUCT = r"(?:(?P<W>\w+) \* x|(?:x @ |x\.matmul\(|x\.mm\(|torch\.matmul\(x, |torch\.mm\(x, )(?P<matrix>\w+)\)?)"
HYPOTHESIS = re.compile(rf"{PRODUCT}(?: \+ (?P<b>\w+))?")
FACTOR = r"(?:(?P<factor>[\d.]+) \* )?"
SUM = FACTOR + r"(?:torch\.(?P<f>sum|mean)\({0}(?:, dim=0)?\)|\({0}\)\.(?P<m>sum|mean)\(\))(?:\[:, None\])?"
SQUARES = r"\((?:H - y|y - H)\) \*\* 2"
MSE = re.compile(r"(?:F|nn\.functional|torch\.nn\.functional)\.mse_loss\(H, y\)")


@dataclass(frozen=True)
class Formula:
    """A formula of the slides: a general line, and the same with numbers. Lines break between terms alone."""

    name: str  # cost, gradient or update
    terms: tuple[str, ...] = ()
    numbers: tuple[str, ...] = ()  # empty before an epoch has run
    reason: str = ""  # why the program has no such formula; the others are empty then


@dataclass(frozen=True)
class _Sum:
    """A factor times the sum or the mean over the rows."""

    factor: float
    is_mean: bool

    @property
    def sign(self) -> str:
        """1/m Σ, 2/m Σ, Σ, 2 Σ."""
        return f"{self.factor:g}/m Σ" if self.is_mean else "Σ" if self.factor == 1 else f"{self.factor:g} Σ"


@dataclass(frozen=True)
class _Forms:
    """What the lines of a program say in the slides' signs."""

    h: str  # Wx, Wx + b, XW, XW + b; empty where the hypothesis is another one
    cost: _Sum | None
    gradients: dict[str, _Sum | None]
    updates: dict[str, str]  # − or + for each parameter; empty where it is no update by lr times the gradient


class _Signs(ast.NodeTransformer):
    """Expressions in the slides' names: x, y, H, the parameters; of a product the longer factor first."""

    def __init__(self, parameters: Sequence[str]) -> None:
        self.parameters = parameters
        self.names: dict[str, ast.expr] = {}
        """What names stand for: H, or H - y."""
        self.h = ""
        """The hypothesis written out: H, too."""

    def of(self, node: ast.expr | None) -> str:
        return ast.unparse(self.visit(deepcopy(node))) if node else ""

    def visit(self, node: ast.AST) -> ast.AST:
        node = super().visit(node)
        return ast.Name("H") if self.h and isinstance(node, ast.expr) and ast.unparse(node) == self.h else node

    def visit_Name(self, node: ast.Name) -> ast.AST:
        if node.id in self.names or node.id in self.parameters:
            return self.names.get(node.id, node)
        start = re.match("x|y|target|label", node.id.lower())
        return ast.Name("x" if start[0] == "x" else "y") if start else node

    def visit_BinOp(self, node: ast.BinOp) -> ast.AST:
        self.generic_visit(node)
        if isinstance(node.op, ast.Mult) and not isinstance(node.left, ast.Constant):
            both = sorted((node.left, node.right), key=lambda each: (-len(ast.unparse(each)), ast.unparse(each)))
            node.left, node.right = both[::-1] if isinstance(both[1], ast.Constant) else both
        return node


@lru_cache(maxsize=32)
def _forms(program: Program, parameters: tuple[str, ...]) -> _Forms:
    statements = [(line, parse(line.text).body[0]) for line in program.lines]
    values = {line.name: node.value for line, node in statements if isinstance(node, ast.Assign) and line.name}
    guesses = [line.name for line in program.lines if line.phase is Phase.HYPOTHESIS and line.name in values]
    signs = _Signs(parameters)
    texts = [signs.of(values[name]).removesuffix(" - y") for name in guesses]
    signs.h = next(filter(HYPOTHESIS.fullmatch, texts), texts[-1] if texts else "")
    match, h = HYPOTHESIS.fullmatch(signs.h), ""
    if match and {match["W"] or match["matrix"], match["b"]} <= {*parameters, None}:
        h = (f"{match['W']}x" if match["W"] else f"X{match['matrix']}") + (f" + {match['b']}" if match["b"] else "")
    for name in values:
        if name not in parameters and (text := signs.of(values[name])) in ("H", "H - y"):
            signs.names[name] = ast.parse(text, mode="eval").body
    cost = signs.of(values.get(program.cost))
    true = _Sum(1, True) if MSE.fullmatch(cost) else _sum_of(SQUARES, cost)
    names, gradients, updates = dict(program.gradients), {}, {}
    for name in parameters:
        inner = "H - y" if h.endswith(f"+ {name}") else r"\(H - y\) \* x"
        gradients[name] = _sum_of(inner, signs.of(values.get(names.get(name, "")))) if h else None
        if program.method is Method.OPTIM and not names:
            gradients[name] = _Sum(2 * true.factor, true.is_mean) if true and h else None
        gradient, own = names.get(name) or rf"{name}\.grad(?:\.data)?", rf"{name}(?:\.data)?"
        update = rf"{own} (?:([-+])=|= {own} ([-+])) (?:.+ \* {gradient}|{gradient} \* .+)"
        lines = [ast.unparse(node) for line, node in statements if line.phase is Phase.UPDATE]
        found = [re.fullmatch(update, text) for text in lines]
        updates[name] = next(((each[1] or each[2]).replace("-", "−") for each in found if each), "")
        if any(re.fullmatch(r"\w+\.step\(\)", text) for text in lines):
            updates[name] = "−"
    return _Forms(h, true, gradients, updates)


def _sum_of(inner: str, text: str) -> _Sum | None:
    """k * torch.sum(...), .mean(), also over dim=0, or with [:, None] behind it."""
    found = re.fullmatch(SUM.replace("{0}", inner), text)
    return found and _Sum(float(found["factor"] or 1), "mean" in (found["f"], found["m"]))


def formulas(program: Program, opened: Opened | None, trace: EpochTrace | None) -> tuple[Formula, ...]:
    """The cost, the gradient of each parameter and the update of each, as the program's lines compute them."""
    parameters = tuple(slot.name for slot in opened.weights) if opened else program.parameters
    numbers = _Numbers(opened, trace) if opened and trace else None
    forms = _forms(program, parameters)
    found = [_cost(forms, parameters, numbers)]
    found += [_gradient(forms, name, numbers) for name in parameters]
    found += [_update(forms, name, numbers) for name in parameters]
    return tuple(dict.fromkeys(found))


def _cost(forms: _Forms, parameters: tuple[str, ...], numbers: "_Numbers | None") -> Formula:
    if forms.cost is None:
        return Formula("cost", reason=_("this cost is another one: the program's line says it"))
    terms = f"cost({', '.join(parameters) or 'W'}) =", forms.cost.sign, f"({forms.h or 'H(x)'} − y)²"
    return Formula("cost", terms, numbers.cost(forms.cost) if numbers else ())


def _gradient(forms: _Forms, name: str, numbers: "_Numbers | None") -> Formula:
    found, true = forms.gradients[name], forms.cost
    if found is None:
        return Formula("gradient", reason=_("this gradient is another one: the program's line says it"))
    is_true = true is not None and found == _Sum(2 * true.factor, true.is_mean)
    x = "" if forms.h.endswith(f"+ {name}") else "x"
    left = (f"∇{name} =", f"∂cost/∂{name} =") if is_true else (f"∇{name} =",)
    terms = *left, found.sign, f"({forms.h} − y){x}"
    return Formula("gradient", terms, numbers.gradient(found, name, bool(x)) if numbers else ())


def _update(forms: _Forms, name: str, numbers: "_Numbers | None") -> Formula:
    sign = forms.updates[name]
    if not sign:
        return Formula("update", reason=_("this update is another one: the program's line says it"))
    terms = f"{name} :=", f"{name} {sign} α∇{name}"
    if numbers is None:
        return Formula("update", terms)
    options = dict(numbers.trace.options)
    equations = update_equations(numbers.trace, numbers.opened, name)
    if options.get("class", "SGD") != "SGD" or options.get("momentum") or options.get("weight_decay"):
        return Formula("update", equations[-1:] or (f"{name} :=", "…"), equations[:-1])
    after = numbers.opened.part(name, numbers.trace.w_next)
    return Formula("update", terms, (f"= {equations[-1].partition(' = ')[2]}",) if equations else _vector(after))


@dataclass(frozen=True)
class _Numbers:
    """The numbers of an epoch, for its formulas."""

    opened: Opened
    trace: EpochTrace

    def cost(self, form: _Sum) -> tuple[str, ...]:
        squares = [error * error for error, _x in self._errors()]
        return (*self._summed(form, squares), f"= {number(self.trace.cost, 6)}") if squares else ()

    def gradient(self, form: _Sum, name: str, times_x: bool) -> tuple[str, ...]:
        """The gradient that ran, and where .grad held another one before, what backward() added to that."""
        ran, before, true = (
            self.opened.part(name, values or ())
            for values in (self.trace.gradient, self.trace.grad, self.trace.true_gradient)
        )
        errors = self._errors()
        if len(ran) != 1 or not errors:
            return _vector(ran) if errors else ()
        summed = self._summed(form, [error * (x if times_x else 1) for error, x in errors])
        if before and true and before[0] and abs(before[0] + true[0] - ran[0]) <= 1e-4 * abs(true[0]):
            summed = *summed, f"= {number(true[0])}", f"{name}.grad = {number(before[0])}", signed(true[0])
        return *summed, f"= {number(ran[0])}"

    def _errors(self) -> list[tuple[float, float]]:
        """(H(x) - y, the first input) of each row; none where they are not one number each."""
        table = self.opened.table
        if {len(row) for row in (*table.y, *self.trace.hypothesis)} != {1}:
            return []
        x = table.x or ((0.0,),) * len(table.y)
        return [(h[0] - y[0], row[0]) for h, y, row in zip(self.trace.hypothesis, table.y, x, strict=False)]

    def _summed(self, form: _Sum, values: Sequence[float]) -> tuple[str, ...]:
        """`= 2/3 (−1.00`, `− 4.00`, `− 9.00)`."""
        rows = self.opened.table.rows or len(values)
        shown = [number(values[0], 2), *(signed(value, 2) for value in values[1:])]
        if rows > MOST_TERMS and len(shown) > 3:
            shown = [*shown[:2], "+ …", shown[-1]]
        shown[0] = f"= {form.sign.replace('/m', f'/{rows}').removesuffix('Σ')}({shown[0]}"
        return *shown[:-1], f"{shown[-1]})"


def _vector(values: Sequence[float]) -> tuple[str, ...]:
    shown = [number(value) for value in values]
    if len(shown) < 2:
        return tuple(f"= {each}" for each in shown)
    if len(shown) > MOST_TERMS:
        shown = [*shown[:2], "…", shown[-1]]
    return (f"= ({shown[0]},", *(f"{each}," for each in shown[1:-1]), f"{shown[-1]})")
