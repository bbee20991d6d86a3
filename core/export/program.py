"""The lines of a run: the model as it began, what was turned and when, and a loop for every stretch."""

import ast
from dataclasses import dataclass

from core.export.names import names_read, names_rebound, names_stored, refuse_clashes
from core.export.numbers import literals
from core.export.stretches import Stretch
from core.language import _
from core.lecture import SEPARATORS
from core.listing import Line, Method, Phase
from core.state import Weights


@dataclass(frozen=True)
class Program:
    """The lines of a run, which begins at `start`; an entry a stretch."""

    start: Weights
    stretches: tuple[Stretch, ...]

    def imports(self) -> list[str]:
        """What the lines need of torch."""
        read = {name for stretch in self.stretches for name in names_read((stretch.optimizer, *stretch.loop))}
        names = sorted(read & {"Tensor", "optim"})
        return ["import torch", *([f"from torch import {', '.join(names)}"] if names else [])]

    def setup(self, index: int) -> list[str]:
        """The lines that make the model, before the first stretch; before another one those that turn the knobs."""
        stretch, before = self.stretches[index], self.stretches[index - 1] if index else None
        if before is None:
            return self._model(stretch)
        lines = [f"# {_turned(before, stretch)}"]
        if before.method is not stretch.method:
            lines += [f"{name}.requires_grad_({stretch.method is Method.OPTIM})" for name in stretch.listing.parameters]
        if stretch.method is Method.MANUAL:
            return lines + ([f"lr = {stretch.lr!r}"] if self._lr_before(index) != stretch.lr else [])
        optimizer = self._optimizer_before(index)
        if optimizer is None or optimizer.optimizer != stretch.optimizer:
            return lines + optimizer_lines(stretch)
        return lines + ([f'optimizer.param_groups[0]["lr"] = {stretch.lr!r}'] if optimizer.lr != stretch.lr else [])

    def loop(self, index: int, history: str = "", every: int = 1) -> list[str]:
        """The loop of a stretch, as the lecture writes it; it prints every so many rows, and may note its history."""
        stretch, alone = self.stretches[index], len(self.stretches) == 1
        refuse_clashes(stretch)
        end = "nb_epochs + 1" if index == len(self.stretches) - 1 else str(stretch.end)
        kept = self._kept(index)
        lines = [f"model_{name} = {name}" for name in kept]
        lines.append(f"for epoch in range({end if alone else f'{stretch.start}, {end}'}):")
        if stretch.method is Method.MANUAL and "lr" in names_stored(stretch.loop):
            lines.append(f"    lr = {stretch.lr!r}")
        lines += _body(stretch, [*([history] if history else []), *_printing(stretch, every)])
        if kept:
            lines += ["", f"    # {_('the new values go into the tensor that the optimizer knows')}"]
            lines += ["    with torch.no_grad():", *(f"        {name} = model_{name}.copy_({name})" for name in kept)]
        return lines

    def _model(self, stretch: Stretch) -> list[str]:
        text = stretch.listing.text.splitlines()
        lines: list[str] = []
        for line in stretch.listing.model_lines(stretch.method):
            above = text[line.number - 2].strip()
            lines += [above] if above.startswith("#") else []
            if line.name in stretch.listing.parameters:
                lines += self._parameter(stretch, line)
            elif stretch.method is Method.MANUAL:
                lines.append(f"lr = {stretch.lr!r}")
            else:
                lines += optimizer_lines(stretch)[1:]
        return lines

    def _parameter(self, stretch: Stretch, line: Line) -> list[str]:
        values = stretch.listing.part(line.name, self.start)
        column = line.name == "W" and stretch.has_column
        told = f"[{', '.join(literals([value]) for value in values)}]" if column else literals(values)
        if line.number in stretch.listing.changed:
            return [line.text, f"{line.name}.data.copy_(torch.FloatTensor({told}))"]
        if all(repr(value) == "0.0" for value in values):
            return [line.text]
        grad = ".requires_grad_()" if stretch.method is Method.OPTIM else ""
        return [f"{line.name} = torch.FloatTensor({told}){grad}"]

    def _kept(self, index: int) -> tuple[str, ...]:
        """The parameters whose tensors have to stay the same ones, though the update makes others.

        torch.optim holds on to its tensors and so does .grad; plain arithmetic by hand needs no such care.
        """
        stretch = self.stretches[index]
        parameters = stretch.listing.parameters
        rebinds = set(parameters) & names_rebound(stretch.loop)
        alone = stretch.method is Method.MANUAL and self._optimizer_before(index) is None
        return () if not rebinds or (alone and _is_plain(stretch)) else parameters

    def _optimizer_before(self, index: int) -> Stretch | None:
        """The last stretch before this one that optim ran."""
        return next((one for one in reversed(self.stretches[:index]) if one.method is Method.OPTIM), None)

    def _lr_before(self, index: int) -> float | None:
        """What lr is when a stretch begins, if that is known."""
        before = next((one for one in reversed(self.stretches[:index]) if one.method is Method.MANUAL), None)
        return before.lr if before and "lr" not in names_stored(before.loop) else None


