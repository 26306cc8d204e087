"""The fixture `fake_card`, for test modules that name this file in `pytest_plugins`."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.nvml.card import STATE_VARIABLE, CannotBuild, FakeCard


def fake_card_or_skip(state: Path) -> FakeCard:
    """A pretended card. Where it cannot be built: skips, or fails when BD1_REQUIRE names gcc."""
    try:
        return FakeCard(state)
    except CannotBuild as problem:
        if "gcc" in os.environ.get("BD1_REQUIRE", "").split(","):
            pytest.fail(f"BD1_REQUIRE asks for gcc, but {problem}")
        pytest.skip(f"no pretended NVML, so these tests prove nothing here: {problem}")


@pytest.fixture
def fake_card(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[FakeCard]:
    """A pretended card that pynvml finds in this very process. Any hang ends with the test."""
    card = fake_card_or_skip(tmp_path / "card")
    monkeypatch.setenv(STATE_VARIABLE, str(card.state))
    card.load()
    yield card
    card.set(hang=None, hang_s=None)
