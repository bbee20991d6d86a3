"""The arithmetic of an update with the numbers of an epoch: what the optimizer remembers is part of it."""

from math import isfinite, nan, sqrt

from core.state import EpochTrace, Opened, Weights

WIDE, SMALL = 1e4, 0.0000995


def number(value: float, decimals: int = 3) -> str:
    """A number in the slides' signs: with so many decimals, more where it is small, or an exponent."""
    if not isfinite(value):
        return str(value).replace("-", "−")
    if abs(value) >= WIDE or 0 < abs(value) < SMALL:
        text = f"{value:.2e}"
    else:
        text = f"{value:.{decimals if abs(value) >= 0.00995 or value == 0 else 6}f}"
    return "0" if value == 0 else text.replace("-", "−").replace("e−0", "e−").replace("e+0", "e+")


def signed(value: float, decimals: int = 3) -> str:
    """A number that is added: + 1.000, − 1.000."""
    text = number(value, decimals)
    return f"− {text[1:]}" if text.startswith("−") else f"+ {text}"


def _bracketed(value: float, decimals: int = 3) -> str:
    """A number behind a sign: a negative one in brackets."""
    text = number(value, decimals)
    return f"({text})" if text.startswith("−") else text


def update_arithmetic(trace: EpochTrace, opened: Opened, name: str = "") -> tuple[str, ...]:
    """The update of one parameter (or of all) in numbers, the longest way to say it first."""
    names = [name] if name else [slot.name for slot in opened.weights]
    equations = [each for parameter in names for each in update_equations(trace, opened, parameter)]
    results = [each for each in equations if each.partition(" = ")[0] in names]
    parts = ((parameter, opened.part(parameter, trace.w_next)) for parameter in names)
    after = [f"{parameter} {' '.join(map(number, values))}" for parameter, values in parts if len(values) <= 4]
    texts = ("; ".join(equations), "; ".join(results), ", ".join(after))
    return tuple(dict.fromkeys(filter(None, texts))) or ("",)


def update_equations(trace: EpochTrace, opened: Opened, name: str) -> tuple[str, ...]:
    """The equations by which one parameter of a single value gets its next one, in turn; none for any other.

    The last one says the parameter itself: W = 0 − 0.15 · (−9.333) = 1.400; none where the line did otherwise.
    """
    before, gradients = opened.part(name, trace.w), opened.part(name, trace.gradient or ())
    if len(before) != 1 or not gradients:
        return ()
    w, gradient, after = before[0], gradients[0], opened.part(name, trace.w_next)[0]
    options: dict[str, float] = {key: value for key, value in trace.options if not isinstance(value, str)}
    equations, direction = [], gradient
    if decay := options.get("weight_decay"):
        direction += decay * w
        equations.append(f"g = {number(gradient)} + {decay:g} · {_bracketed(w)} = {number(direction)}")
    match dict(trace.options).get("class", "SGD"):
        case "SGD":
            more, direction = _momentum(trace, opened, name, options, direction)
        case "Adam":
            more, direction = _adam(trace, opened, name, options, direction)
        case _:
            return ()
    lr = options.get("lr", _manual_lr(trace, gradient, w - after))
    error = {sign: abs(w + way * lr * direction - after) for sign, way in (("−", -1), ("+", 1))}
    sign = "+" if error["+"] < error["−"] else "−"
    if not error[sign] <= 1e-4 * max(abs(w), abs(lr * direction), abs(after)):
        return ()
    decimals = 3
    while decimals < 8 and w != after and number(w, decimals) == number(after, decimals):
        decimals += 1
    written = f"{lr:.6g}".replace("e-0", "e−").replace("e-", "e−")
    left = f"{number(w, decimals)} {sign} {written} · {_bracketed(direction, decimals)}"
    return *equations, *more, f"{name} = {left} = {number(after, decimals)}"


def _momentum(
    trace: EpochTrace, opened: Opened, name: str, options: dict[str, float], direction: float
) -> tuple[list[str], float]:
    """(SGD's equations of its buffer, the direction that the update takes)."""
    momentum = options.get("momentum")
    if not momentum:
        return [], direction
    before, after = _memory(trace, opened, name, "momentum_buffer")
    gained = "" if before != before else f"{momentum:g} · {_bracketed(before)} {signed(direction)} = "
    equations = [f"v = {gained}{number(after)}"]
    if not options.get("nesterov"):
        return equations, after
    ahead = direction + momentum * after
    return [*equations, f"g = {number(direction)} + {momentum:g} · {_bracketed(after)} = {number(ahead)}"], ahead


def _adam(trace: EpochTrace, opened: Opened, name: str, options: dict[str, float], g: float) -> tuple[list[str], float]:
    """(Adam's equations of its two moments, the direction that the update takes)."""
    first, second = options.get("betas1", 0.9), options.get("betas2", 0.999)
    (m, m_after), (v, v_after), (_step, step) = (
        _memory(trace, opened, name, key) for key in ("exp_avg", "exp_avg_sq", "step")
    )
    if not step > 0:
        return [], nan
    m_hat, v_hat = m_after / (1 - first**step), v_after / (1 - second**step)
    equations = [
        f"m = {first:g} · {_bracketed(m if m == m else 0)} + {1 - first:g} · {_bracketed(g)} = {number(m_after)}",
        f"v = {second:g} · {_bracketed(v if v == v else 0)} + {1 - second:.4g} · {_bracketed(g)}² = {number(v_after)}",
        f"m̂ = m / (1 − {first:g}^{step:g}) = {number(m_hat)}",
        f"v̂ = v / (1 − {second:g}^{step:g}) = {number(v_hat)}",
    ]
    return equations, m_hat / (sqrt(v_hat) + options.get("eps", 0))


def _manual_lr(trace: EpochTrace, gradient: float, moved: float) -> float:
    """The lr of a manual update: the text's, where the loop reads it; else what it was, from W before and after."""
    if trace.program.lr is not None and trace.program.uses_lr:
        return trace.program.lr
    return float(f"{abs(moved / gradient):.6g}") if gradient else nan


def _memory(trace: EpochTrace, opened: Opened, name: str, key: str) -> tuple[float, float]:
    """What the optimizer remembers for a parameter: before the update, and after it; nan where it is nothing."""

    def remembered(memory: tuple[tuple[str, Weights], ...]) -> Weights:
        values: Weights = dict(memory).get(key, ())
        if len(values) == sum(slot.size for slot in opened.weights):
            return opened.part(name, values)
        return values[[slot.name for slot in opened.weights].index(name) :]  # step: a number for each parameter

    after = next((kept for step in reversed(trace.steps) for kept in remembered(step.memory)[:1]), nan)
    return (*remembered(trace.memory), nan)[0], after
