from textual.app import App, ComposeResult
from textual.events import Key
from textual.reactive import reactive

from core.descent import Descent, Tick
from tests.tui.panel_rows import descent_at
from tui.drawing.text import Row
from tui.panels.panel import Panel


class Counting(Panel):
    """Shows the epoch, and counts how often it draws."""

    draws = 0

    def draw(self, width: int, height: int) -> list[Row]:
        self.draws += 1
        return [((f"epoch {self.descent.epoch}", "lit"),)]


class Screen(App[None]):
    BINDINGS = [("space", "step", "")]
    descent: reactive[Descent] = reactive(Descent, always_update=True)

    def compose(self) -> ComposeResult:
        yield Counting().data_bind(Screen.descent)

    def action_step(self) -> None:
        self.descent = self.descent.goto(Tick(self.descent.epoch + 1, 0))


async def test_a_key_is_drawn_and_a_flood_of_keys_is_drawn_once_a_frame() -> None:
    app = Screen()
    app.set_reactive(Screen.descent, descent_at(0))
    async with app.run_test(size=(30, 3)) as pilot:
        await pilot.pause()
        panel = app.query_one(Counting)
        await pilot.press("space")
        await pilot.pause()
        assert panel.render_line(0).text.split() == ["epoch", "1"]
        before = panel.draws
        for _ in range(200):
            app.post_message(Key("space", " "))
        while app.descent.epoch < 201:
            await pilot.pause(0.01)
        await pilot.pause()
        assert panel.render_line(0).text.split() == ["epoch", "201"]
        assert panel.draws - before < 50
