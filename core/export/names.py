"""The names that changed lines use: in a script they share one room with those of the script itself."""

import ast
import builtins
from collections.abc import Sequence

from core.export.faults import CannotExport
from core.export.stretches import Stretch
from core.language import _

IMPORTED = {"torch", "optim", "Tensor"}

SCRIPTS_OWN = IMPORTED | {"x_train", "y_train", "optimizer", "epoch", "nb_epochs", "history", "weights", "print"}
"""What no line of a loop may give another value: in the program that would be forgotten after the epoch."""


def names_read(code: Sequence[str]) -> set[str]:
    return {node.id for node in _nodes(code) if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load)}


def names_stored(code: Sequence[str]) -> set[str]:
    """The names that the code gives a value, in whatever way."""
    stored = {node.id for node in _nodes(code) if isinstance(node, ast.Name) and not isinstance(node.ctx, ast.Load)}
    imported = {(node.asname or node.name).partition(".")[0] for node in _nodes(code) if isinstance(node, ast.alias)}
    return stored | imported


def names_rebound(code: Sequence[str]) -> set[str]:
    """The names that stand for another tensor afterwards; -= and its like, but for @=, change a tensor in place."""
    nodes = _nodes(code)
    augmented = [node for node in nodes if isinstance(node, ast.AugAssign)]
    in_place = [node.target for node in augmented if not isinstance(node.op, ast.MatMult)]
    names = (node for node in nodes if isinstance(node, ast.Name) and node not in in_place)
    return {node.id for node in names if not isinstance(node.ctx, ast.Load)}


def refuse_clashes(stretch: Stretch) -> None:
    """Raise CannotExport where a line would do something else in a script than in the program."""
    known = {*dir(builtins), *IMPORTED, "x_train", "y_train", "lr", "optimizer", *stretch.listing.parameters}
    stored = names_stored(stretch.loop)
    if clash := sorted(stored & SCRIPTS_OWN):
        raise CannotExport(
            _("a changed line gives {name} another value: no plain script can follow that").format(name=clash[0])
        )
    if unknown := sorted(names_read((stretch.optimizer, *stretch.loop)) - known - stored):
        raise CannotExport(_("a changed line needs {name}: a plain script has no such name").format(name=unknown[0]))


def _nodes(code: Sequence[str]) -> list[ast.AST]:
    return list(ast.walk(ast.parse("\n".join(code))))
