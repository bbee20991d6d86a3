"""The runs beside the present one as the plots draw them: the ghost, and those that are kept."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from core.descent import Descent
from core.language import _
from core.log import EpochLog
from core.state import Weights
from tui.drawing.charts import Chart, Point
from tui.drawing.scale import round_up
from tui.drawing.text import Row, truncate
from tui.safe_text import safe_text

GHOST = "◌"

GLYPHS = "▲■◆▼△□◇▽"
"""A mark for each of the runs that can be kept; its colour is the style "run" with the mark's number."""

ROOM = 5
"""The epochs of other runs are drawn up to this many times as far as the present run has got, for it to be seen."""

CLIP = 3
"""Of other runs' weights those are drawn that are up to this many times as far from the centre as the present run's."""

MARKS = 3
"""How many marks there are on a line, beside the one at its end."""


@dataclass(frozen=True)
class Overlay:
    """A run beside the present one: its epochs from `since` on are drawn, and how."""

    log: EpochLog
    glyph: str
    style: str
    since: int = 0
    name: str = ""
    """The name under which it is kept; the ghost has none."""

    @property
    def is_ghost(self) -> bool:
        return self.glyph == GHOST

    @property
    def last(self) -> int:
        """Its last epoch."""
        return len(self.log) - 1

    def epochs(self, until: float, every: float) -> list[int]:
        """The epochs to draw up to `until`, one in `every`; the last of them is among them."""
        last = min(self.last, int(until))
        return [*range(self.since, last, max(1, round(every))), last] if self.since <= last else []

    def w(self, epoch: int) -> Weights:
        """The weights before an epoch, or where the run has ended by then, at its end."""
        return self.log.w(min(epoch, self.last))

    def draw(self, chart: Chart, points: Sequence[Point]) -> None:
        """A line through the points, the ghost's dashed; where it is inside, its mark here and there and at its end."""
        chart.line(points, self.style, dashed=self.is_ghost)
        inside = [point for point in points if chart.cell(point)]
        if not inside:
            return
        chart.mark(inside[-1], self.glyph, self.style)
        first = (GLYPHS.find(self.glyph) + 1) / (len(GLYPHS) + 1)  # where lines meet no run's marks hide another's
        for number in range(MARKS):
            chart.mark_on(inside, (number + first) / MARKS, self.glyph, self.style)


def overlays(descent: Descent) -> tuple[Overlay, ...]:
    """The ghost from where it was left, below all others; then the runs that are kept, in the order of their marks."""
    runs = [
        Overlay(kept.log, GLYPHS[kept.mark], f"run {kept.mark}", name=kept.name)
        for kept in descent.kept
        if len(kept.log)
    ]
    ghost = descent.ghost
    if ghost and len(ghost) and ghost not in (kept.log for kept in descent.kept):
        runs.insert(0, Overlay(ghost, GHOST, "dim", min(ghost.shared(descent.log), len(ghost) - 1)))
    return tuple(runs)


def weight_overlays(descent: Descent) -> tuple[Overlay, ...]:
    """Those that have the weights of the present run."""
    count = len(descent.w)
    return tuple(run for run in overlays(descent) if len(run.log.w(0)) == len(run.log.w(run.last)) == count)


def ghost_glyph(descent: Descent) -> str:
    """The mark of the ghost: where it is kept, that of the kept run."""
    return next((GLYPHS[kept.mark] for kept in descent.kept if kept.log is descent.ghost), GHOST)


def legend(runs: tuple[Overlay, ...], width: int) -> Row:
    """The marks with the names of the runs, without what all names begin with; shortened where there is no room."""
    names = iter(without_common_words([safe_text(run.name) for run in runs if not run.is_ghost]))
    texts = [_("previous run") if run.is_ghost else next(names) for run in runs]
    each = width // max(1, len(texts)) - len(" ◌ ")
    if each < 1:
        texts, each = [""] * len(texts), 1
    return tuple(
        (f"{run.glyph} {truncate(text, each)}".rstrip() + " " * (run is not runs[-1]), run.style)
        for run, text in zip(runs, texts, strict=True)
    )


def without_common_words(names: list[str]) -> list[str]:
    """The names without the words that all of them begin with."""
    words = [name.split(" ") for name in names]
    alike = 0
    while len(words) > 1 and all(len(mine) > alike + 1 and mine[alike] == words[0][alike] for mine in words):
        alike += 1
    return [" ".join(mine[alike:]) for mine in words]


def last_epoch_drawn(descent: Descent, runs: tuple[Overlay, ...]) -> float:
    """The round number at which an axis of epochs ends."""
    own = round_up(max(10, descent.epoch))
    longest = max((run.last for run in runs), default=0)
    return max(own, round_up(min(longest, ROOM * own)))


def wider(reach: float, centre: float, others: Iterable[float]) -> float:
    """How far from the centre a plot has to reach to show the values of other runs, too, up to CLIP times as far."""
    return max([reach, *(away for value in others if (away := abs(value - centre)) <= CLIP * reach)])
