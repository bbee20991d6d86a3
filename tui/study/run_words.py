"""Runs in words: with what they ran, from where, what they did, and what to call one that is kept."""

from collections.abc import Callable
from functools import lru_cache
from itertools import groupby
from math import isnan

from core.descent import MOST_KEPT, Descent
from core.language import _, marked
from core.listing import GradientForm, Method
from core.state import Knobs
from core.study.runs import Did, Summary
from core.tape import Tape
from tui.drawing.figures import cost_text, lr_text, mark_text

LONG_LR = 6

ENDED = {
    Did.SETTLED: marked("settled at {epoch:,}"),
    Did.BOUNCES: marked("bounces from {epoch:,}"),
    Did.BROKE_AWAY: marked("broke away at {epoch:,}"),
}


def did_text(summary: Summary) -> str:
    """What a run did, and where it is over since when."""
    return _(ENDED[summary.did]).format(epoch=summary.since) if summary.did in ENDED else _(summary.did)


def close_text(summary: Summary) -> str:
    return "–" if summary.close is None else f"{summary.close:,}"


def last_cost_text(summary: Summary) -> str:
    return "–" if isnan(summary.cost) and summary.did is Did.NOTHING else cost_text(summary.cost)


def program_text(tape: Tape) -> str:
    """How the gradient is taken, and the lr, as sum 0.1; where they were changed in mid-run, one after the other."""
    return _stretches(tape, lambda knobs: _form(knobs) or knobs.method, " ")


def start_text(tape: Tape) -> str:
    """Where a run began: 0 for all weights at 0."""
    w = tape.start.w
    if not any(w):
        return "0"
    return " ".join(f"{value:.4g}" for value in w) if len(w) <= 2 else f"{w[0]:.3g} …"


def proposed_name(descent: Descent) -> str:
    """A name that tells the run apart from the lecture's and from those that are kept: manual lr 0.1."""
    tape = descent.tape
    name = _stretches(tape, _method, " lr ")
    if any(tape.start.w):
        name = _("{run} from {start}").format(run=name, start=start_text(tape))
    taken, number, free = {kept.name for kept in descent.kept}, 1, name
    while free in taken:
        number += 1
        free = f"{name} ({number})"
    return free


def name_typed(text: str, descent: Descent) -> str:
    """A name for a run to keep. Raises ValueError, with a sentence, where it is none or another run's."""
    name = text.strip()
    if not name:
        raise ValueError(_("a name, for example {name}").format(name=proposed_name(descent)))
    if name in (kept.name for kept in descent.kept):
        raise ValueError(_("another run is called that: take another name, or drop that run with K first"))
    return name


def why_not_kept(descent: Descent) -> str:
    """Why the run can't be kept; empty where it can."""
    if len(descent.tape) < 2:
        return _("there is no finished epoch to keep yet: space runs one")
    if len(descent.kept) == MOST_KEPT:
        return _("{count} runs are kept, as many as can be told apart: K drops one").format(count=MOST_KEPT)
    return ""


def _stretches(tape: Tape, called: Callable[[Knobs], str], between: str) -> str:
    """What a run is called, with its lr, then what was changed in mid-run; of many changes the last."""
    ran = [knobs for start, knobs in tape.turns if start < len(tape)]
    stretches = [(called(knobs) + "*" * _is_changed(knobs), _lr(knobs.lr.value)) for knobs in ran]
    stretches = [stretch for stretch, _same in groupby(stretches)]
    first, *later = (between.join(stretch) for stretch in stretches)
    if len(later) > 1:
        return f"{first}→…→{later[-1]}"
    if later and stretches[0][0] == stretches[1][0]:
        later = [stretches[1][1]]
    return "→".join([first, *later])


def _lr(lr: float) -> str:
    """An lr; as the fraction that it is where its digits are many: 1/14."""
    text = lr_text(lr)
    return mark_text(lr) if len(text) > LONG_LR else text


def _form(knobs: Knobs) -> str:
    """How manual's gradient is written, where it is in one of the lecture's ways."""
    return knobs.listing.gradient_form or "" if knobs.method is Method.MANUAL else ""


def _method(knobs: Knobs) -> str:
    """The method, and how its gradient is written where it isn't the lecture's sum."""
    return f"{knobs.method} {GradientForm.MEAN}" if _form(knobs) == GradientForm.MEAN else knobs.method


@lru_cache(maxsize=64)
def _is_changed(knobs: Knobs) -> bool:
    """Whether the method runs a line that is in none of the lecture's ways."""
    listing = knobs.listing.with_gradient_form(GradientForm.SUM) if _form(knobs) else knobs.listing
    return listing.is_changed(knobs.method)
