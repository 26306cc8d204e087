"""The rig as a fixture."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.services.rig import Rig, build_rig, rig_settings


@pytest.fixture
async def rig(tmp_path: Path) -> AsyncIterator[Rig]:
    made = build_rig(rig_settings(tmp_path))
    yield made
    await made.stop_all()