def _body(stretch: Stretch, printing: list[str]) -> list[str]:
    """The loop's lines, with the printing where the lecture has it: before the update, and in optim before backward."""
    by_hand = stretch.method is Method.MANUAL and stretch.listing.gradient_form is not None
    last = Phase.GRADIENT if by_hand else Phase.COST  # a gradient line of one's own might change W
    after = max(line.number for line in stretch.body if line.phase is last)
    lines: list[str] = []
    for line in stretch.body:
        if line.is_comment and lines and lines[-1]:
            lines.append("")
        lines.append(f"    {line.text}")
        if line.number == after:
            lines += ["", *(f"    {text}" for text in printing), ""]
    return lines


def _printing(stretch: Stretch, every: int) -> list[str]:
    """The lecture's print."""
    lines, told = [], ["W: {W.item():.3f}"]
    if stretch.has_column:
        lines.append('weights = ", ".join(f"W{i}: {w.item():.3f}" for i, w in enumerate(W, start=1))')
        told = ["{weights}"]
    told += [f"{name}: {{{name}.item():.3f}}" for name in stretch.listing.parameters[1:]]
    weights = ", ".join(told) + SEPARATORS[stretch.method]
    lines.append(f'print(f"Epoch {{epoch:4d}}/{{nb_epochs}} {weights} Cost: {{cost.item():.6f}}")')
    if every == 1:
        return lines
    return [f"if epoch % {every} == 0 or epoch == nb_epochs:", *(f"    {line}" for line in lines)]


def optimizer_lines(stretch: Stretch) -> list[str]:
    """The optimizer as its line makes it, with the lr that it ran with."""
    text, comment = stretch.optimizer, "# optimizer 설정"
    for node in ast.walk(ast.parse(text)) if text.count("lr") == 1 else ():
        match node:
            case ast.keyword(arg="lr", value=ast.Constant(value=lr, col_offset=begin, end_col_offset=end, lineno=1)):
                if lr != stretch.lr:
                    encoded = text.encode()  # ast counts bytes
                    text = (encoded[:begin] + repr(stretch.lr).encode() + encoded[end:]).decode()
                return [comment, text]
    return [comment, text, f'optimizer.param_groups[0]["lr"] = {stretch.lr!r}']


def _turned(before: Stretch, stretch: Stretch) -> str:
    """What was turned: epoch 5: optim, lr 0.3."""
    told = [str(stretch.method)] if before.method is not stretch.method else []
    if before.lr != stretch.lr:
        told.append(f"lr {stretch.lr!r}")
    if before.method is stretch.method and (before.optimizer, before.loop) != (stretch.optimizer, stretch.loop):
        told.append(_("other lines"))
    return f"epoch {stretch.start}: {', '.join(told)}"


def _is_plain(stretch: Stretch) -> bool:
    """Whether the lines that make new weights are arithmetic of what the lecture has: they keep shape and float32."""
    listing, parameters = stretch.listing, stretch.listing.parameters
    names = {*parameters, "lr", "gradient", *(f"gradient_{name}" for name in parameters)}
    parts = (ast.BinOp, ast.USub, ast.Add, ast.Sub, ast.Mult, ast.Div, ast.UnaryOp, ast.Name, ast.Constant, ast.Load)
    for line in stretch.body:
        if line.number not in listing.changed or line.is_comment:
            continue
        match ast.parse(line.text).body:
            case [ast.Assign(targets=[ast.Name(id=name)], value=value)] if name in parameters:
                nodes = list(ast.walk(value))
                read = {node.id for node in nodes if isinstance(node, ast.Name)}
                if name not in read or not read <= names or not all(isinstance(node, parts) for node in nodes):
                    return False
            case _:
                if listing.gradient_form is None or line.phase is not Phase.GRADIENT:
                    return False
    return True
