"""A dialog that asks for one value, and what it is asked for: W, the lr, the last epoch, a name."""

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, Generic, TypeVar

from textual.app import ComposeResult
from textual.containers import Vertical
from textual.widgets import Input, Static

from core.edits import with_start
from core.language import _
from core.parsing import parse_last_epoch, parse_lr, parse_weights
from tui.screens.dialog import InputDialog, ProposedInput

if TYPE_CHECKING:
    from tui.stepper import Stepper

Answer = TypeVar("Answer")


class ValueDialog(InputDialog[Answer | None], Generic[Answer]):
    """It stays open until what is typed can be read, and says in a sentence why it can't; None where it is left."""

    def __init__(self, question: str, hint: str, parse: Callable[[str], Answer], proposed: str = "") -> None:
        super().__init__()
        self._question, self._hint, self._parse, self._proposed = question, hint, parse, proposed

    def compose(self) -> ComposeResult:
        with Vertical(classes="dialog") as dialog:
            dialog.border_title = self._question
            dialog.border_subtitle = _("enter: OK   esc: Cancel")
            yield ProposedInput(self._proposed, max_length=100)
            yield Static(self._hint, markup=False)

    def on_input_submitted(self, event: Input.Submitted) -> None:
        try:
            self.dismiss(self._parse(event.value))
        except ValueError as error:
            self.say(str(error), "mistake")


async def set_weights(stepper: "Stepper") -> None:
    """Ask for the weights, and begin a new run there."""
    await stepper.queue.settled()
    opened, names = stepper.descent.opened, stepper.descent.names
    if opened is None:
        return
    hint = _("a number, for example 5 or -2.5") if len(names) == 1 else _("numbers with spaces or commas between them")
    listed = " ".join(names) if len(names) <= 6 else f"{names[0]} ... {names[-1]}"
    question = _("A new run from {names} =").format(names=listed)
    weights = await stepper.app.push_screen_wait(ValueDialog(question, hint, partial(parse_weights, names=names)))
    if weights is not None:
        start = {slot.name: opened.part(slot.name, weights) for slot in opened.weights}
        stepper.playback.stop()
        stepper.change(lambda descent: descent.restarted(descent.knobs.edited(lambda each: with_start(each, start))))


async def type_lr(stepper: "Stepper") -> None:
    """Ask for the lr."""
    lr = await stepper.app.push_screen_wait(ValueDialog("lr =", _("from 0 to 1e6: 0.1, 1e-3 or 1/14"), parse_lr))
    if lr is not None:
        stepper.action_set_lr(lr)


async def run_to(stepper: "Stepper") -> None:
    """Ask for an epoch, and run to it; without one until W no longer changes."""
    stepper.playback.pause()
    hint, weights = _("a whole number; nothing: until W no longer changes"), len(stepper.descent.names)
    asked = ValueDialog(_("Run to epoch"), hint, lambda text: (parse_last_epoch(text, weights),))
    if answer := await stepper.app.push_screen_wait(asked):
        stepper.run_to(*answer)
