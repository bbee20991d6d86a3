"""The stepper: the one screen, its run and its features as values, and what each key does."""

from collections.abc import Callable, Coroutine
from functools import partial
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

from textual.app import ComposeResult
from textual.containers import Container
from textual.reactive import reactive
from textual.screen import Screen

from core.descent import Descent, Kept, Tick
from core.language import LazyString, _
from core.lr import Lr
from core.program import Program
from core.requests import Engine
from core.study.prediction import Prediction
from tui import features, layout
from tui.keys import bindings
from tui.moves import MOVES
from tui.panels.code import Code
from tui.panels.epochs import Epochs
from tui.panels.footer import Footer
from tui.panels.panel import Panel
from tui.panels.ruler import Ruler
from tui.panels.status import Status
from tui.panels.title import Title
from tui.panels.too_small import TooSmall
from tui.playback import Playback
from tui.run_queue import Change, Move, RunQueue
from tui.sessions.sessions import Sessions
from tui.slices import Slices

if TYPE_CHECKING:
    from core.session.session import LoadedSession
    from core.study.comparison import Comparison
    from core.study.experiments import RunningExperiment
    from tui.lessons.progress import Progress
    from tui.lessons.session import LessonSession
    from tui.settings import Settings

Flow = Coroutine[Any, Any, None]


