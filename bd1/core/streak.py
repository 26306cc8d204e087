"""How long something has held without a break, in samples and in seconds. Pure; it knows no clock and no card."""

from dataclasses import dataclass

_ROUNDING_S = 1e-6
"""Twenty looks of a tenth of a second are two seconds, whatever the sum of their floats says."""


@dataclass(frozen=True, slots=True)
class Streak:
    """A run of samples in a row for which something held. `lasted_s` is from the first of them to the last.

    Only time between two samples that were seen one after the other counts: blindness adds nothing.
    """

    samples: int = 0
    lasted_s: float = 0.0

    def then(self, holds: bool, stretch_s: float) -> "Streak":
        """The streak after one more sample, seen `stretch_s` after the one before it."""
        if not holds:
            return NONE
        return Streak(self.samples + 1, self.lasted_s + stretch_s if self.samples else 0.0)

    def lasts(self, samples: int, seconds: float) -> bool:
        """Whether it is both so many samples and so many seconds long."""
        return self.samples >= samples and self.lasted_s >= seconds - _ROUNDING_S


NONE = Streak()
"""It does not hold."""
