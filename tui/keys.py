"""Every action, once: the bindings, the footer, the help screen and the command palette read this list."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from textual.binding import Binding

from core.language import N_, _
from tui.drawing.ascii import ascii_mode

HANGUL = dict(
    zip("qwertyuiopasdfghjklzxcvbnm", "ㅂㅈㄷㄱㅅㅛㅕㅑㅐㅔㅁㄴㅇㄹㅎㅗㅓㅏㅣㅋㅌㅊㅍㅠㅜㅡ", strict=True)
) | {"P": "ㅖ"}
"""The letter that a Korean keyboard in Hangul mode sends for a Latin one."""

SHOWN = {"left": "←", "right": "→", "up": "↑", "down": "↓", "pagedown": "pgdn", "pageup": "pgup", "escape": "esc"}

UNBOUND = "unbound"
"""A key that no keyboard has: Textual's keymap can't say that nothing calls an action."""


@dataclass(frozen=True)
class Action:
    """What a key does, and its sentences, to be looked up where they are shown."""

    id: str
    """What the config calls it."""
    default_keys: tuple[str, ...]
    action: str
    """What Textual runs, on the stepper's screen."""
    name: str
    """What the command palette calls it."""
    help: str
    footer: str = ""
    """What the footer calls it; empty: not in the footer."""
    group: str = ""

    @property
    def keys(self) -> tuple[str, ...]:
        """The keys that call it: the learner's own, or the default ones."""
        return _own_keys.get(self.id, self.default_keys)

    @property
    def address(self) -> str:
        """The action as any widget can run it."""
        return self.action if self.action.startswith("app.") else f"screen.{self.action}"

    @property
    def shown(self) -> str:
        """The keys as a person reads them."""
        return " ".join(map(shown, self.keys))


_own_keys: Mapping[str, tuple[str, ...]] = {}


def set_own_keys(keys: Mapping[str, tuple[str, ...]]) -> None:
    """Let actions, given by their id, answer to these keys from now on, and to no others."""
    global _own_keys
    _own_keys = keys


def shown(key: str) -> str:
    """A key as a person reads it."""
    symbol = SHOWN.get(key, key)
    return key if ascii_mode() and not symbol.isascii() else symbol


def key_of(action_id: str) -> str:
    """The key to name where a sentence speaks of an action; its name in the palette where no key calls it."""
    action = BY_ID[action_id]
    return shown(action.keys[0]) if action.keys else f"{shown(key_of('command_palette'))} {_(action.name)}"


def bindings() -> list[Binding]:
    """What Textual binds, before the learner's own keys."""
    return [
        Binding(_key_list(action.default_keys), action.action, action.name, show=False, id=action.id)
        for action in ACTIONS
    ]


def keymap() -> dict[str, str]:
    """The learner's own keys as Textual's keymap."""
    return {action_id: _key_list(keys) or UNBOUND for action_id, keys in _own_keys.items()}


def _key_list(keys: tuple[str, ...]) -> str:
    """Keys as Textual reads them, and what they send in Hangul mode."""
    hangul = [HANGUL[key] for key in keys if key in HANGUL]
    return ",".join("comma" if key == "," else key for key in (*keys, *hangul))


