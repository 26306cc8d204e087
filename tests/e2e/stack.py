"""Everything around one bot: a Discord, a card, two containers, and what Docker and the bot's journal tell of them."""

import asyncio
import json
import sqlite3
from collections.abc import Mapping
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from bd1.sim.discord.interactions import Invocation
from bd1.sim.discord.model import Message
from bd1.sim.discord.server import LoopbackDiscord
from tests.containers.engine import Standin, StandinEngine
from tests.e2e.bot import BotProcess, config, text_of, with_changes
from tests.nvml.card import FakeCard
from tests.nvml.probing import fake_card_or_skip

Environment = Mapping[str, str | int]
ALERTS, BRIDGE = "gpu-alerts", "bridge"


@dataclass
class Stack:
    """Everything around the bot, and how to start it. `settings` go into every configuration."""

    folder: Path
    discord: LoopbackDiscord
    card: FakeCard
    ollama: Standin
    comfyui: Standin
    settings: dict[str, Any] = field(default_factory=dict)
    bots: list[BotProcess] = field(default_factory=list)

    @classmethod
    def of(
        cls,
        folder: Path,
        discord: LoopbackDiscord,
        engine: StandinEngine,
        *,
        ollama: Environment | None = None,
        comfyui: Environment | None = None,
        **settings: Any,
    ) -> "Stack":
        """Two containers that are not started yet, with these environments, and a card that nobody uses."""
        card = fake_card_or_skip(folder / "card")
        card.set(release_lag_ms=400)
        chat = engine.create("ollama", state=card.state, environment=ollama)
        pictures = engine.create(
            "comfyui", state=card.state, environment={"STANDIN_BASE_MIB": 2400} | dict(comfyui or {})
        )
        return cls(folder, discord, card, chat, pictures, settings)

    def document(self, **more: Any) -> dict[str, Any]:
        """The configuration."""
        plain = config(
            api_base=self.discord.api_base,
            ollama_url=self.ollama.url,
            comfyui_url=self.comfyui.url,
            ollama=self.ollama.name,
            comfyui=self.comfyui.name,
        )
        return with_changes(with_changes(plain, self.settings), more)

    async def start(self, *, token: str | None = "", **more: Any) -> BotProcess:
        """Starts the bot. `token` is the right one unless said otherwise; `None` is none at all."""
        given = self.discord.token if token == "" else token
        bot = await BotProcess.start(self.document(**more), self.folder, self.card.environ(), given)
        self.bots.append(bot)
        return bot

    async def close(self) -> None:
        """Whatever happened, no bot runs afterwards."""
        for bot in self.bots:
            await bot.kill()

    async def begin_in(self, standin: Standin) -> None:
        """This container runs and answers, whoever asks."""
        await asyncio.to_thread(standin.container.start)
        await asyncio.to_thread(standin.wait_until_it_answers)

    async def running(self, standin: Standin) -> bool:
        """Whether Docker says that the container runs."""
        await asyncio.to_thread(standin.container.reload)
        return bool(standin.container.attrs["State"]["Running"])

    async def on_card(self) -> set[str]:
        """The workloads whose containers run."""
        both = {"ollama": self.ollama, "comfyui": self.comfyui}
        return {name for name, standin in both.items() if await self.running(standin)}

    async def switch(self, mode: str, who: str = "Leia") -> Message:
        """Asks for a mode with the command; the message that shows the switch."""
        return await (await self.ask(mode, who)).response()

    async def ask(self, mode: str, who: str = "Leia") -> Invocation:
        """Asks for a mode with the command."""
        await self.discord.wait_for(lambda _: bool(self.discord.commands()))
        return await self.discord.person(who).slash("gpu mode", channel=BRIDGE, mode=mode)

    async def told(self, words: str, timeout_s: float = 30.0) -> Message:
        """The message in the alert channel that says this, now or later."""
        return await self.discord.message(ALERTS, where=lambda message: words in text_of(message), timeout=timeout_s)

    def kept(self, collection: str) -> list[dict[str, Any]]:
        """What the bot has on its disk, by key."""
        database = self.folder / "data" / "bd1.sqlite3"
        with closing(sqlite3.connect(database)) as connection:
            query = "SELECT value FROM document WHERE collection = ? ORDER BY key"
            return [json.loads(value) for (value,) in connection.execute(query, (collection,))]

    def journal(self) -> list[dict[str, Any]]:
        """The switches on disk, the oldest first."""
        return self.kept("switches")
