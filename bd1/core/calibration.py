"""How far the estimate of tokens is off for one model, learned from what the model says that it read. Pure."""

from dataclasses import dataclass, replace

SAFE, MOST = 0.6, 4.0
"""The factor never leaves this range: a tokenizer that is frugal today may meet another language tomorrow."""

_MARGIN = 1.1
_PATIENCE = 0.1
_TELLING = 200
"""Estimated tokens below which a prompt teaches nothing: most of it is the template's frame."""
_LEAST_READ = 0.6


@dataclass(frozen=True, slots=True)
class Calibration:
    """`factor` tokens are planned for each estimated one; `lowest` is the smallest share that was ever truly read."""

    factor: float = 1.0
    lowest: float = SAFE


def learned(known: Calibration, estimate: int, told: int) -> Calibration:
    """What an answer teaches whose prompt was estimated at `estimate` tokens, bare, and of which `told` were read.

    Upwards at once, with a margin; downwards slowly, and never below `SAFE`. A prompt that was not read whole says
    nothing about tokens.
    """
    if estimate < _TELLING or told <= 0 or read_less(known, estimate, told):
        return known
    share = told / estimate
    wanted = min(max(share * _MARGIN, SAFE), MOST)
    factor = wanted if wanted > known.factor else known.factor + (wanted - known.factor) * _PATIENCE
    return replace(known, factor=factor, lowest=min(known.lowest, share))


def read_less(known: Calibration, estimate: int, told: int) -> bool:
    """Whether the model read clearly less than it was sent: far below the smallest share ever seen."""
    return estimate >= _TELLING and told < estimate * known.lowest * _LEAST_READ
