"""Every key, once: the bindings, the footer, the help screen and the command palette read this list."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from itertools import chain

from textual.binding import Binding

from core.language import _, marked
from tui.drawing.signs import are_plain

HANGUL = dict(zip("qwertyuiopasdfghjklzxcvbnm", "ㅂㅈㄷㄱㅅㅛㅕㅑㅐㅔㅁㄴㅇㄹㅎㅗㅓㅏㅣㅋㅌㅊㅍㅠㅜㅡ", strict=True))
"""The letter that a Korean keyboard in Hangul mode sends for a Latin one."""


@dataclass(frozen=True)
class Key:
    """An action, the keys that call it, and what to say of it: sentences to be looked up where they are shown."""

    action: str
    usual: tuple[str, ...]
    """The keys that call it where the learner has chosen no others."""
    name: str
    """What the command palette calls it."""
    help: str
    footer: str = ""
    """What the footer calls it; empty: not in the footer."""

    @cached_property
    def id(self) -> str:
        """What the config file calls it: next_epoch for move('next_epoch'), plot_curve for plot('curve')."""
        verb, *what = re.findall(r"\w+", self.action)
        return IDS.get(self.action) or "_".join(what if verb in SILENT and what else (verb, *what))

    @property
    def keys(self) -> tuple[str, ...]:
        return _chosen.get(self.id, self.usual) if _chosen else self.usual

    @property
    def shown(self) -> str:
        """The keys as a person reads them."""
        return " ".join(map(shown, self.keys))

    @property
    def binding(self) -> Binding | None:
        """What textual is to know of it; nothing where no key calls it."""
        letters = [HANGUL[key] for key in self.keys if key in HANGUL]
        names = ",".join(NAMES.get(key, key) for key in (*self.keys, *letters))
        return Binding(names, self.action, self.name, show=False, id=self.id) if names else None


SHOWN = {"left": "←", "right": "→", "up": "↑", "down": "↓", "pagedown": "pgdn", "pageup": "pgup", "escape": "esc"}
NAMES = {",": "comma"}

SILENT = {"move", "turn", "in_the_tables_place"}
"""Verbs that an id does without."""

IDS = {
    "runs": "list_runs",
    "move('first')": "first_epoch",
    "move('last')": "last_epoch",
    "speed(1)": "faster",
    "speed(-1)": "slower",
    "lessons('open')": "lessons",
    "lessons('hint')": "hint",
    "lessons('next')": "next_lesson",
    "lessons('read_on')": "read_on",
    "lessons('leave')": "leave_lessons",
}
"""Where the action's own words make no good name."""

_chosen: Mapping[str, tuple[str, ...]] = {}


def choose_keys(chosen: Mapping[str, tuple[str, ...]]) -> None:
    """Have actions, given by their id, answer to these keys from now on, and to no others."""
    global _chosen
    _chosen = chosen


def shown(key: str) -> str:
    """A key as a person reads it."""
    arrow = SHOWN.get(key, key)
    return key if are_plain() and not arrow.isascii() else arrow


def key_of(action_id: str) -> str:
    """The key to name where a sentence speaks of an action; its name in the palette where no key calls it."""
    key = next(key for key in KEYS if key.id == action_id)
    return shown(key.keys[0]) if key.keys else f"{shown(key_of('command_palette'))} {_(key.name)}"


def bindings() -> list[Binding]:
    """What textual is to know of all of them."""
    return [binding for key in KEYS if (binding := key.binding)]


