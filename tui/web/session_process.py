"""A session: the process behind one browser page."""

import asyncio
import os
import signal
import sys
from asyncio.subprocess import PIPE, Process
from contextlib import suppress
from pathlib import Path
from typing import Any

from textual_serve.app_service import AppService

HOME = Path(__file__).parent.parent.parent
"""Where `tui` is imported from: the process must find this one, whatever lies in the current folder."""

LARGEST = (500, 300)
"""No browser shows more columns and rows; the layout of a larger size would take minutes."""


def clamped_size(width: int, height: int) -> tuple[int, int]:
    """A size that a screen can have, next to the one that was asked for."""
    columns, rows = (min(max(1, length), most) for length, most in zip((width, height), LARGEST, strict=True))
    return columns, rows


class SessionProcess(AppService):
    """It ends with its page, and its page with it; it has nothing to save, so it is ended at once."""

    def __init__(self, argument: str, **service: Any) -> None:
        super().__init__(sys.executable, **service)
        self._argument = argument

    async def start(self, width: int, height: int) -> None:
        await super().start(*clamped_size(width, height))

    async def set_terminal_size(self, width: int, height: int) -> None:
        await super().set_terminal_size(*clamped_size(width, height))

    async def _open_app_process(self, width: int = 80, height: int = 24) -> Process:
        # no shell, and a group of its own: the terminal's ctrl+c is the server's, and the whole group can be ended
        self._process = await asyncio.create_subprocess_exec(
            self.command,
            "-m",
            "tui.web.session_main",
            self._argument,
            stdin=PIPE,
            stdout=PIPE,
            stderr=PIPE,
            env=self._build_environment(width, height),
            cwd=HOME,
            start_new_session=True,
        )
        self._stdin = self._process.stdin
        return self._process

    async def run(self) -> None:
        try:
            await super().run()
        finally:
            await self.remote_close()  # a process that has failed says no goodbye

    def kill(self) -> None:
        """End the process; whoever holds the session notices."""
        if self._process is not None and self._process.returncode is None:
            with suppress(ProcessLookupError):
                os.killpg(self._process.pid, signal.SIGKILL)

    async def stop(self) -> None:
        """End the process and wait until it is gone."""
        self.kill()
        await self._download_manager.cancel_app_downloads(self.app_service_id)
        if self._task is not None:
            self._task.cancel()
            await asyncio.wait([self._task])
        if self._process is not None:
            await self._process.communicate()  # it counts as gone only when what it has still written is read
