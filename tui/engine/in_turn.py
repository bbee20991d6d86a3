"""Keys one after the other, so that what is typed faster than a dialog opens or closes goes where it belongs."""

from collections import deque
from collections.abc import Awaitable, Callable
from typing import TypeGuard

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
        self._busy = False  # also after an action that has failed: it must not hold all later keys back
        while self._waiting and not self._busy:
            self._busy = await self._dispatched(self._waiting.popleft())

    async def _dispatched(self, event: Key | Paste) -> bool:
        """Dispatch an event; whether what it brings about is still under way."""
        top = self._app.screen
        if self._is_for_bindings(event):
            await self._press(event.key)
            if self._app.screen is top and self._app.focused is None:
                return False
            self._come_back()
            return True
        target = self._app.focused or top
        await self._dispatch(event)
        if isinstance(event, Key) and target.check_consume_key(event.key, event.character):
            return False  # it is typed, and the next one goes the same way
        # the key itself comes up to the app, then what its action posts
        self._pass([*target.ancestors_with_self, *target.ancestors_with_self])
        return True

    def _is_for_bindings(self, event: Key | Paste) -> TypeGuard[Key]:
        """Whether nothing but a binding answers to it: on the stepper's own screen no widget takes keys."""
        alone = self._app.focused is None and len(self._app.screen_stack) == 1 and self._app.screen.is_mounted
        return isinstance(event, Key) and alone and event.key != "escape"  # which also clears what is selected

    async def _press(self, key: str) -> None:
        """Carry out what is bound to a key, without a way through the screen's queue."""
        self._app.app_focus = True
        if not await self._app._check_bindings(key, priority=True):
            await self._app._check_bindings(key)

    def _pass(self, pumps: list[MessagePump]) -> None:
        """Have a call pass through the queues of messages, behind what each has got so far, and go on then."""
        for number, pump in enumerate(pumps, start=1):
            if pump.call_later(self._pass, pumps[number:]):
                return
        self._come_back()

    def _come_back(self) -> None:
        """Go on when the screen that is on top by now has got ready."""
        if not self._app.screen.call_later(self._app.call_later, self._next):
            self._app.call_later(self._next)
