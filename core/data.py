"""The table that a run learns from."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Dataset:
    """Points (x, y), one a row."""

    name: str
    x: tuple[float, ...]
    y: tuple[float, ...]

    def __len__(self) -> int:
        return len(self.x)


LECTURE = Dataset("the lecture's data", x=(1.0, 2.0, 3.0), y=(1.0, 2.0, 3.0))
"""Hours of work and points: the output equals the input."""
