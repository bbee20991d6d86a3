"""Keys one after the other: what is typed faster than a dialog opens or closes goes where it belongs."""

from collections import deque
from collections.abc import Awaitable, Callable, Coroutine
from time import monotonic
from typing import Any, TypeGuard

from textual.app import App
from textual.dom import DOMNode
from textual.events import Event, Key, Paste
from textual.message_pump import MessagePump

PATIENCE = 0.3
"""For so many seconds q and esc wait their turn, too."""


class KeyQueue:
    """Holds a key, or what is pasted, back until all that the one before has brought about is there."""

    def __init__(self, app: App[None], dispatch: Callable[[Event], Awaitable[None]]) -> None:
        self._app, self._dispatch = app, dispatch
        self._waiting: deque[Key | Paste] = deque()
        self._busy = False
        self._flows = 0
        """How many flows have begun and not ended."""
        self._held_since = 0.0

    async def take(self, event: Key | Paste) -> None:
        """Have the event dispatched when its turn has come: at once where nothing else is under way."""
        self._waiting.append(event)
        key = event.key if isinstance(event, Key) else ""
        is_late = self._is_held and monotonic() - self._held_since > PATIENCE
        if key == "ctrl+q" or (key in ("q", "escape") and is_late):
            await self._dispatch(self._waiting.pop())  # it ends what the others wait for
        elif not self._busy:
            await self._next()

    def holding(self, flow: Coroutine[Any, Any, None]) -> Coroutine[Any, Any, None]:
        """The same flow; keys wait until it shows a dialog or has ended."""
        self._flows, self._held_since = self._flows + 1, monotonic()
        return self._held(flow)

    async def _held(self, flow: Coroutine[Any, Any, None]) -> None:
        try:
            await flow
        finally:
            self._flows -= 1
            self._app.call_later(self._next)

    @property
    def _is_held(self) -> bool:
        """Whether a flow is at work that shows no dialog."""
        return self._flows > 0 and len(self._app.screen_stack) <= 1

    async def _next(self) -> None:
        self._busy = False  # also after an action that has failed: it must not hold all later keys back
        while self._waiting and not self._busy and not self._is_held:
            self._busy = await self._dispatched(self._waiting.popleft())

    async def _dispatched(self, event: Key | Paste) -> bool:
        """Dispatch an event; whether what it brings about is still under way."""
        top = self._app.screen
        if self._is_for_bindings(event):
            await self._press(event.key)
            if self._app.screen is top and self._app.focused is None:
                return False
            self.come_back()
            return True
        target = self._app.focused or top
        await self._dispatch(event)
        if isinstance(event, Key) and target.check_consume_key(event.key, event.character):
            return False  # it is typed, and the next one goes the same way
        if isinstance(event, Key) and not self._is_answered(event.key, target):
            return False
        # the key itself comes up to the app, then what its action posts
        self._pass([*target.ancestors_with_self, *target.ancestors_with_self])
        return True

    def _is_for_bindings(self, event: Key | Paste) -> TypeGuard[Key]:
        """Whether nothing but a binding answers to it: on the stepper's own screen no widget takes keys."""
        alone = self._app.focused is None and len(self._app.screen_stack) == 1 and self._app.screen.is_mounted
        return isinstance(event, Key) and alone and event.key != "escape"  # which also clears what is selected

    def _is_answered(self, key: str, target: DOMNode) -> bool:
        """Whether anything answers to a key that isn't typed: a binding, or a handler of ours."""
        screen = self._app.screen
        chains = (*screen._binding_chain, *screen._modal_binding_chain)
        kinds = {kind for node in target.ancestors_with_self for kind in type(node).__mro__}
        return any(key in bindings.key_to_bindings for _node, bindings in chains) or any(
            "_on_key" in vars(kind) or "on_key" in vars(kind) for kind in kinds if kind.__module__.startswith("tui.")
        )

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
        self.come_back()

    def come_back(self) -> None:
        """Go on when the screen that is on top by now has got ready."""
        if not self._app.screen.call_later(self._app.call_later, self._next):
            self._app.call_later(self._next)
