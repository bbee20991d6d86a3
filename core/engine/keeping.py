"""What an epoch starts from and changes, found among the names of a program: each part can be read and written back."""

import ast
import builtins
import io
import pickle
import random
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor

Names = dict[str, Any]

MISSING = "missing"
"""What is read where a name has no value."""

LARGE = 1_000_000
"""A tensor of more numbers that is not learned is data, which no epoch changes."""


@dataclass
class Part:
    """A part of the state: a tensor, what a name holds, the content of a list, ..."""

    name: str
    read: Callable[[], Any]
    write: Callable[[Any], object]
    mark: Callable[[], Any]
    """What differs after an epoch that has changed it."""
    expression: str = ""
    """How the program's own text reads it, for what has a name."""
    owner: Tensor | None = None
    """The weight that it belongs to: of .grad, and of what the optimizer remembers."""
    key: str = ""
    """What the optimizer calls it."""
    tensor: Tensor | None = None
    """The tensor that stays in its place, if it is one of float32 without gaps."""


def is_slot(value: object) -> bool:
    """Whether a value is kept as numbers: a tensor of float32."""
    return isinstance(value, Tensor) and value.dtype is torch.float32


def copied(value: Any) -> Any:
    """A value that no later epoch changes."""
    return value.detach().clone() if isinstance(value, Tensor) else value


def named(name: str, names: Names) -> Part:
    """What a name holds: an epoch gives it a new value."""
    first = names.get(name)

    def write(value: Any) -> None:
        if isinstance(value, str) and value == MISSING:
            names.pop(name, None)
        elif is_slot(value) and isinstance(first, Tensor):
            names[name] = value.detach().clone().requires_grad_(first.requires_grad)
        else:
            names[name] = value

    return Part(name, lambda: names.get(name, MISSING), write, lambda: id(names.get(name)), name)


def in_place(name: str, tensor: Tensor, names: Names | None = None) -> Part:
    """A tensor that stays the same object while its values change; with `names` it is the one of that name."""

    def read() -> Any:
        return tensor if names is None else names.get(name, tensor)

    def write(value: Any) -> None:
        with torch.no_grad():
            tensor.copy_(value)
        if names is not None:
            names[name] = tensor

    steady = tensor if is_slot(tensor) and tensor.is_contiguous() else None
    return Part(name, read, write, lambda: tensor._version, "" if names is None else name, tensor=steady)


def grad(part: Part) -> Part:
    """The .grad of a weight; None where there is none."""

    def read() -> Any:
        value = part.read()
        return value.grad if isinstance(value, Tensor) and value.is_leaf else None

    def write(value: Any) -> None:
        weight = part.read()
        if isinstance(weight, Tensor) and weight.is_leaf:
            weight.grad = None if value is None else value.detach().clone().view_as(weight)

    expression = part.expression and f"{part.expression}.grad"
    return Part(f"{part.name}.grad", read, write, read, expression, part.read())


def memory(optimizer: torch.optim.Optimizer, weight: Tensor, name: str, key: str) -> Part:
    """What an optimizer remembers of a weight: its momentum_buffer, exp_avg, step; None before its first step."""

    def read() -> Any:
        return optimizer.state[weight].get(key) if weight in optimizer.state else None

    def write(value: Any) -> None:
        if value is not None:
            optimizer.state[weight][key] = copied(value)
        elif weight in optimizer.state:
            optimizer.state[weight].pop(key, None)
            if not optimizer.state[weight]:
                del optimizer.state[weight]

    return Part(f"{type(optimizer).__name__}.{key}.{name}", read, write, read, owner=weight, key=key)


def walk(names: Iterable[tuple[str, Any]], depth: int = 0, seen: set[int] | None = None) -> Iterator[tuple[str, Any]]:
    """(name, value) of all that can be changed in place: tensors, arrays, containers, objects with a state_dict()."""
    seen = set() if seen is None else seen
    for name, value in names:
        if id(value) in seen or name.startswith("__"):
            continue
        if isinstance(value, torch.nn.Module):
            seen.add(id(value))
            tensors = (*value.named_parameters(), *value.named_buffers())
            yield from walk(((f"{name}.{inner}", tensor) for inner, tensor in tensors), depth, seen)
        elif isinstance(value, Tensor) or type(value).__name__ == "ndarray" or _has_state(value):
            seen.add(id(value))
            yield name, value
        elif isinstance(value, (list, dict, set, tuple)) and depth < 4:
            seen.add(id(value))
            if not isinstance(value, tuple):
                yield name, value
            if len(value) < 1000 and not isinstance(value, set):
                items = value.items() if isinstance(value, dict) else enumerate(value)
                yield from walk([(f"{name}[{key!r}]", inner) for key, inner in items], depth + 1, seen)


