"""The whole stack: loopback Discord, real Docker with pretended services, pretended NVML, the real process."""

from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from bd1.sim.discord.server import LoopbackDiscord
from tests.containers.engine import Standin, StandinEngine
from tests.e2e.bot import BotProcess, config
from tests.nvml.card import FakeCard
from tests.nvml.probing import fake_card_or_skip


@dataclass
class Stack:
    """Everything around the bot, and how to start it."""

    discord: LoopbackDiscord
    card: FakeCard
    ollama: Standin
    comfyui: Standin
    start: Callable[..., Awaitable[BotProcess]]

    async def running(self, standin: Standin) -> bool:
        """Whether Docker says that the container runs."""
        standin.container.reload()
        return bool(standin.container.attrs["State"]["Running"])


@pytest.fixture
async def discord(discord_contract: Any) -> AsyncIterator[LoopbackDiscord]:
    """A loopback Discord whose every exchange is held against Discord's contract."""
    async with LoopbackDiscord() as server:
        server.on_exchange.append(discord_contract)
        yield server
    if discord_contract.seen:
        discord_contract.assert_clean()


@pytest.fixture
async def stack(tmp_path: Path, standins: StandinEngine, discord: LoopbackDiscord) -> AsyncIterator[Stack]:
    """Two containers that are not started yet, a card that nobody uses, and a Discord that waits for a bot."""
    card = fake_card_or_skip(tmp_path / "card")
    card.set(release_lag_ms=400)
    ollama = standins.create("ollama", state=card.state)
    comfyui = standins.create("comfyui", state=card.state, environment={"STANDIN_BASE_MIB": 2400})
    bots: list[BotProcess] = []

    async def start(*, token: str | None = discord.token, **more: Any) -> BotProcess:
        document = config(
            api_base=discord.api_base,
            ollama_url=ollama.url,
            comfyui_url=comfyui.url,
            ollama=ollama.name,
            comfyui=comfyui.name,
            **more,
        )
        bots.append(await BotProcess.start(document, tmp_path, card.environ(), token))
        return bots[-1]

    yield Stack(discord, card, ollama, comfyui, start)
    for bot in bots:
        await bot.kill()
