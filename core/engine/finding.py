"""Find the state of a program by running it: what an epoch changes, and what it hands to the next."""

from itertools import chain
from typing import TYPE_CHECKING, Any

from core.engine.keeping import (
    MISSING,
    Part,
    carried,
    changeable,
    copied,
    generators,
    grad,
    in_place,
    is_slot,
    memory,
    named,
    walk,
)
from core.language import _
from core.program import Method
from core.state import RunFailed

if TYPE_CHECKING:
    from core.engine.runner import Runner

PROBES = 2
"""How many epochs run: the first gives .grad and what an optimizer remembers their place."""


def weights(runner: "Runner") -> list[Part]:
    """What the program learns: the names that its text says, or else what its optimizers were given.

    Raises RunFailed where there is nothing.
    """
    learned: list[Any] = [runner.names.get(name) for name in runner.program.parameters]
    if not learned or not all(map(is_slot, learned)):
        groups = [group for optimizer in runner.optimizers.values() for group in optimizer.param_groups]
        learned = [each for group in groups for each in group["params"]]
    found = {id(each): each for each in learned if is_slot(each)}
    if not found:
        raise RunFailed(_("the program has no weights: no tensor that the update changes"))
    reachable = {id(value): name for name, value in walk(list(runner.names.items()))}
    parts = []
    for number, (key, weight) in enumerate(found.items(), 1):
        name = reachable.get(key, f"weight{number}")
        parts.append(in_place(name, weight, runner.names if runner.names.get(name) is weight else None))
    return parts


def find_state(runner: "Runner") -> tuple[list[Part], list[Part]]:
    """(the tensors, all else) of the state; the epochs that run for it are taken back.

    Raises RunFailed where the first epoch fails.
    """
    names = dict(runner.names)
    learned = {part.name for part in runner.weights}
    handed_on = [named(name, runner.names) for name in carried(runner.text.nodes, runner.text.setup)]
    reachable = (changeable(name, value, runner.names) for name, value in walk(list(names.items())))
    places = [part for part in reachable if part and part.name not in learned]
    everything = [*runner.weights, *places, *handed_on, *generators()]
    before = [(copied(part.read()), part.mark()) for part in everything]
    grads = [grad(part) for part in runner.weights]
    attached = [(part, copied(part.read())) for part in (*grads, *_memory(runner))]
    failure = _probe(runner)
    runner.has_gradient = runner.gradient() is not None
    known = {part.name for part, _value in attached}
    attached += [(part, None) for part in _memory(runner) if part.name not in known]
    rebound = {name for name, value in names.items() if runner.names.get(name, value) is not value}
    changed = []
    for part, (value, mark) in zip(everything, before, strict=True):
        unused = all(isinstance(each, str) and each == MISSING for each in (value, part.read()))
        if part in runner.weights or part.mark() != mark or (part in handed_on and not unused):
            changed.append((part, value, is_slot(part.read())))
    for part, value in chain(((part, value) for part, value, _slot in changed), attached):
        part.write(value)
    for name in [name for name in runner.names if name not in names]:
        del runner.names[name]
    runner.names.update(names)
    runner.take_output()
    if failure:
        raise failure
    runner.weights = [named(part.name, runner.names) if part.name in rebound else part for part in runner.weights]
    tensors = {part.name: part for part, _value, slot in changed if slot and part.name not in learned}
    weighed = [part for part, _value in attached if part not in grads or runner.program.method is Method.OPTIM]
    rest = [part for part, _value, slot in changed if not slot and runner.packed({part.name: part.read()})]
    return [*runner.weights, *tensors.values(), *weighed], rest


def _probe(runner: "Runner") -> RunFailed | None:
    for number in range(PROBES):
        try:
            runner.epoch(number)
            runner.cost()
        except RunFailed as failure:
            return None if number else failure
    return None


def _memory(runner: "Runner") -> list[Part]:
    names = {id(part.read()): part.name for part in runner.weights}
    return [
        memory(optimizer, weight, names.get(id(weight), "weight"), key)
        for optimizer in runner.optimizers.values()
        for weight, kept in optimizer.state.items()
        for key, value in kept.items()
        if is_slot(value)
    ]
