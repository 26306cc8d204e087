"""How much VRAM is normal now: what the mode that is on declares, on top of the idle level. It judges no sample."""

from bd1.core.settings import Settings
from bd1.services.card import Card
from bd1.services.fleet import Fleet


class Normal:
    """Called for the used VRAM in MiB up to which nobody has to be warned; `None` when no mode is known to be on.

    The tolerance is included: a card that shows so much more than was declared shows no more than was declared.
    """

    def __init__(self, settings: Settings, fleet: Fleet, card: Card) -> None:
        self._settings = settings
        self._fleet = fleet
        self._card = card
        self._mode: str | None = None

    def __call__(self) -> int | None:
        view = self._fleet.view
        if not view.docker_is_away:  # what ran goes on running while Docker is restarted
            self._mode = view.name
        mode = self._settings.modes.get(self._mode or "")
        if mode is None:
            return None
        declared_mib = sum(self._settings.workloads[name].vram_mib for name in mode.workloads)
        return self._card.idle_mib + self._settings.gpu.tolerance_mib + declared_mib
