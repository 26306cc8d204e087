"""What tests of the probe share beside the card itself: a clock moved by hand, and probes that get closed."""

import os
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bd1.adapters.nvml import NvmlProbe
from tests.nvml.card import CannotBuild, FakeCard


class HandClock:
    """Time that moves only when a test moves it."""

    def __init__(self) -> None:
        self.at_s = 1000.0

    def monotonic(self) -> float:
        return self.at_s

    def now(self) -> datetime:
        return datetime(2026, 1, 1, tzinfo=UTC) + timedelta(seconds=self.at_s)

    async def sleep(self, seconds: float) -> None:
        self.at_s += seconds


class Probes:
    """Makes probes of the pretended card and closes them all."""

    def __init__(self, clock: HandClock) -> None:
        self._clock = clock
        self._made: list[NvmlProbe] = []

    def make(self, index: int = 0, uuid: str | None = None, deadline_s: float = 20.0) -> NvmlProbe:
        """A probe on the hand clock; its deadline runs in real time, and is long unless a test is about it."""
        probe = NvmlProbe(index, uuid, deadline_s, self._clock)
        self._made.append(probe)
        return probe

    async def close(self) -> None:
        for probe in self._made:
            await probe.close()


def fake_card_or_skip(state: Path) -> FakeCard:
    """A pretended card. Where it cannot be built: skips, or fails when BD1_REQUIRE names gcc."""
    try:
        return FakeCard(state)
    except CannotBuild as problem:
        if "gcc" in os.environ.get("BD1_REQUIRE", "").split(","):
            pytest.fail(f"BD1_REQUIRE asks for gcc, but {problem}")
        pytest.skip(f"no pretended NVML, so these tests prove nothing here: {problem}")
