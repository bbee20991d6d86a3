"""`gradstep serve` as a visitor sees it: in a real browser, without a network."""

import os
from pathlib import Path

import pytest

from tests.web.chromium import PROGRAM, chromium, until
from tests.web.test_serving import serving

pytestmark = pytest.mark.skipif(PROGRAM is None, reason="no chromium is installed here")


async def test_the_page_opens_space_steps_an_epoch_and_files_are_downloads(tmp_path: Path) -> None:
    with serving() as (_, link):
        async with chromium(tmp_path) as open_tab:
            page = await open_tab(link)
            await page.wait_for("core/programs/weight.py", "epoch 0")
            await page.press(" ")
            screen = await page.wait_for("epoch 1 · W 1.400")
            assert "4.666667" in screen

            await page.press("e")
            await page.wait_for("lines are edited at the program's own keyboard only")
            await page.press("o")
            screen = await page.wait_for("in a browser there are the built-in tables only", "mtcars")
            assert ".." not in screen
            assert os.getcwd() not in screen
            await page.press("Escape")
            await page.wait_without("mtcars")
            await page.press("e", ctrl=True)
            await page.wait_for("goes to the browser's downloads as gradstep-manual-lr0.1.py")
            await page.press("Enter")
            written = tmp_path / "gradstep-manual-lr0.1.py"

            async def is_there() -> bool:
                return written.exists() and written.stat().st_size > 0

            await until(is_there, lambda: "nothing was downloaded")
            assert "W -= lr * gradient" in written.read_text(encoding="utf-8")

            assert await page.value("location.search") == ""
            assert await page.value("document.fonts.check('16px \"Roboto Mono\"')")
            origin = link.partition("?")[0]
            assert all(url.replace("ws:", "http:", 1).startswith((origin, "data:")) for url in page.asked_for)
            assert page.problems == []
            picture = await page.picture()
            assert (picture[:8], len(picture) > 20_000) == (b"\x89PNG\r\n\x1a\n", True)

            await page.press("q")

            async def says_goodbye() -> bool:
                notice = "document.querySelector('.notice.ended')"
                return bool(await page.value(f"getComputedStyle({notice}).display == 'flex'"))

            await until(says_goodbye, lambda: "the page does not say that the session has ended")
