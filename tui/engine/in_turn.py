"""Keys one after the other, so that what is typed faster than a dialog opens or closes goes where it belongs."""

from collections import deque
from collections.abc import Awaitable, Callable

from textual.app import App
from textual.events import Event, Key, Paste
from textual.message_pump import MessagePump


class InTurn:
    """Holds a key, or what is pasted, back until all that the one before has brought about is there."""

    def __init__(self, app: App[None], dispatch: Callable[[Event], Awaitable[None]]) -> None:
        self._app, self._dispatch = app, dispatch
        self._waiting: deque[Key | Paste] = deque()
        self._busy = False

    async def take(self, event: Key | Paste) -> None:
        """Have the event dispatched when its turn has come: at once where nothing else is under way."""
        self._waiting.append(event)
        if not self._busy:
            await self._next()

    async def _next(self) -> None:
        self._busy = bool(self._waiting)
        if self._waiting:
            target = self._app.focused or self._app.screen
            await self._dispatch(self._waiting.popleft())
            # the key itself comes up to the app, then what its action posts; then a screen that this opens gets ready
            self._pass([*target.ancestors_with_self, *target.ancestors_with_self])

    def _pass(self, pumps: "list[MessagePump]") -> None:
        """Have a call pass through the queues of messages, behind what each has got so far, and go on then."""
        for number, pump in enumerate(pumps, start=1):
            if pump.call_later(self._pass, pumps[number:]):
                return
        top = self._app.screen
        if not top.call_later(self._come_back):
            self._come_back()

    def _come_back(self) -> None:
        self._app.call_later(self._next)
