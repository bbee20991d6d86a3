"""The yardstick: the smallest Textual program that answers a key; with --torch it imports torch at its top."""

import sys

from textual.app import App, ComposeResult
from textual.widgets import Footer, Static

if "--torch" in sys.argv:
    import torch  # noqa: F401


class Counter(App[None]):
    """It counts."""

    BINDINGS = [("space", "count", "count"), ("q", "quit", "quit")]
    number = 0

    def compose(self) -> ComposeResult:
        yield Static("epoch 0")
        yield Footer()

    def action_count(self) -> None:
        self.number += 1
        self.query_one(Static).update(f"epoch {self.number}")


if __name__ == "__main__":
    Counter().run()
