"""The rules by which a card's condition is judged: limits, patience, words. Pure; it remembers nothing.

What is normal work is no condition: a card at its power cap, a small card at 87 degrees, a link that idles in
generation 1. Limits are the card's own wherever it tells them.
"""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import ClassVar

from bd1.core.gpu import GpuDetails
from bd1.core.tiers import Tier


class Condition(StrEnum):
    """What can be wrong with a card. The value names it in the feed of incidents."""

    HEAT = "heat"
    POWER = "power"
    SLOWDOWN = "slowdown"
    LINK = "pcie link"
    REPLAYS = "pcie replays"
    MEMORY = "memory errors"


@dataclass(frozen=True, slots=True)
class Verdict:
    """What one look says. `figures` is half a sentence, `text` whole ones with what to do.

    `is_calm`: so far from any trouble that what was raised may clear.
    """

    tier: Tier
    is_calm: bool
    figures: str
    title: str = ""
    text: str = ""


@dataclass(frozen=True, slots=True)
class Tally:
    """A counter that only rises, and how much it rose lately: old rises fade away."""

    count: int | None = None
    recent: float = 0.0


@dataclass(frozen=True, slots=True)
class Wear:
    """What the card's counters did lately."""

    REPLAYS_LAST_S: ClassVar = 600.0
    MEMORY_LASTS_S: ClassVar = 3600.0

    replays: Tally = Tally()
    memory: Tally = Tally()


@dataclass(frozen=True, slots=True)
class Rule:
    """How one condition is judged, and for how many seconds it must hold before it is raised or clears.

    `inputs` are the readings it needs: while one that the card is known to give is missing, nothing is judged.
    """

    condition: Condition
    inputs: tuple[str, ...]
    judge: Callable[[GpuDetails, Wear], Verdict | None]
    warn_s: float
    alert_s: float
    calm_s: float


HEAT_MARGIN_C = 5
POWER_EXCESS = 1.1
"""A card swings around its power limit; more than this share of it, for long, is no swing."""

POWER_CALM = 1.05
REPLAYS_WARN, REPLAYS_ALERT = 10.0, 1000.0
"""So many within some minutes. A sound link replays next to nothing; one that fails does it by the thousand."""

_BRAKE = "power brake"
_BY_HARDWARE, _BY_DRIVER = "heat (hardware)", "heat (driver)"
_UNEXPLAINED = "hardware slowdown"
_LOWEST_LIMIT_C = 60
"""No card slows down below that: what tells less tells nonsense."""


def _heat(details: GpuDetails, _wear: Wear) -> Verdict | None:
    """The temperature against the card's own limit, and clocks that are held down by heat (also of the memory)."""
    limit_c = details.slowdown_c if (details.slowdown_c or 0) >= _LOWEST_LIMIT_C else None
    temperature_c, reasons = details.temperature_c, details.throttle or ()
    is_judged = temperature_c is not None and limit_c is not None
    if not is_judged and details.throttle is None:
        return None
    over_c = temperature_c - limit_c if temperature_c is not None and limit_c is not None else None
    figures = _heat_figures(details, limit_c)
    if _BY_HARDWARE in reasons or (over_c is not None and over_c >= 0):
        advice = "Check the fans and the airflow in the host, and end the work on the card if this goes on."
        return Verdict(Tier.ALERT, False, figures, "The card is overheating", f"{_capital(figures)}. {advice}")
    if _BY_DRIVER in reasons:
        advice = "The driver slows it down to cool it. Check the fans and the airflow in the host."
        return Verdict(Tier.WARN, False, figures, "The card is at its heat limit", f"{_capital(figures)}. {advice}")
    return Verdict(Tier.NORMAL, over_c is None or over_c < -HEAT_MARGIN_C, figures)


def _heat_figures(details: GpuDetails, limit_c: int | None) -> str:
    if details.temperature_c is None:
        return "the GPU does not tell its temperature"
    words = f"the GPU is at {details.temperature_c} °C"
    if limit_c is None:
        return words
    off = f" and switches off at {details.shutdown_c} °C" if (details.shutdown_c or 0) > limit_c else ""
    return f"{words}; its hardware slows down at {limit_c} °C{off}"