GROUPS: dict[str, tuple[Key, ...]] = {
    marked("Moves"): (
        Key(
            "move('next_epoch')",
            ("space", "n", "right", "."),
            "Next epoch",
            "Run one epoch, all four phases of it.",
            "epoch",
        ),
        Key(
            "move('next_phase')",
            ("enter", "s", "down"),
            "Next phase",
            "Run one phase: hypothesis, cost, gradient or update.",
            "phase",
        ),
        Key(
            "move('previous_epoch')",
            ("left", "b", ","),
            "Back one epoch",
            "Go back, exactly: to the start of this epoch, or to the one before.",
            "back",
        ),
        Key("move('previous_phase')", ("up",), "Back one phase", "Go back one phase."),
        Key("move('ten_forward')", ("pagedown",), "Ten epochs forward", "Run ten epochs."),
        Key("move('ten_back')", ("pageup",), "Ten epochs back", "Go back ten epochs."),
        Key("move('first')", ("home",), "First epoch", "Go to the start of the run; it is not forgotten."),
        Key("move('last')", ("end",), "Last epoch", "Go to the last epoch that has been run."),
        Key("restart", ("r",), "Restart", "Begin a new run from the same starting W.", "restart"),
        Key("put_w", ("w",), "Put W somewhere", "Type a W and begin a new run there."),
    ),
    marked("Playing"): (
        Key("play", ("p",), "Play or pause", "Run epoch after epoch by itself; the same key pauses.", "play"),
        Key("speed(1)", ("+",), "Play faster", "Play more epochs a second."),
        Key("speed(-1)", ("-",), "Play slower", "Play fewer epochs a second."),
        Key("run_far", ("f",), "Run far", "Run to an epoch that you type, or until W no longer changes."),
        Key("stop", ("escape",), "Stop", "Stop playing or running far."),
    ),
    marked("Predicting"): (
        Key(
            "predict",
            ("y",),
            "Predict, then step",
            "Say what an epoch will do before it runs: + larger, - smaller, 0 stays, or a number; esc skips one epoch, "
            "and y leaves.",
        ),
        Key(
            "predict_harder",
            ("Y", "ctrl+y"),
            "Harder predictions",
            "Predict the new W, or the cost, and not only larger or smaller; three right answers lead there, too.",
        ),
    ),
    marked("Knobs"): (
        Key(
            "turn('method')",
            ("m",),
            "Manual or optim",
            "Exchange the gradient written by hand and torch.optim.",
            "method",
        ),
        Key("turn('lr_up')", ("]",), "lr up", "One rung up the ladder 1, 1.5, 2, 3, 5, 7.", "lr+"),
        Key("turn('lr_down')", ("[",), "lr down", "One rung down; up and down always return to the same lr.", "lr-"),
        Key(
            "turn('gradient')",
            ("g",),
            "Sum or 2 * mean",
            "Exchange manual's gradient line: torch.sum or the slide's 2 * torch.mean.",
            "sum/mean",
        ),
        Key(
            "edit", ("e",), "Edit a line", "Write a line of the program anew: it is tried on a copy before it is taken."
        ),
        Key("turn('lr_double')", ("}",), "lr doubled", "Twice the lr."),
        Key("turn('lr_halve')", ("{",), "lr halved", "Half the lr."),
        Key("type_lr", ("l",), "Type an lr", "Type an lr: 0.1, 1e-3 or a fraction such as 1/14."),
        Key(
            "first_lr", ("=",), "The first lr", "Back to the lr that the run began with: the lecture's, or a safe one."
        ),
    ),
    marked("Learning"): (
        Key(
            "experiments",
            ("x",),
            "Experiments",
            "Choose a change to the program, say what will happen to W, and see whether it does.",
        ),
        Key(
            "lecture",
            ("c",),
            "The lecture again",
            "Bring the lecture's program and its lrs back, at this place of the run.",
        ),
    ),
    marked("Runs"): (
        Key("keep", ("k",), "Keep this run", "Keep the run up to its end under a name, to compare other runs with it."),
        Key(
            "in_the_tables_place('runs')",
            ("7",),
            "Show the runs",
            "This run, the forgotten one and those that are kept, with what each did; 7 or 5 brings the table back.",
        ),
        Key(
            "runs",
            ("K", "ctrl+k"),
            "List the runs",
            "Go on from a kept run or from the forgotten one, or drop it: shift and k.",
        ),
    ),
    marked("Data"): (
        Key("open", ("o",), "Open a table", "Open a CSV file or a built-in table, and begin a run on it.", "open"),
        Key(
            "standardize", ("u",), "Standardize", "Begin anew with each input scaled to mean 0, deviation 1; and back."
        ),
        Key("save", ("ctrl+s",), "Save the session", "Save all this under a name; gradstep open goes on with it."),
        Key("go_on", ("a",), "The run before", "Go on with the last run, of an earlier start too; again: another one."),
        Key(
            "export",
            ("ctrl+e",),
            "Export",
            "Write the run, as a script, a notebook, a table or in words, or the screen.",
        ),
        Key("bias", ("h",), "With or without b", "Begin anew with H(x) = Wx + b instead of Wx; and back."),
    ),
    marked("Lessons"): (
        Key(
            "lessons('open')", ("j",), "Lessons", "The list of the lessons: the lecture's pages, with tasks.", "lessons"
        ),
        Key("lessons('hint')", ("i",), "Hint", "In a lesson: a hint; once more, a plainer one."),
        Key("lessons('next')", ("v",), "Next lesson", "Go on, once the task is done."),
        Key("lessons('read_on')", ("d",), "Read on", "In a lesson whose text has not room: the next part of it."),
        Key("plot('lesson')", ("8",), "Show the lesson", "Show the lesson again, where it shares its place."),
        Key("lessons('leave')", ("0",), "Leave the lessons", "Back to the run that was there before the lessons."),
    ),
    marked("Screen"): (
        Key("plot('curve')", ("1",), "Show cost(W)", "Show cost over W where the plots share one place."),
        Key("plot('costs')", ("2",), "Show cost by epoch", "Show cost by epoch there."),
        Key("plot('fit')", ("3",), "Show data and H(x)", "Show the data with H(x) there."),
        Key("plot('gradient')", ("4",), "Show the gradient", "Show the gradient point by point there."),
        Key("plot('table')", ("5",), "Show the table", "Show the table of epochs again, where it shares that place."),
        Key("plot('weights')", ("6",), "Show each weight", "Show each weight by epoch there, with several inputs."),
        Key(
            "in_the_tables_place('methods')",
            ("t",),
            "Both methods",
            "An epoch of manual and one of optim from the W of now, side by side; t or 5 brings the table back.",
        ),
        Key("zoom", ("z",), "Zoom", "cost(W) over the lecture's -5 to 7; contours close to the last epochs; and back."),
        Key(
            "exchange_language",
            ("L", "ctrl+l"),
            "Korean or English",
            "The whole screen in the other language: shift and l.",
        ),
        Key("help", ("?", "f1"), "Help", "Every key and every panel in plain words.", "help"),
        Key("command_palette", ("ctrl+p",), "All actions", "Every action by name, and the themes."),
        Key("suspend_process", ("ctrl+z",), "Suspend", "Back to the shell; its command fg comes back here."),
        Key("quit", ("q",), "Quit", "Leave gradstep; ctrl+q does so from a dialog, too.", "quit"),
    ),
}

KEYS = tuple(chain.from_iterable(GROUPS.values()))