class Stepper(Screen[None]):
    """One Descent, bound down to the panels; a keypress is one assignment to it."""

    BINDINGS = [*bindings()]
    ALLOW_IN_MAXIMIZED_VIEW = "Title, Ruler, Status, Footer, PredictionStrip"
    HORIZONTAL_BREAKPOINTS = [(0, "-none"), (40, "-slim"), (76, "-narrow"), (108, "-wide")]
    VERTICAL_BREAKPOINTS = [(0, "-flat"), (10, "-low"), (16, "-squat"), (22, "-short"), (32, "-tall"), (46, "-high")]

    descent: reactive[Descent] = reactive(Descent, repaint=False, always_update=True)
    activity: reactive[str | LazyString] = reactive("", repaint=False, always_update=True)
    """What gradstep is doing, or says about the last key."""
    zoomed: reactive[bool] = reactive(False, repaint=False)
    prediction: reactive[Prediction] = reactive(Prediction, repaint=False)
    """What is to be predicted before an epoch runs, and how that has gone."""
    lesson_session: "reactive[LessonSession | None]" = reactive(None, repaint=False)
    """The lesson that the learner is in, if any."""
    running_experiment: "reactive[RunningExperiment | None]" = reactive(None, repaint=False)
    """The experiment that was begun last."""
    comparison: "reactive[Comparison | LazyString | None]" = reactive(None, repaint=False, always_update=True)
    """Both methods at the place on the screen, while their panel is shown."""

    def __init__(
        self,
        descent: Descent,
        engine: Engine,
        settings: "Settings",
        runs: Path | None = None,
        session: "LoadedSession | None" = None,
        disabled_actions: frozenset[str] = frozenset(),
    ) -> None:
        super().__init__()
        self.engine, self.settings, self.disabled_actions = engine, settings, disabled_actions
        self.queue, self.slices = RunQueue(self, partial(features.held_back, self)), Slices(self)
        self.playback = Playback(self, settings.speed)
        self.sessions = Sessions(self, runs, session)
        self.progress: Progress | None = None
        """Which lessons are done, once somebody has asked."""
        self.active_plot = "table"
        """What has the place that the plots and the table share."""
        self.first_knobs = descent.knobs
        """With what the run began, as its set-up stands."""
        self._aside: dict[Program, tuple[Kept, ...]] = {}
        """The runs that were kept on other tables, while they are not on the screen."""
        self.plotted = len(descent.names)
        """For how many weights the plots are."""
        self.hold_keys: Callable[[Flow], Flow] = lambda flow: flow
        """The app's way to let keys wait until a flow shows a dialog or has ended."""
        self.set_reactive(Stepper.descent, descent)

    def compose(self) -> ComposeResult:
        self.set_classes(layout.size_classes(self))  # the size is known: the first frame is not styled twice
        yield TooSmall()
        yield Title().data_bind(Stepper.descent)
        with Container(id="body", classes=" ".join(layout.body_classes(self))):
            yield Code().data_bind(Stepper.descent)
            yield Container(id="plots")
            yield Epochs().data_bind(Stepper.descent)
        yield Ruler().data_bind(Stepper.descent)
        yield Status().data_bind(Stepper.descent, Stepper.activity, Stepper.lesson_session)
        yield Footer().data_bind(Stepper.descent)

    def on_mount(self) -> None:
        self.call_after_refresh(layout.mount_rest, self)
        self.call_after_refresh(self.queue.start)
        self.call_after_refresh(self.sessions.begin)

    def on_unmount(self) -> None:
        self.playback.stop()
        self.queue.close()

    # what the features use

    def goto(self, move: Move) -> None:
        """Move to another place of the run; a move back pauses what plays."""
        if move(self.descent) < self.descent.tick:
            self.playback.pause()
        self.playback.stop_run()
        self.queue.goto(move)

    def change(self, change: Callable[[Descent], Descent], unchanged: str | LazyString = "") -> None:
        """Change the run, in its turn; the sentence is said where that changes nothing."""
        self.playback.stop_run()
        self.queue.change(Change(change, unchanged))

    def say(self, text: str | LazyString = "") -> None:
        """Put a sentence into the status line; without one, what runs by itself, if anything does."""
        self.activity = text or self.playback.text or self.sessions.notice

    def start_run(self, start: Callable[[Descent], Descent]) -> None:
        """Leave the run for one on another table or with other weights; kept runs wait for theirs to come back."""
        from tui.knob_changes import other_run

        self.playback.stop()
        self.change(lambda descent: other_run(descent, start(descent), self._aside))

    def run_to(self, last: int | None) -> None:
        """Run to an epoch, or until the run ends by itself."""
        if last is not None and last < len(self.descent.log):
            self.action_goto_epoch(last)
        else:
            features.stop(self)
            self.playback.run_to(last)

    def start(self, flow: Flow) -> None:
        """Run a feature's flow, which may wait for its dialogs; keys wait until it shows one or has ended."""
        self.run_worker(self.hold_keys(flow))

    def redraw_plots(self) -> None:
        for panel in self.query_one("#plots").query(Panel):
            panel.redraw()

    # values that follow the run

    def watch_descent(self, before: Descent, descent: Descent) -> None:
        self.prediction = self.prediction.at(descent)
        features.compare(self)
        features.observe(self, descent)
        self.playback.after(descent)
        if before.opened is not descent.opened and not descent.knobs.program.same_setup(before.knobs.program):
            self.first_knobs = descent.knobs
        if self.is_mounted and len(descent.names) != self.plotted:
            self.plotted = len(descent.names)
            self.call_later(layout.replace_plots, self)

    def watch_prediction(self, prediction: Prediction) -> None:
        self.set_class(prediction.on, "-predicting")
        if prediction.on:
            layout.mount_once(self, "PredictionStrip")
        features.compare(self)

    def watch_running_experiment(self) -> None:
        if self.running_experiment:
            layout.mount_once(self, "ExperimentPanel")

    def watch_lesson_session(self) -> None:
        if self.lesson_session:
            layout.mount_once(self, "LessonPanel")
        else:
            self.query("LessonPanel").remove()
        if self.is_mounted:
            self.call_after_refresh(layout.show_plot, self)

    # moves

    def action_move(self, name: str) -> None:
        self.goto(MOVES[name])

    def action_goto_epoch(self, epoch: int) -> None:
        self.goto(lambda descent: Tick(epoch, 0))

    def action_goto_line(self, index: int) -> None:
        self.goto(lambda descent: Tick(descent.highlighted_epoch or 0, index + 1))

    def action_restart(self) -> None:
        self.playback.stop()
        self.change(lambda descent: descent.restarted())

    def action_begin(self, name: str) -> None:
        """Begin a run of another kind: standardized, with a bias; and back."""
        from tui.knob_changes import NEW_RUNS

        self.start_run(lambda descent: Descent(NEW_RUNS[name](descent.knobs)))

    def action_play(self) -> None:
        if self.playback.is_playing:
            self.playback.pause()
        else:
            features.stop(self)
            self.playback.play()

    def action_speed(self, steps: int) -> None:
        if not features.take_sign(self, steps):
            self.playback.change_speed(steps)

    def action_stop(self) -> None:
        """Stop what runs by itself, and make a large panel small; skip an epoch that is to be predicted."""
        if self.maximized:
            self.minimize()
            return
        self.queue.drop()
        self.playback.stop()
        self.sessions.stop()
        features.skip(self)

    # knobs

    def action_turn(self, name: str) -> None:
        from tui.knob_changes import KNOB_CHANGES, NO_CHANGE_REASONS  # not for the first frame

        reason = NO_CHANGE_REASONS["no_lr" if "lr" in name and not self.descent.knobs.lr else name]
        self.playback.stop_run()
        self.queue.turn(KNOB_CHANGES[name], LazyString(lambda: _(reason)))

    def action_set_lr(self, lr: float) -> None:
        self.change(lambda descent: descent.with_knobs(descent.knobs.with_lr(Lr.at(lr))))

    def action_edit(self, number: int = 0) -> None:
        if "edit" in self.disabled_actions:
            self.say(
                LazyString(lambda: _("lines are edited at the program's own keyboard only, and not from elsewhere"))
            )
        else:
            self.action_flow("edit.edit_line", number)

    # predicting

    def action_predict(self) -> None:
        self.playback.stop()
        self.prediction = self.prediction.toggled(self.descent)

    def action_predict_harder(self) -> None:
        if self.prediction.on:
            self.prediction = self.prediction.at_next_level(self.descent)

    def action_answer(self, answer: float) -> None:
        features.answer(self, answer)

    # features: each has its flow beside its dialog, in tui.screens

    def action_flow(self, name: str, *arguments: object) -> None:
        """Run a flow: runs.keep_run is the function keep_run of tui.screens.runs."""
        module, function = name.split(".")
        self.start(getattr(import_module(f"tui.screens.{module}"), function)(self, *arguments))

    def action_resume_previous(self) -> None:
        self.sessions.resume_previous()

    def action_lessons(self, what: str) -> None:
        if what != "leave" or not features.take_sign(self, 0):  # 0 also says that W stays
            from tui.lessons.actions import act

            self.start(act(self, what))

    # the screen

    def action_plot(self, name: str) -> None:
        if name != "lesson" or self.lesson_session:
            self.active_plot = name
        features.compare(self)
        self.call_after_refresh(layout.show_plot, self)

    def action_toggle_panel(self, name: str) -> None:
        """Show a panel where the table of epochs is, or the table again."""
        layout.mount_once(self, name.title())
        self.action_plot("table" if self.active_plot == name else name)

    def action_maximize(self) -> None:
        layout.maximize_next(self)

    def action_zoom(self) -> None:
        self.zoomed = not self.zoomed
