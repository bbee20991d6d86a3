"""A dialog that nothing is typed into: the key of the stepper that exchanges the language does so here, too."""

from textual.screen import ModalScreen

from tui.keys import HANGUL


class Retold(ModalScreen[None]):
    """It can say all of what it shows again, in the language that is spoken by then."""

    BINDINGS = [(f"L,{HANGUL['l']},ctrl+l", "exchange_language", "Language")]

    def tell(self) -> None:
        """Say all of it; what is chosen stays chosen."""
        raise NotImplementedError

    async def action_exchange_language(self) -> None:
        if self.is_current:  # keys that come faster than the dialog closes
            await self.run_action("app.exchange_language")
            self.tell()
