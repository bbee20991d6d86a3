"""The list of experiments: choose one, see the lines that change, say what will happen, and begin."""

from collections.abc import Callable
from dataclasses import replace

from textual.app import ComposeResult
from textual.await_complete import AwaitComplete
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import OptionList, Static
from textual.widgets.option_list import Option

from core.descent import Descent
from core.language import _
from core.listing import Method
from core.state import Engine, Knobs, Weights
from core.study.experiments import EXPERIMENTS, Experiment, Ground, Setting, Underway
from core.study.outcome import Outcome
from tui.drawing.figures import fixed, lr_text, mark_text
from tui.engine.waiting import Change
from tui.safe_text import safe_text
from tui.screens.retold import Retold

MOVES = {"down": "cursor_down", "up": "cursor_up", "pagedown": "page_down", "pageup": "page_up"}

ANSWERS = tuple(Outcome)


def needs(knobs: Knobs) -> Knobs:
    """What has to run before the list opens: both methods, the slower one of which is optim."""
    return replace(knobs, listing=knobs.listing.pristine, method=Method.OPTIM)


def opening(push: Callable[["Experiments"], AwaitComplete | object], begin: Callable[[Underway], object]) -> Change:
    """The change that opens the list, and leaves the run as it is."""

    def opened(descent: Descent, engine: Engine) -> Descent:
        push(Experiments(descent, engine, begin))
        return descent

    return opened


class Experiments(Retold):
    """Two steps in one place: the experiments, then the answers to the question of the one that was chosen."""

    BINDINGS = [
        ("escape", "back", "Back"),
        ("enter,space", "take", "Take"),
        *((key, f"choose('{move}')", move) for key, move in MOVES.items()),
    ]

    def __init__(self, descent: Descent, engine: Engine, begin: Callable[[Underway], object]) -> None:
        super().__init__()
        self._descent, self._engine, self._begin = descent, engine, begin
        self._grounds: dict[Method, Ground] = {}
        self._chosen: Experiment | None = None

    def compose(self) -> ComposeResult:
        with Vertical(classes="dialog"):
            detail = Static()
            detail.can_focus = False
            yield detail
            options = OptionList()
            options.can_focus = False  # the screen's own keys move in it, so that none falls between the two
            yield options

    def on_mount(self) -> None:
        self._list()

    def tell(self) -> None:
        highlighted = self.query_one(OptionList).highlighted
        if self._chosen is None:
            self._list(highlighted or 0)
        else:
            self._ask(self._chosen, highlighted)

    def _list(self, highlighted: int = 0) -> None:
        """The first step: the experiments."""
        self._chosen = None
        self._entitle(_("Experiments"), _("enter: choose   ↑ ↓   esc: leave"))
        options = self.query_one(OptionList)
        options.clear_options()
        for experiment in EXPERIMENTS:
            style = "dim" if isinstance(self._setting(experiment), str) else "bold"
            options.add_option(Option(Content.assemble((_(experiment.name), style))))
        options.highlighted = highlighted
        self._describe(EXPERIMENTS[highlighted])

    def _ask(self, experiment: Experiment, highlighted: int | None = None) -> None:
        """The second step: the answers; at first none of them is chosen."""
        self._chosen = experiment
        self._entitle(_(experiment.name), _("enter: begin   ↑ ↓: what will happen?   esc: back"))
        options = self.query_one(OptionList)
        options.clear_options()
        options.add_options([Option(Content(_(outcome))) for outcome in ANSWERS])
        options.add_option(Option(Content.styled(_("no guess: begin and see"), "dim")))
        options.highlighted = highlighted
        self._describe(experiment)

    def _entitle(self, title: str, keys: str) -> None:
        dialog = self.query_one(".dialog")
        dialog.border_title, dialog.border_subtitle = title, keys
        self.set_class(self._chosen is not None, "asking")

    def _describe(self, experiment: Experiment) -> None:
        """The question, and the lines before and after; or why there is no such experiment on this table."""
        setting = self._setting(experiment)
        detail = self.query_one(Static)
        if isinstance(setting, str):
            detail.update(Content.styled(_("Not here: {why}.").format(why=setting), "$text-warning"))
            return
        parts: list[Content | str | tuple[str, str]] = [(_(experiment.question), "bold")]
        for before, after in exchanged(self._ground(experiment).setting, setting, self._descent.names):
            parts += [("\n- " + safe_text(before), "$text-error"), ("\n+ " + safe_text(after), "$text-success")]
        detail.update(Content.assemble(*parts))

    def _ground(self, experiment: Experiment) -> Ground:
        """What the experiment changes; measured once for each method."""
        method = experiment.method or self._descent.knobs.method
        if method not in self._grounds:
            self._grounds[method] = experiment.ground(self._descent, self._engine)
        return self._grounds[method]

    def _setting(self, experiment: Experiment) -> Setting | str:
        return experiment.setting(self._ground(experiment))

    def on_option_list_option_highlighted(self, event: OptionList.OptionHighlighted) -> None:
        if self._chosen is None and event.option_index < len(EXPERIMENTS):
            self._describe(EXPERIMENTS[event.option_index])

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        """A click."""
        self.action_take()

    def action_choose(self, move: str) -> None:
        options = self.query_one(OptionList)
        if options.scrollable_content_region:  # textual's pages stumble over a list that has no room
            getattr(options, f"action_{move}")()

    def action_take(self) -> None:
        """Take the experiment, then the answer; without an answer it begins as well."""
        if not self.is_current:  # keys that came faster than the screen closes
            return
        index = self.query_one(OptionList).highlighted
        if self._chosen is None:
            experiment = EXPERIMENTS[index or 0]
            if isinstance(self._setting(experiment), Setting):
                self._ask(experiment)
            return
        setting = self._setting(self._chosen)
        if isinstance(setting, Setting):
            expected = ANSWERS[index] if index is not None and index < len(ANSWERS) else None
            self.dismiss()
            self._begin(Underway(self._chosen, setting, self._descent.data, expected))

    def action_back(self) -> None:
        if not self.is_current:
            return
        if self._chosen is None:
            self.dismiss()
        else:
            self._list(EXPERIMENTS.index(self._chosen))


def exchanged(ground: Setting, setting: Setting, names: tuple[str, ...]) -> list[tuple[str, str]]:
    """What an experiment exchanges: each line, lr or start, as it was and as it becomes."""
    now, then = ground.knobs, setting.knobs
    lines = zip(now.listing.text.splitlines(), then.listing.text.splitlines(), strict=True)
    pairs = [
        (f"{number}  {before.strip()}", f"{number}  {after.strip()}")
        for number, (before, after) in enumerate(lines, start=1)
        if before != after
    ]
    for method, before, after in (("manual", now.manual_lr, then.manual_lr), ("optim", now.optim_lr, then.optim_lr)):
        if before != after:
            pairs.append((f"{method}: lr = {_lr(before.value)}", f"{method}: lr = {_lr(after.value)}"))
    if ground.start != setting.start:
        pairs.append((_started(names, ground.start), _started(names, setting.start)))
    return pairs


def _lr(lr: float) -> str:
    """An lr as it is typed: 0.1, and 1/7 where that is shorter."""
    return min(lr_text(lr), mark_text(lr), key=len) if len(lr_text(lr)) > 5 else lr_text(lr)


def _started(names: tuple[str, ...], start: Weights) -> str:
    """`W = 0`, or the first of several weights with their values."""
    first = ", ".join(f"{name} = {fixed(w)}" for name, w in list(zip(names, start, strict=True))[:3])
    return first + " …" * (len(names) > 3)
