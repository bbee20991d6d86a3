"""What the learner can turn: the program's text, by which method it runs, and its lr."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from math import nan

from core.lr import Lr
from core.program import Method, Program


@dataclass(frozen=True)
class Knobs:
    """The program that runs, and the same one by the other method where there is one; the lr is in their texts."""

    program: Program
    other: Program | None = None
    anchor: float = field(default=nan, compare=False)
    """The lr that was last set by other means than the ladder: a rung of its own."""

    @classmethod
    def of(cls, name: str = "weight", method: Method = Method.MANUAL) -> "Knobs":
        """The knobs of a built-in pair: weight, bias, features, features_no_bias."""
        manual, optim = (Program.read(f"{name}_{each}") for each in Method)
        return cls(manual, optim) if method is Method.MANUAL else cls(optim, manual)

    @property
    def method(self) -> Method:
        return self.program.method

    @property
    def lr(self) -> Lr | None:
        """The lr in the text of the program that runs; None where it has none that can be turned."""
        value = self.program.lr
        return None if value is None else Lr(value, value if self.anchor != self.anchor else self.anchor)

    def with_lr(self, lr: Lr) -> "Knobs":
        """The same knobs with another lr in the text of the program that runs."""
        return replace(self, program=self.program.with_lr(lr.value), anchor=lr.anchor)

    def with_program(self, program: Program) -> "Knobs":
        """The same knobs with another text for the program that runs."""
        return replace(self, program=program)

    def edited(self, edit: Callable[[Program], Program]) -> "Knobs":
        """The same knobs with an edit of the programs of both methods."""
        return replace(self, program=edit(self.program), other=self.other and edit(self.other))

    def switched(self) -> "Knobs":
        """The other method; the same knobs where there is none."""
        return self if self.other is None else Knobs(self.other, self.program)

    def by(self, method: Method) -> "Knobs":
        """The knobs with this method, where there is a program of it."""
        return self if self.method is method else self.switched()