def changeable(name: str, value: Any, names: Names) -> Part | None:
    """The part of the state that a value is, if an epoch can change it in place."""
    if isinstance(value, Tensor):
        if value.numel() > LARGE and not value.requires_grad:
            return None
        return in_place(name, value, names if names.get(name) is value else None)
    if isinstance(value, (list, dict, set)):
        return _container(name, value)
    if type(value).__name__ == "ndarray":
        if value.size > LARGE:
            return None
        return Part(name, value.copy, lambda kept: value.__setitem__(..., kept), value.tobytes)
    if isinstance(value, torch.optim.Optimizer):
        return _options(name, value)
    return Part(
        name,
        lambda: packed(value.state_dict()),
        lambda kept: value.load_state_dict(pickle.loads(kept)),
        lambda: packed(value.state_dict()),
    )


def generators() -> Iterator[Part]:
    """The states of the random generators."""
    generator = torch.default_generator
    yield Part("torch", generator.get_state, generator.set_state, lambda: packed(generator.get_state()))
    yield Part("random", random.getstate, random.setstate, random.getstate)
    if numpy := sys.modules.get("numpy"):
        draws = numpy.random
        yield Part("numpy", draws.get_state, draws.set_state, lambda: packed(draws.get_state()))


class _Packer(pickle.Pickler):
    def reducer_override(self, value: Any) -> Any:
        if not isinstance(value, Tensor) or value.dtype is torch.bfloat16:
            return NotImplemented
        return torch.from_numpy, (value.detach().numpy(),)  # torch's own way packs an address


def packed(value: Any) -> bytes:
    """A value as bytes, the same for the same value; empty where it can't be packed."""
    stream = io.BytesIO()
    with suppress(Exception):
        _Packer(stream).dump(value)
        return stream.getvalue()
    return b""


def _has_state(value: object) -> bool:
    return hasattr(value, "state_dict") and hasattr(value, "load_state_dict") and not isinstance(value, type)


def _container(name: str, value: Any) -> Part:
    def write(content: Any) -> None:
        value.clear()
        (value.extend if isinstance(value, list) else value.update)(content)

    def mark() -> Any:
        return [*map(id, value)] if not isinstance(value, dict) else [(key, id(each)) for key, each in value.items()]

    return Part(name, value.copy, write, mark)


def _options(name: str, optimizer: torch.optim.Optimizer) -> Part:
    def read() -> list[dict[str, Any]]:
        return [{key: each for key, each in group.items() if key != "params"} for group in optimizer.param_groups]

    def write(groups: list[dict[str, Any]]) -> None:
        for group, kept in zip(optimizer.param_groups, groups, strict=True):
            group.update(kept)

    scheduled = any("initial_lr" in group for group in optimizer.param_groups)
    return Part(name, read, write, object if scheduled else lambda: packed(read()))


# the text


def carried(body: list[ast.stmt], setup: list[ast.stmt]) -> list[str]:
    """The names that the loop's body gives a value to and reads before, maybe: what one epoch hands to the next."""
    functions = [node for statement in setup for node in ast.walk(statement) if isinstance(node, ast.FunctionDef)]
    stored = {name for function in functions for node in ast.walk(function) if isinstance(node, ast.Global)
              for name in node.names}  # fmt: skip
    read = {name for function in functions for name in _loads(function)} | _reads(body, set())
    stored |= {name for statement in body for name in _stores(statement)}
    return sorted((stored & read) - set(dir(builtins)))


def _reads(statements: list[ast.stmt], certain: set[str]) -> set[str]:
    """The names that are read before these statements have certainly given them a value; those go to `certain`."""
    read: set[str] = set()
    for statement in statements:
        match statement:
            case ast.For():
                read |= _loads(statement.iter) - certain
                read |= _reads(statement.body + statement.orelse, certain | _stores(statement.target))
            case ast.If() | ast.While():
                read |= _loads(statement.test) - certain
                branches = set(certain), set(certain)
                read |= _reads(statement.body, branches[0]) | _reads(statement.orelse, branches[1])
                certain |= branches[0] & branches[1]
            case ast.With():
                for item in statement.items:
                    read |= _loads(item.context_expr) - certain
                    certain |= _stores(item)
                read |= _reads(statement.body, certain)
            case _:
                read |= _loads(statement) - certain
                if isinstance(statement, (ast.Assign, ast.AnnAssign, ast.AugAssign)):
                    certain |= _stores(statement)
    return read


def _loads(node: ast.AST) -> set[str]:
    loads = {each.id for each in ast.walk(node) if isinstance(each, ast.Name) and isinstance(each.ctx, ast.Load)}
    augmented = (each.target for each in ast.walk(node) if isinstance(each, ast.AugAssign))
    return loads | {target.id for target in augmented if isinstance(target, ast.Name)} - _inner(node)


def _stores(node: ast.AST) -> set[str]:
    names = {each.id for each in ast.walk(node) if isinstance(each, ast.Name) and isinstance(each.ctx, ast.Store)}
    return names - _inner(node)


def _inner(node: ast.AST) -> set[str]:
    """The names that live in a comprehension alone."""
    targets = (each.target for each in ast.walk(node) if isinstance(each, ast.comprehension))
    return {each.id for target in targets for each in ast.walk(target) if isinstance(each, ast.Name)}
