"""The table that a run learns from."""

from array import array
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cached_property

from core.language import Sentence, _, marked


@dataclass(frozen=True)
class Source:
    """Where a table was read, so that it can be read again."""

    name: str
    """The name of a built-in table, or the whole path of a file."""
    features: tuple[str, ...] = ()
    """The input columns that were asked for; all but the target where none were."""
    target: str = ""


@dataclass(frozen=True, eq=False)
class Dataset:
    """Rows of inputs x and a target y, as the float32 that torch computes with."""

    name: str | Sentence
    inputs: tuple[str, ...]
    """The names of the input columns."""
    target: str
    x: "array[float]"
    """The inputs row after row, len(y) * len(inputs) values of type 'f'."""
    y: "array[float]"
    about: str = ""
    """Where a built-in table comes from, or how a file was read; a built-in one's is looked up where it is shown."""
    notes: tuple[str | Sentence, ...] = ()
    """What the reader of a file has to say about it."""
    original: "Dataset | None" = None
    """The table as it was read, where its inputs are standardized here."""
    source: Source | None = None
    """Where it was read; None for a table that was made in memory."""

    def __len__(self) -> int:
        return len(self.y)

    @cached_property
    def fingerprint(self) -> str:
        """What tells these numbers from others: the SHA-256 of x and y."""
        from hashlib import sha256  # only where a run is saved or taken up again

        digest = sha256(self.x)
        digest.update(self.y)
        return digest.hexdigest()

    def row(self, index: int) -> "array[float]":
        """The inputs of a row."""
        width = len(self.inputs)
        return self.x[index * width : (index + 1) * width]

    def rows(self, most: int) -> Iterator[tuple["array[float]", float]]:
        """Inputs and target of at most `most` rows, spread evenly over the table."""
        every = max(1, -(-len(self) // most))
        return ((self.row(index), self.y[index]) for index in range(0, len(self), every))


LECTURE = Dataset(
    Sentence(lambda: _("the lecture's data")),
    ("x",),
    "y",
    array("f", (1, 2, 3)),
    array("f", (1, 2, 3)),
    about=marked("hours of work and points: the lecture's dummy data, where the output equals the input"),
    source=Source("lecture"),
)


def standardized(data: Dataset) -> Dataset:
    """The same table with every input as (x - mean) / standard deviation; a constant input becomes 0."""
    import numpy as np  # a third of the time to the first frame, which shows the table as it is

    mean, deviation = scaling(data)
    x = np.frombuffer(data.x, dtype=np.float32).reshape(len(data), -1)
    scaled = ((x - np.array(mean)) / np.array(deviation)).astype(np.float32)
    name = Sentence(lambda: _("{name}, standardized").format(name=data.name))
    return replace(data, name=name, x=array("f", scaled.tobytes()), notes=(), original=data)


def scaling(data: Dataset) -> tuple[list[float], list[float]]:
    """The mean and the standard deviation of every input, in double; those of a constant one make it exactly 0."""
    import numpy as np  # not for the first frame

    x = np.frombuffer(data.x, dtype=np.float32).reshape(len(data), -1)
    mean, deviation = x.mean(axis=0, dtype=np.float64), x.std(axis=0, dtype=np.float64)
    constant = x.min(axis=0) == x.max(axis=0)
    return np.where(constant, x[0], mean).tolist(), np.where(constant, 1, deviation).tolist()