def _power(details: GpuDetails, _wear: Wear) -> Verdict | None:
    """The draw against the card's own limit. A card that works at its limit is normal."""
    share = details.power_w / details.power_limit_w if details.power_w is not None and details.power_limit_w else None
    if share is None and details.throttle is None:
        return None
    figures = (
        "the GPU does not tell its power draw"
        if share is None
        else f"the GPU draws {details.power_w:.0f} W of the {details.power_limit_w:.0f} W it may"
    )
    if _BRAKE in (details.throttle or ()):
        advice = "Its supply makes it slow down (power brake). Check the power cable and the host's power supply."
        return Verdict(
            Tier.ALERT, False, figures, "The card does not get enough power", f"{_capital(figures)}. {advice}"
        )
    if share is not None and share > POWER_EXCESS:
        advice = "Its limit does not hold. Check the power limit with `nvidia-smi -q -d POWER` in the guest."
        return Verdict(Tier.WARN, False, figures, "The card draws too much power", f"{_capital(figures)}. {advice}")
    return Verdict(Tier.NORMAL, share is None or share <= POWER_CALM, figures)


def _slowdown(details: GpuDetails, _wear: Wear) -> Verdict | None:
    """The hardware slows the card down, and neither heat nor its supply is told as the cause."""
    if details.throttle is None:
        return None
    if _UNEXPLAINED not in details.throttle or {_BY_HARDWARE, _BRAKE} & set(details.throttle):
        return Verdict(Tier.NORMAL, True, "the hardware does not slow it down without a reason")
    figures = "the hardware slows the GPU down, and the driver does not say why"
    advice = "See `nvidia-smi -q -d PERFORMANCE` in the guest, and check cooling and power cable in the host."
    return Verdict(Tier.WARN, False, figures, "The card slows itself down", f"{_capital(figures)}. {advice}")


def _link(details: GpuDetails, _wear: Wear) -> Verdict | None:
    """The PCIe link, in P0 alone: a card at rest lowers it to save power."""
    pairs = ((details.pcie_width, details.pcie_width_max), (details.pcie_gen, details.pcie_gen_max))
    known = [(now, most) for now, most in pairs if now is not None and most is not None]
    if details.pstate != 0 or not known:
        return None
    width, generation = (_of(now, most) for now, most in pairs)
    figures = f"under load the PCIe link has width {width} and generation {generation}"
    if all(now >= most for now, most in known):
        return Verdict(Tier.NORMAL, True, figures)
    advice = "Check in the host how the card sits in its slot, and the slot's settings in the firmware."
    return Verdict(Tier.WARN, False, figures, "The PCIe link is not at its best", f"{_capital(figures)}. {advice}")


def _of(now: int | None, most: int | None) -> str:
    return f"{'unknown' if now is None else now} of {'unknown' if most is None else most}"


def _replays(details: GpuDetails, wear: Wear) -> Verdict | None:
    """How often the link had to send something again lately."""
    if details.pcie_replay is None:
        return None
    recent = wear.replays.recent
    figures = f"the PCIe link had to repeat {recent:.0f} transfers lately, {details.pcie_replay} in all"
    if recent < REPLAYS_WARN:
        return Verdict(Tier.NORMAL, recent < REPLAYS_WARN / 2, figures)
    advice = "This may come before the card falls off the bus: check in the host how it sits in its slot."
    tier = Tier.ALERT if recent >= REPLAYS_ALERT else Tier.WARN
    return Verdict(tier, False, figures, "The PCIe link repeats transfers", f"{_capital(figures)}. {advice}")


def _memory(details: GpuDetails, wear: Wear) -> Verdict | None:
    """Memory errors that could not be corrected; cards without ECC do not count them."""
    if details.ecc_uncorrected is None:
        return None
    figures = f"the card has counted {details.ecc_uncorrected} memory errors that it could not correct"
    if wear.memory.recent < 0.5:
        return Verdict(Tier.NORMAL, True, figures)
    advice = (
        "On the guest: restart the programs that use the card, for they may compute wrongly. If more come, the card "
        "has to be replaced."
    )
    return Verdict(Tier.ALERT, False, figures, "The card's memory has errors", f"{_capital(figures)}. {advice}")


def _capital(text: str) -> str:
    return text[0].upper() + text[1:]


RULES: tuple[Rule, ...] = (
    Rule(Condition.HEAT, ("temperature_c", "slowdown_c", "throttle"), _heat, warn_s=60, alert_s=10, calm_s=60),
    Rule(Condition.POWER, ("power_w", "power_limit_w", "throttle"), _power, warn_s=30, alert_s=10, calm_s=60),
    Rule(Condition.SLOWDOWN, ("throttle",), _slowdown, warn_s=30, alert_s=30, calm_s=60),
    Rule(
        Condition.LINK,
        ("pstate", "pcie_width", "pcie_width_max", "pcie_gen", "pcie_gen_max"),
        _link,
        warn_s=30,
        alert_s=30,
        calm_s=30,
    ),
    Rule(Condition.REPLAYS, ("pcie_replay",), _replays, warn_s=0, alert_s=0, calm_s=60),
    Rule(Condition.MEMORY, ("ecc_uncorrected",), _memory, warn_s=0, alert_s=0, calm_s=60),
)
