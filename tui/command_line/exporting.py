"""`gradstep export`: the run of a session, written into a file or on stdout without a screen."""

import asyncio
import sys
from collections.abc import Iterable

from msgspec.structs import replace

from core.descent import Descent
from core.engine.client import EngineClient, LocalEngine
from core.export.formats import FORMATS
from core.export.pictures import curve_request
from core.export.segments import CannotExport
from core.language import _
from core.session.edited_lines import edited_lines
from core.session.file import AlreadyThere, write_durably
from core.session.opening import open_session
from core.session.replay import replay
from tui.errors import print_error

SIZE = (120, 36)
"""The screen of which a picture is made."""


def export_session(engine: LocalEngine, path: str, place: str, ending: str, may_replace: bool, accepted: bool) -> None:
    """Write the run of a session to a place, `-` for stdout.

    Raises ValueError with a sentence, RunFailed, and OSError for stdout.
    """
    try:
        text = _text(engine, path, ending, accepted)
        if place == "-":
            sys.stdout.writelines(text)
        else:
            write_durably(place, text, may_replace)
    except AlreadyThere as refusal:
        raise ValueError(_("{refusal}: --replace replaces it").format(refusal=refusal)) from None
    except CannotExport as refusal:
        raise ValueError(str(refusal)) from None


def _text(engine: LocalEngine, path: str, ending: str, accepted: bool) -> Iterable[str]:
    session = open_session(path).session
    if ending in FORMATS:  # only a picture shows the other runs
        session = replace(session, ghost=None, kept=[])
    lines = edited_lines(session)
    if lines and not accepted:
        sentence = _("{path} changes lines of the program ({lines}): --accept-lines runs them, with your rights")
        shown = "; ".join(
            _("{path}, line {line}: {text}").format(path=line.path, line=line.number, text=line.text) for line in lines
        )
        raise ValueError(sentence.format(path=path, lines=shown))
    replayed = asyncio.run(replay(session, engine))
    if replayed.note:
        print_error(_("note: {note}").format(note=replayed.note))
    if ending not in FORMATS:
        return [asyncio.run(_screenshot(replayed.descent, ending))]
    request = curve_request(replayed.descent) if ending == ".ipynb" else None
    return FORMATS[ending].write(replayed.descent, engine.answer(request) if request else None)


async def _screenshot(descent: Descent, ending: str) -> str:
    from tui.app import GradstepApp  # textual: for a picture only
    from tui.drawing.screenshot import screenshot_without_terminal

    engine = EngineClient()
    app = GradstepApp(descent, engine)
    queue = app.stepper.queue

    async def drawn() -> None:
        await queue.settled()
        for _what in ("marks", "curves"):
            await queue.painted()
            while not queue.is_idle:
                await asyncio.sleep(0.01)

    try:
        picture = await screenshot_without_terminal(app, SIZE, drawn)
    finally:
        engine.close()
    return picture.svg if ending == ".svg" else picture.text