# fmt: off
_GROUPS: dict[str, tuple[Action, ...]] = {
    N_("Moves"): (
        Action("next_epoch", ("space", "n", "right", "."), "move('next_epoch')", N_("Next epoch"),
               N_("Run one epoch, all of its lines."), N_("epoch")),
        Action("next_line", ("enter", "s", "down"), "move('next_line')", N_("Next line"),
               N_("Run one line of the program."), N_("line")),
        Action("previous_epoch", ("left", "b", ","), "move('previous_epoch')", N_("Back one epoch"),
               N_("Go back, exactly: to the start of this epoch, or to the one before."), N_("back")),
        Action("previous_line", ("up",), "move('previous_line')", N_("Back one line"), N_("Go back one line.")),
        Action("ten_forward", ("pagedown",), "move('ten_forward')", N_("Ten epochs forward"), N_("Run ten epochs.")),
        Action("ten_back", ("pageup",), "move('ten_back')", N_("Ten epochs back"), N_("Go back ten epochs.")),
        Action("first_epoch", ("home",), "move('first')", N_("First epoch"),
               N_("Go to the start of the run; it is not forgotten.")),
        Action("last_epoch", ("end",), "move('last')", N_("Last epoch"), N_("Go to the last epoch that has been run.")),
        Action("restart", ("r",), "restart", N_("Restart"), N_("Begin a new run from the same starting W."),
               N_("restart")),
        Action("set_weights", ("w",), "flow('ask.set_weights')", N_("Set W"),
               N_("Type a W and begin a new run there.")),
    ),
    N_("Playing"): (
        Action("play", ("p",), "play", N_("Play or pause"), N_("Run epoch after epoch by itself; the same key pauses."),
               N_("play")),
        Action("faster", ("+",), "speed(1)", N_("Play faster"), N_("Play more epochs a second.")),
        Action("slower", ("-",), "speed(-1)", N_("Play slower"), N_("Play fewer epochs a second.")),
        Action("run_to", ("f",), "flow('ask.run_to')", N_("Run to an epoch"),
               N_("Run to an epoch that you type, or until W no longer changes.")),
        Action("stop", ("escape",), "stop", N_("Stop"), N_("Stop what runs by itself; make a large panel small.")),
    ),
    N_("Predicting"): (
        Action("predict", ("y",), "predict", N_("Predict, then step"),
               N_("Say what an epoch will do before it runs: + larger, - smaller, 0 stays, or a number; esc skips one "
                  "epoch, and y leaves.")),
        Action("predict_harder", ("Y", "ctrl+y"), "predict_harder", N_("Harder predictions"),
               N_("Predict the new W, or the cost, and not only larger or smaller; three right answers lead there, "
                  "too.")),
    ),
    N_("Knobs"): (
        Action("method", ("m",), "turn('method')", N_("Manual or optim"),
               N_("Exchange the gradient written by hand and torch.optim."), N_("method")),
        Action("lr_up", ("]",), "turn('lr_up')", N_("lr up"),
               N_("One rung up the ladder 1, 1.5, 2, 3, 5, 7; one step and the edge of the ruler are rungs, too."),
               N_("lr+")),
        Action("lr_down", ("[",), "turn('lr_down')", N_("lr down"),
               N_("One rung down; up and down always return to the same lr."), N_("lr-")),
        Action("gradient", ("g",), "turn('gradient')", N_("Sum or 2 * mean"),
               N_("Exchange manual's gradient line: torch.sum or the slide's 2 * torch.mean."), N_("sum/mean")),
        Action("edit", ("e",), "edit", N_("Edit a line"),
               N_("Write a line of the program yourself: it is tried before it is taken.")),
        Action("lr_double", ("}",), "turn('lr_double')", N_("lr doubled"), N_("Twice the lr.")),
        Action("lr_halve", ("{",), "turn('lr_halve')", N_("lr halved"), N_("Half the lr.")),
        Action("type_lr", ("l",), "flow('ask.type_lr')", N_("Type an lr"),
               N_("Type an lr: 0.1, 1e-3 or a fraction such as 1/14.")),
        Action("first_lr", ("=",), "turn('first_lr')", N_("The first lr"),
               N_("Back to the lr that the run began with: the lecture's, or a safe one.")),
    ),
    N_("Learning"): (
        Action("experiments", ("x",), "flow('experiments.choose_experiment')", N_("Experiments"),
               N_("Choose a change to the program, say what will happen to W, and see whether it does.")),
        Action("reset_program", ("c",), "turn('reset')", N_("The lecture's program"),
               N_("Bring the lecture's program and its lrs back, at this place of the run.")),
    ),
    N_("Runs"): (
        Action("keep", ("k",), "flow('runs.keep_run')", N_("Keep this run"),
               N_("Keep the run up to its end under a name, to compare other runs with it.")),
        Action("runs", ("7",), "toggle_panel('runs')", N_("Show the runs"),
               N_("This run, the previous one and those that are kept, with what each did; 7 or 5 brings the table "
                  "back.")),
        Action("list_runs", ("K", "ctrl+k"), "flow('runs.choose_run')", N_("List the runs"),
               N_("Resume a kept run or the previous one, or drop it: shift and k.")),
    ),
    N_("Data"): (
        Action("open", ("o",), "flow('open.open_table')", N_("Open a table"),
               N_("Open a CSV file or a built-in table, and begin a run on it."), N_("open")),
        Action("standardize", ("u",), "begin('standardize')", N_("Standardize"),
               N_("Begin a run with each input scaled to mean 0, deviation 1; and back.")),
        Action("save", ("ctrl+s",), "flow('write.save_session')", N_("Save the session"),
               N_("Save all this under a name; gradstep open resumes it.")),
        Action("resume_previous", ("a",), "resume_previous", N_("The previous run"),
               N_("Resume your last run, of an earlier start too; once more: another one.")),
        Action("export", ("ctrl+e",), "flow('write.export_run')", N_("Export"),
               N_("Write the run, as a script, a notebook, a table or in words, or the screen.")),
        Action("bias", ("h",), "begin('bias')", N_("With or without b"),
               N_("Begin a run with H(x) = Wx + b instead of Wx; and back.")),
    ),
    N_("Lessons"): (
        Action("lessons", ("j",), "flow('lessons.choose_lesson')", N_("Lessons"),
               N_("The list of the lessons: the lecture's pages, with tasks."), N_("lessons")),
        Action("hint", ("i",), "lessons('hint')", N_("Hint"), N_("In a lesson: a hint; once more, a plainer one.")),
        Action("next_lesson", ("v",), "lessons('next')", N_("Next lesson"),
               N_("The next lesson, once the task is done.")),
        Action("read_on", ("d",), "lessons('read_on')", N_("Read on"),
               N_("In a lesson whose text is longer than its panel: the next part of it.")),
        Action("plot_lesson", ("8",), "plot('lesson')", N_("Show the lesson"),
               N_("Show the lesson again, where it shares its place.")),
        Action("leave_lessons", ("0",), "lessons('leave')", N_("Leave the lessons"),
               N_("Back to the run that was there before the lessons.")),
    ),
    N_("Screen"): (
        Action("plot_curve", ("1",), "plot('curve')", N_("Show cost(W)"),
               N_("Show cost over W where the plots share one place.")),
        Action("plot_costs", ("2",), "plot('costs')", N_("Show cost by epoch"), N_("Show cost by epoch there.")),
        Action("plot_fit", ("3",), "plot('fit')", N_("Show data and H(x)"), N_("Show the data with H(x) there.")),
        Action("plot_gradient", ("4",), "plot('gradient')", N_("Show the gradient"),
               N_("Show the gradient point by point there.")),
        Action("plot_table", ("5",), "plot('table')", N_("Show the table"),
               N_("Show the table of epochs again, where it shares that place.")),
        Action("plot_weights", ("6",), "plot('weights')", N_("Show each weight"),
               N_("Show each weight by epoch there, with several inputs.")),
        Action("plot_formulas", ("F", "ctrl+f"), "plot('formulas')", N_("Show the formulas"),
               N_("The slides' formulas with the numbers of this epoch: shift and f.")),
        Action("output", ("P", "ctrl+o"), "toggle_panel('output')", N_("Show the output"),
               N_("What the program prints, in the place of the table; again: the table. Shift and p.")),
        Action("methods", ("t",), "toggle_panel('methods')", N_("Both methods"),
               N_("An epoch of manual and one of optim from the W of now, side by side; t or 5 brings the table "
                  "back.")),
        Action("maximize", ("9", "Z"), "maximize", N_("Large panel"),
               N_("The whole program on the whole screen; again: the table, the output; esc: everything."),
               N_("large")),
        Action("zoom", ("z",), "zoom", N_("Zoom"),
               N_("cost(W) over the lecture's -5 to 7; contours close to the last epochs; and back.")),
        Action("toggle_language", ("L", "ctrl+l"), "app.toggle_language", N_("Korean or English"),
               N_("The whole screen in the other language: shift and l.")),
        Action("help", ("?", "f1"), "flow('help.show_help')", N_("Help"),
               N_("Every key and every panel in plain words."), N_("help")),
        Action("command_palette", ("ctrl+p",), "app.command_palette", N_("All actions"),
               N_("Every action by name, and the themes.")),
        Action("suspend_process", ("ctrl+z",), "app.suspend_process", N_("Suspend"),
               N_("Back to the shell; its command fg comes back here.")),
        Action("quit", ("q",), "app.quit", N_("Quit"), N_("Leave gradstep; ctrl+q does so from a dialog, too."),
               N_("quit")),
    ),
}
# fmt: on

ACTIONS = tuple(replace(action, group=group) for group, actions in _GROUPS.items() for action in actions)
"""In the order of their groups."""

BY_ID = {action.id: action for action in ACTIONS}

BY_ACTION = {action.action: action for action in ACTIONS}
