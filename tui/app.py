"""The stepper: keys to moves of the Descent, and the thread that loads torch."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from threading import Thread
from typing import TYPE_CHECKING, Any, TypeVar

from textual.app import App, ComposeResult, SystemCommand
from textual.await_complete import AwaitComplete
from textual.binding import BindingsMap
from textual.containers import Container
from textual.css.query import NoMatches
from textual.events import Event, Key, Paste
from textual.message import Message
from textual.reactive import reactive
from textual.screen import Screen
from textual.worker import WorkerFailed

from core.beginning import beginning, first_lr
from core.data import Dataset, standardized
from core.descent import PHASES, Descent
from core.language import Sentence, _
from core.lr import Lr
from core.numbers import parse_last_epoch, parse_lr, parse_weights
from core.state import Engine, Knobs, Weights
from core.study.prediction import Prediction
from tui.config.own_way import OwnWay
from tui.engine.conductor import Conductor
from tui.engine.in_turn import InTurn
from tui.engine.loading import TorchFailed, TorchReady
from tui.engine.moves import MOVES, TURNS, UNTURNED
from tui.engine.running import RanFar, Running
from tui.engine.waiting import Change
from tui.keys import KEYS, bindings
from tui.language import exchange_language
from tui.notices import in_language
from tui.panels.code import Code
from tui.panels.epochs import Epochs
from tui.panels.footer import Footer
from tui.panels.gradient import Gradient
from tui.panels.panel import Panel
from tui.panels.plots import plots_for
from tui.panels.ruler import Ruler
from tui.panels.status import Status
from tui.panels.title import Title
from tui.panels.too_small import TooSmall
from tui.sessions.sessions import Sessions
from tui.study.keeping import Keeping
from tui.study.predictor import Predictor

if TYPE_CHECKING:
    from core.session.opening import Opened
    from core.study.comparison import Comparison
    from core.study.experiments import Underway
    from tui.lessons.classroom import Classroom
    from tui.lessons.sitting import Sitting
    from tui.study.comparer import Comparer

Answer = TypeVar("Answer")


class Stepper(App[None]):
    """One Descent, bound down to the panels; a keypress is one assignment to it."""

    TITLE = "gradstep"
    CSS_PATH = "app.tcss"
    HORIZONTAL_BREAKPOINTS = [(0, "-none"), (40, "-slim"), (76, "-narrow"), (108, "-wide")]
    VERTICAL_BREAKPOINTS = [(0, "-flat"), (10, "-low"), (16, "-squat"), (22, "-short"), (32, "-tall"), (44, "-high")]

    descent: reactive[Descent] = reactive(Descent, repaint=False, always_update=True)
    activity: reactive[str | Sentence] = reactive("", repaint=False)
    """What the program is doing, or has to say about the last key."""
    zoomed: reactive[bool] = reactive(False, repaint=False)
    comparison: "reactive[Comparison | Sentence | str]" = reactive("", repaint=False, always_update=True)
    """Both methods at the place on the screen, while their panel is shown."""
    underway: "reactive[Underway | None]" = reactive(None, repaint=False)
    """The experiment begun last."""
    sitting: "reactive[Sitting | None]" = reactive(None, repaint=False)
    """The lesson that the learner is in, if any."""
    prediction: reactive[Prediction] = reactive(Prediction, repaint=False)
    """What is to be predicted before an epoch runs, and how that has gone."""

    withheld: frozenset[str] = frozenset()
    """The actions that there are none of where the program is served to somebody else's browser."""

    @dataclass
    class Begun(Message):
        """A run has been made ready in a thread, on another table or with another program."""

        descent: Descent

    def __init__(
        self,
        descent: Descent,
        load_engine: Callable[[Dataset], Engine],
        runs: Path | None = None,
        opened: "Opened | None" = None,
        opening: str = "",
        own_way: OwnWay | None = None,
    ) -> None:
        super().__init__()
        self.own_way = own_way or OwnWay()
        self._bindings = BindingsMap((*App.BINDINGS, *bindings()))
        self._opening = opening
        self.failure: Exception | None = None
        self.conductor = Conductor(self, load_engine)
        self.running = Running(self, self.conductor, self.own_way.speed)
        self._keeping = Keeping(self)
        self.sessions = Sessions(self, runs, opened)
        self.predictor = Predictor(self)
        self._in_turn = InTurn(self, super().on_event)
        self._comparer: Comparer | None = None
        self._picture = "table"
        self._classroom: Classroom | None = None
        self._beginning = False
        """Whether another run is being made ready: in a flood of keys one after the other, not all at once."""
        self.set_reactive(Stepper.descent, descent)
        self.own_way.adapt(self)

    def compose(self) -> ComposeResult:
        # the size is known: with its classes set now the first frame is not styled twice
        self.screen.set_classes(
            max(point for point in points if point[0] <= length)[1]
            for points, length in zip((self.HORIZONTAL_BREAKPOINTS, self.VERTICAL_BREAKPOINTS), self.size, strict=True)
        )
        yield TooSmall()
        yield Title().data_bind(Stepper.descent)
        with Container(id="body", classes=" ".join(self._body_classes())):
            yield Code().data_bind(Stepper.descent)
            with Container(id="plots"):
                yield from self._plots()
            yield Gradient().data_bind(Stepper.descent)
            yield Epochs().data_bind(Stepper.descent)
        yield Ruler().data_bind(Stepper.descent)
        yield Status().data_bind(Stepper.descent, Stepper.activity, Stepper.sitting)
        yield Footer()

    def _plots(self) -> Iterable[Panel]:
        for plot in plots_for(len(self.descent.names)):
            yield plot().data_bind(Stepper.descent, Stepper.zoomed)
        if self.sitting:
            from tui.panels.lesson import LessonPanel  # only in a lesson: the first frame doesn't wait for it

            yield LessonPanel().data_bind(Stepper.sitting)

    # torch, behind the first frame

    def on_mount(self) -> None:
        self.conductor.load()
        self.call_after_refresh(self.sessions.begin)
        self.call_after_refresh(self.own_way.tell, self)
        if self._opening:
            self.call_after_refresh(self.run_action, self._opening)

    def on_torch_ready(self, message: TorchReady) -> None:
        if message.data is self.descent.data:
            self.conductor.is_ready(message)
            self.sessions.run(message.engine)
            self._carry_on()
            self.compare()

    def on_torch_failed(self, message: TorchFailed) -> None:
        if message.data is self.descent.data:
            self.running.pause()
            self.conductor.has_failed(message)
            self.compare()

    def say(self, text: str | Sentence = "") -> None:
        """Put a sentence into the status line; without one, what the program is doing, if it is doing anything."""
        failure = self.conductor.failure_of(self.descent.knobs)
        self.activity = text or self.running.text or failure or self.sessions.news

    # moves and turns

    def carry_out(self, change: Change, needs: Callable[[Knobs], Knobs] = lambda knobs: knobs) -> None:
        """Carry out a change: now, or as soon as torch can run the knobs that it needs, or never if it can't."""
        self.conductor.carry_out(change, needs, self.sessions.progress)

    def _carry_on(self) -> None:
        """Carry out what has waited, and then what was to come after it."""
        self.conductor.carry_out_waiting()
        self.running.carry_on()

    def goto(self, tick: Callable[[Descent], int]) -> None:
        """Move to another tick of the run; a move back pauses what plays."""
        if tick(self.descent) < self.descent.tick:
            self.running.pause()
        self.running.stop_far()
        self.carry_out(lambda descent, engine: descent.goto(self.predictor.held_back(descent, tick(descent)), engine))

    def turn(self, change: Callable[[Knobs], Knobs], unturned: str | Sentence = "") -> None:
        """Turn the knobs, or say why they stay."""
        self.running.stop_far()
        self.conductor.turn(change, unturned)

    def restart(self, start: Weights | None) -> None:
        """Begin a new run, where the last one began unless a start is given."""
        self.running.stop()
        self.carry_out(lambda descent, engine: descent.restarted(start or descent.tape.start.w, engine))

    def action_move(self, name: str) -> None:
        self.goto(MOVES[name])

    def action_goto_epoch(self, epoch: int) -> None:
        self.goto(lambda descent: epoch * PHASES)

    def action_goto_phase(self, phase: int) -> None:
        self.goto(lambda descent: max(0, descent.tick - 1) // PHASES * PHASES + phase + 1)

    def action_restart(self) -> None:
        self.restart(None)

    def action_put_w(self) -> None:
        names = self.descent.names
        hint = (
            _("a number, for example 5 or -2.5") if len(names) == 1 else _("numbers with spaces or commas between them")
        )
        listed = " ".join(names) if len(names) <= 6 else f"{names[0]} ... {names[-1]}"
        question = _("A new run from {names} =").format(names=listed)
        self._ask(question, hint, partial(parse_weights, names=names), self.restart)

    def action_turn(self, name: str) -> None:
        self.turn(TURNS[name], Sentence(lambda: _(UNTURNED.get(name, ""))))

    def action_first_lr(self) -> None:
        data = self.descent.data
        self.turn(
            lambda knobs: knobs.with_lr(Lr.at(first_lr(data, knobs.listing, knobs.method))),
            Sentence(lambda: _("this is the lr that a run begins with already")),
        )

    def action_set_lr(self, lr: float) -> None:
        self.turn(lambda knobs: knobs.with_lr(Lr.at(lr)))

    def action_type_lr(self) -> None:
        self._ask("lr =", _("from 0 to 1e6: 0.1, 1e-3 or 1/14"), parse_lr, self.action_set_lr)

    def action_edit(self, number: int = 0) -> None:
        from tui.screens.edit import Edit, place  # only when asked for: the first frame doesn't wait for it

        self.action_stop()
        if "edit" not in self.withheld:
            self.push_screen(Edit(self.descent, partial(place, self.screen_stack[0]), self._take_line, number))
        else:
            self.say(Sentence(lambda: _("lines are edited at the program's own keyboard only, and not from elsewhere")))

    def _take_line(self, change: Callable[[Knobs], Knobs], told: Sentence) -> None:
        self.running.stop_far()
        self.conductor.take_line(change, told)

    def action_experiments(self) -> None:
        from tui.screens.experiments import needs, opening  # only when asked for: the first frame doesn't wait for it

        self.carry_out(opening(self.push_screen, self._begin_experiment), needs)

    def _begin_experiment(self, underway: "Underway") -> None:
        self.action_stop()
        self.underway = underway
        self.carry_out(underway.begun, lambda knobs: underway.setting.knobs)

    def watch_underway(self) -> None:
        if self.underway and not self.screen_stack[0].query("Experiment"):
            from tui.panels.experiment import Experiment  # only when asked for: the first frame doesn't wait for it

            strip = Experiment().data_bind(Stepper.descent, Stepper.underway)
            self.screen_stack[0].mount(strip, before="Ruler")

    def action_lecture(self) -> None:
        from core.study.experiments import lectures  # only when asked for: the first frame doesn't wait for it

        unturned = Sentence(lambda: _("nothing is changed: this is the lecture's program, with its lrs"))
        self.turn(partial(lectures, self.descent.data), unturned)

    # playing and running far

    def action_play(self) -> None:
        if self.running.plays:
            self.running.pause()
        elif not (failure := self.conductor.failure_of(self.descent.knobs)):
            self.running.stop_far()
            self.running.play()
            self.say(self.predictor.stop())
        else:
            self.say(failure)

    def action_speed(self, steps: int) -> None:
        if not self.predictor.take_sign(steps):
            self.running.change_speed(steps)

    def action_run_far(self) -> None:
        self.running.pause()
        parse = partial(parse_last_epoch, weights=len(self.descent.names))
        self._ask(_("Run to epoch"), _("a whole number; nothing: until W no longer changes"), parse, self._run_far)

    def _run_far(self, last: int | None) -> None:
        if last is not None and last < len(self.descent.tape):
            self.action_goto_epoch(last)
        else:
            self.running.run_far(last)
            if self.running.is_far and (over := self.predictor.stop()):
                self.say(over)

    def on_ran_far(self, message: RanFar) -> None:
        self.running.has_run(message.stretch)

    def action_stop(self) -> None:
        """Stop what runs by itself; where an epoch is to be predicted, run it without."""
        self.predictor.skip()
        self.running.stop()
        self.sessions.stop()

    # other runs

    def action_keep(self) -> None:
        self._keeping.ask_name()

    def action_runs(self, row: int = 0) -> None:
        self._keeping.show_list(row)

    # predicting

    def action_predict(self) -> None:
        self.running.stop()
        self.predictor.toggle()

    def action_predict_harder(self) -> None:
        self.predictor.ask_harder()

    def action_answer(self, answer: float) -> None:
        self.predictor.answer(answer)

    def watch_prediction(self) -> None:
        self.predictor.show()
        self.compare()

    # another table, another program

    def action_open(self) -> None:
        from tui.screens.open import Open  # only when asked for: the first frame doesn't wait for it

        self.push_screen(Open(lambda descent: self.post_message(self.Begun(descent)), self.sessions.consider))

    def action_standardize(self) -> None:
        data, bias = self.descent.data, self.descent.knobs.listing.bias
        self._begin_from(lambda: beginning(data.original or standardized(data), bias, self.descent.knobs.method))

    def action_bias(self) -> None:
        descent = self.descent
        self._begin_from(lambda: beginning(descent.data, not descent.knobs.listing.bias, descent.knobs.method))

    def _begin_from(self, make: Callable[[], Descent]) -> None:
        """Begin with what is made in a thread, for on a large table that takes a while."""
        if self._beginning:
            return
        self._beginning = True

        def begin() -> None:
            try:
                self.post_message(self.Begun(make()))
            except Exception as failure:  # a thread's failure would pass unseen
                self.call_later(self.fail, failure)

        Thread(target=begin, name="begin", daemon=True).start()

    async def on_stepper_begun(self, message: Begun) -> None:
        await self.begin(self._keeping.with_kept(message.descent), self._picture)

    async def begin(self, descent: Descent, picture: str) -> None:
        """Leave the run on the screen for another one; it gets an engine and plots of its own."""
        self.running.stop()
        self._beginning = False
        self.conductor.change_table()
        self.sessions.began(descent)
        plots = self.screen_stack[0].query_one("#plots")
        await plots.remove_children()
        self.descent, self._picture = descent, picture
        await plots.mount_all(self._plots())
        self._show_picture()
        self.conductor.load()

    def hold(self) -> Engine | None:
        """Have keys wait for a run that is being replayed; the engine for it, if it is there."""
        self.conductor.waiting.held = True
        return self.conductor.waiting.engine

    def resume(self, descent: Descent | None) -> None:
        """Carry out what has waited, with the run that was replayed if there is one."""
        self.conductor.waiting.held = False
        self.descent = descent or self.descent
        self._carry_on()

    def action_go_on(self) -> None:
        self.sessions.go_on()

    def action_save(self) -> None:
        self.sessions.save()

    def action_export(self) -> None:
        from tui.screens.export import Export  # only when asked for: the first frame doesn't wait for it

        self.push_screen(Export(self.descent, self, self.say))

    # lessons

    @property
    def classroom(self) -> "Classroom":
        if self._classroom is None:
            from tui.lessons.classroom import Classroom  # only when asked for: the first frame doesn't wait for it

            self._classroom = Classroom(self)
        return self._classroom

    @property
    def picture(self) -> str:
        """What has the place that the pictures and the table share."""
        return self._picture

    async def run_action(self, action: Any, *context: Any, **named: Any) -> bool:
        if self._exit:  # keys and clicks that have come after the one that quits
            return True
        if self.sitting and (refusal := self.sitting.refusal(str(action))):
            self.say(refusal)
            return True
        return await super().run_action(action, *context, **named)

    async def action_lessons(self, what: str) -> None:
        if what != "leave" or not self.predictor.take_sign(0):  # 0 also says that W stays
            await self.classroom.do(what)

    # the screen

    def action_plot(self, name: str) -> None:
        if name == "lesson" and not self.sitting:
            name = self._picture
        self._picture = name
        self.compare()
        self.call_after_refresh(self._show_picture)

    async def action_in_the_tables_place(self, name: str) -> None:
        """Show a panel where the table of epochs is, or the table again; it is mounted when it is first asked for."""
        body = self.screen_stack[0].query_one("#body")
        if name == "runs" and not body.query("Runs"):
            from tui.panels.runs import Runs  # only when asked for: the first frame doesn't wait for it

            await body.mount(Runs().data_bind(Stepper.descent))
        elif name == "methods" and not body.query("Methods"):
            from tui.panels.methods import Methods  # nor for this one

            await body.mount(Methods().data_bind(Stepper.comparison))
        self.action_plot("table" if self._picture == name else name)

    def watch_descent(self, descent: Descent) -> None:
        self.prediction = self.prediction.at(descent)
        self.compare()
        if self.sitting:
            self.sitting = self.classroom.seen(descent)
        else:
            self.sessions.saw(descent)

    def compare(self) -> None:
        if self._picture == "methods":
            if self._comparer is None:
                from tui.study.comparer import Comparer  # only when asked for: the first frame doesn't wait for it

                self._comparer = Comparer(self)
            self._comparer.show(self.conductor.waiting)

    def _show_picture(self) -> None:
        """Give its place to the picture chosen last: in a flood of keys the screen is styled once, not for each."""
        body, classes = self.screen_stack[0].query_one("#body"), self._body_classes()
        if body.classes != classes:
            body.set_classes(classes)

    def _body_classes(self) -> set[str]:
        """What the styles have to know: which picture, and whether the program is longer than the lecture's."""
        classes = {"-plot-curve"} if self._picture == "table" else {f"-plot-{self._picture}", "-chosen"}
        if self.descent.knobs.listing.program != "weight":
            classes.add("-long")
        return classes | self.sitting.classes(self._picture) if self.sitting else classes

    def action_zoom(self) -> None:
        self.zoomed = not self.zoomed

    def action_exchange_language(self) -> None:
        self.own_way.chose(self, "language", exchange_language())
        self.say(self.activity if isinstance(self.activity, Sentence) else "")
        for panel in self.screen_stack[0].query(Panel):
            panel.redraw()

    def watch_theme(self, theme: str) -> None:
        if self.is_running:  # what it begins with was not chosen now
            self.own_way.chose(self, "theme", theme)

    def action_help(self) -> None:
        from tui.screens.help import Help  # only when asked for: the first frame doesn't wait for it

        self.push_screen(Help(self.withheld))

    def _ask(
        self, question: str, hint: str, parse: Callable[[str], Answer], answered: Callable[[Answer], None]
    ) -> None:
        from tui.screens.ask import Ask  # only when asked for: the first frame doesn't wait for it

        self.push_screen(Ask(question, hint, parse, answered))

    def action_command_palette(self) -> None:
        from tui.screens.palette import Palette  # only when asked for: the first frame doesn't wait for it

        if not isinstance(self.screen, Palette):
            self.push_screen(Palette(id="--command-palette", placeholder=_("Search for commands…")))

    def search_themes(self) -> None:
        from textual.theme import ThemeProvider

        from tui.screens.palette import Palette

        self.push_screen(Palette(providers=[ThemeProvider], placeholder=_("Search for themes")))

    def action_help_quit(self) -> None:
        self.notify(_("Press {key} to quit the app").format(key="ctrl+q"), title=_("Do you want to quit?"))

    def notify(self, message: str, *, title: str = "", **options: Any) -> None:
        super().notify(in_language(message), title=in_language(title), **options)

    def pop_screen(self) -> AwaitComplete:
        """Close the screen on top; keys that come faster than one closes would close the stepper itself, or one that
        is not there yet.
        """
        return super().pop_screen() if len(self.screen_stack) > 1 and self.screen.is_mounted else AwaitComplete()

    async def on_event(self, event: Event) -> None:
        if isinstance(event, Key | Paste) and not event.is_forwarded:
            await self._in_turn.take(event)
        else:
            await super().on_event(event)

    def get_system_commands(self, screen: Screen[object]) -> Iterable[SystemCommand]:
        for key in KEYS:
            if key.action != "command_palette" and key.action not in self.withheld:
                keys = f" ({key.shown})".replace("[", r"\[") if key.keys else ""  # textual reads it as markup
                yield SystemCommand(_(key.name), _(key.help) + keys, partial(self.run_action, key.action))
        yield SystemCommand(_("Theme"), _("Choose the colours."), self.action_change_theme)
        yield SystemCommand(_("Screenshot"), _("Save a picture of the screen as SVG."), self.deliver_screenshot)

    def export_screenshot(self, *, title: str | None = None, simplify: bool = False) -> str:
        from tui.drawing.picture import unsqueezed  # html's tables of entities: not for the first frame

        return unsqueezed(super().export_screenshot(title=title, simplify=simplify))

    def fail(self, failure: Exception) -> None:
        self._handle_exception(failure)

    def _handle_exception(self, error: Exception) -> None:
        cause = error.error if isinstance(error, WorkerFailed) else error
        if isinstance(cause, NoMatches) and "Palette(" in str(cause):
            return  # textual's command palette was closed while it was still searching, and stumbles over that
        super()._handle_exception(error)

    def _fatal_error(self) -> None:
        """End after a failure inside the program, without a traceback: who started the app tells of `failure`."""
        self.failure = self._exception
        self._close_messages_no_wait()
