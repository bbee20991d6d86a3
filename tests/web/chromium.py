"""A real headless Chromium, spoken to in its own protocol: what it shows, what is pressed in it, what it downloads."""

import asyncio
import base64
import itertools
import json
import os
import shutil
import signal
import subprocess
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import aiohttp

PROGRAM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)

OPTIONS = (
    *("--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-dev-shm-usage"),
    *("--disable-background-networking", "--disable-component-update", "--disable-sync", "--disable-extensions"),
    *("--remote-debugging-port=0", "--window-size=1280,800", "about:blank"),
)

KEEP_THE_TERMINAL = """
Object.defineProperty(Object.prototype, "fitAddon", {
  set(addon) {
    Object.defineProperty(this, "fitAddon", {value: addon, writable: true});
    window.theTerminal = this.terminal;
  },
});
"""
"""The page keeps its terminal to itself; a test wants to read what is on it."""

SCREEN = """
(() => {
  const buffer = window.theTerminal?.buffer.active;
  const rows = Array.from({length: buffer?.length ?? 0}, (_, row) => buffer.getLine(row).translateToString());
  return rows.join("\\n");
})()
"""

CODES = {" ": 32, "Enter": 13, "Escape": 27, "ArrowDown": 40}


class Page:
    """One tab."""

    def __init__(self, connection: aiohttp.ClientWebSocketResponse, session: str) -> None:
        self._connection, self._session = connection, session
        self._numbers = itertools.count(1)
        self.asked_for: list[str] = []
        """The address of everything that the page has loaded or tried to."""
        self.problems: list[str] = []
        """What the browser's console complains of."""

    async def do(self, method: str, **parameters: Any) -> dict[str, Any]:
        """Have the browser carry out a command of its protocol."""
        number = next(self._numbers)
        command = {"id": number, "method": method, "params": parameters}
        await self._connection.send_json(command | ({"sessionId": self._session} if self._session else {}))
        while True:
            answer = await self._connection.receive_json(timeout=30)
            if answer.get("id") == number:
                assert "error" not in answer, (method, answer["error"])
                result: dict[str, Any] = answer["result"]
                return result
            self._note(answer.get("method"), answer.get("params", {}))

    def _note(self, event: str | None, told: dict[str, Any]) -> None:
        if event == "Network.requestWillBeSent":
            self.asked_for.append(told["request"]["url"])
        elif event == "Network.webSocketCreated":
            self.asked_for.append(told["url"])
        elif event == "Runtime.exceptionThrown":
            self.problems.append(json.dumps(told["exceptionDetails"]))
        elif event == "Log.entryAdded" and told["entry"]["level"] == "error":
            self.problems.append(json.dumps(told["entry"]))

    async def value(self, expression: str) -> Any:
        """What a JavaScript expression comes to on the page."""
        result = await self.do("Runtime.evaluate", expression=expression, returnByValue=True)
        assert "exceptionDetails" not in result, result
        return result["result"].get("value")

    async def screen(self) -> str:
        """What is on the page's terminal."""
        return str(await self.value(SCREEN))

    async def wait_for(self, *texts: str) -> str:
        """The screen, as soon as the texts are on it."""
        await until(self._shows(texts), lambda: f"{texts} did not come about")
        return await self.screen()

    async def wait_without(self, text: str) -> None:
        """Wait until the text has gone from the screen."""

        async def has_gone() -> bool:
            return text not in await self.screen()

        await until(has_gone, lambda: f"{text} did not go")

    def _shows(self, texts: tuple[str, ...]) -> Callable[[], Awaitable[bool]]:
        async def shows() -> bool:
            screen = await self.screen()
            return all(text in screen for text in texts)

        return shows

    async def press(self, key: str, ctrl: bool = False) -> None:
        """Press a key, as a keyboard would."""
        code = CODES.get(key) or ord(key.upper())
        typed = {"text": "\r" if key == "Enter" else key} if not ctrl and (len(key) == 1 or key == "Enter") else {}
        held = {"modifiers": 2} if ctrl else {}
        named = {"key": key, "windowsVirtualKeyCode": code}
        await self.do("Input.dispatchKeyEvent", type="keyDown", **named, **typed, **held)
        await self.do("Input.dispatchKeyEvent", type="keyUp", **named, **held)

    async def picture(self) -> bytes:
        """What one sees, as PNG."""
        return base64.b64decode((await self.do("Page.captureScreenshot"))["data"])


async def until(condition: Callable[[], Awaitable[bool]], told: Callable[[], str], seconds: float = 60) -> None:
    """Wait for something that another program brings about."""
    for _ in range(int(seconds / 0.1)):
        if await condition():
            return
        await asyncio.sleep(0.1)
    raise AssertionError(told())


@asynccontextmanager
async def chromium(folder: Path) -> AsyncIterator[Callable[[str], Awaitable[Page]]]:
    """A browser that knows nothing of any other, and downloads into the folder; call it with an address for a tab."""
    assert PROGRAM is not None
    profile = folder / "profile"
    process = subprocess.Popen(
        [PROGRAM, f"--user-data-dir={profile}", *OPTIONS],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    try:
        told = profile / "DevToolsActivePort"

        async def listens() -> bool:
            return told.exists() and len(told.read_text().split()) == 2

        await until(listens, lambda: "chromium did not start")
        port, path = told.read_text().split()
        async with aiohttp.ClientSession() as client:

            async def open_tab(url: str) -> Page:
                connection = await client.ws_connect(f"ws://127.0.0.1:{port}{path}", max_msg_size=0)
                browser = Page(connection, "")
                tab = (await browser.do("Target.createTarget", url="about:blank"))["targetId"]
                session = (await browser.do("Target.attachToTarget", targetId=tab, flatten=True))["sessionId"]
                await browser.do("Browser.setDownloadBehavior", behavior="allow", downloadPath=str(folder))
                page = Page(connection, session)
                for domain in ("Page", "Network", "Runtime", "Log"):
                    await page.do(f"{domain}.enable")
                await page.do("Page.addScriptToEvaluateOnNewDocument", source=KEEP_THE_TERMINAL)
                await page.do("Page.bringToFront")
                await page.do("Page.navigate", url=url)
                return page

            yield open_tab
    finally:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()
