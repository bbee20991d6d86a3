"""What a gradient line turns out to be beside autograd's gradient, in one sentence."""

from dataclasses import dataclass
from enum import StrEnum

from core.language import _


class Verdict(StrEnum):
    """What a gradient is beside autograd's."""

    GRADIENT = "the gradient"
    MULTIPLE = "a multiple of it"
    UPHILL = "a multiple of it with the wrong sign"
    OTHER = "something else"
    NOT_FINITE = "no number"
    UNTOLD = "can't be told"


@dataclass(frozen=True)
class GradientCheck:
    """What was found, and the one weight at one of the W that shows it best."""

    verdict: Verdict
    factor: float
    """How many times the gradient it is; nan where it is no multiple of it."""
    rows: int
    """m, the number of rows of the table."""
    places: int
    """At how many W the two were held side by side."""
    at: str = ""
    """The W that shows it, as W 3 or W 3, b -1; empty where there are more weights than can be told."""
    name: str = ""
    """What the component that shows it is called: gradient, or gradient_W2."""
    gradient: float = 0.0
    autograd: float = 0.0

    @property
    def is_gradient(self) -> bool:
        return self.verdict is Verdict.GRADIENT

    @property
    def sentence(self) -> str:
        """One sentence for the person who wrote the line."""
        match self.verdict:
            case Verdict.GRADIENT:
                return _("this is the gradient: autograd says the same at {count} W").format(count=self.places)
            case Verdict.MULTIPLE:
                return _("{factor} x the gradient{why}").format(factor=self._factor, why=self._why)
            case Verdict.UPHILL:
                told = _("{factor} x the gradient{why}, the wrong sign: it walks uphill")
                return told.format(factor=self._factor, why=self._why)
            case Verdict.UNTOLD:
                return _("autograd has no gradient other than 0 here to hold the line against")
        told = _("not the gradient: at {at} {name} is {gradient}, autograd says {autograd}")
        return told.format(
            at=self.at or _("one W"), name=self.name, gradient=f"{self.gradient:.6g}", autograd=f"{self.autograd:.6g}"
        )

    @property
    def _factor(self) -> str:
        return f"{self.factor:,.0f}" if self.factor.is_integer() else f"{self.factor:.6g}"

    @property
    def _why(self) -> str:
        """Where a factor comes from, if it is one of those that one meets."""

        sign = "-" if self.factor < 0 else ""
        if abs(self.factor) == self.rows / 2:
            return _(" = {sign}m/2 for m = {rows}: torch.sum").format(sign=sign, rows=self.rows)
        if abs(self.factor) == self.rows:
            return _(" = {sign}m for m = {rows}, as 2 * torch.sum is").format(sign=sign, rows=self.rows)
        if abs(self.factor) == 0.5:
            return _(": torch.mean without the 2")
        return ""
