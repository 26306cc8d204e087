"""The fixtures `fake_card`, `hand_clock` and `probes`, for test modules that name this file in `pytest_plugins`."""

from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from tests.nvml.card import STATE_VARIABLE, FakeCard
from tests.nvml.probing import HandClock, Probes, fake_card_or_skip


@pytest.fixture
def fake_card(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[FakeCard]:
    """A pretended card that pynvml finds in this very process. Any hang ends with the test."""
    card = fake_card_or_skip(tmp_path / "card")
    monkeypatch.setenv(STATE_VARIABLE, str(card.state))
    card.load()
    yield card
    card.set(hang=None, hang_s=None)


@pytest.fixture
def hand_clock() -> HandClock:
    return HandClock()


@pytest.fixture
async def probes(fake_card: FakeCard, hand_clock: HandClock) -> AsyncIterator[Probes]:
    maker = Probes(hand_clock)
    yield maker
    fake_card.set(hang=None, hang_s=None)
    await maker.close()
