"""Everything around one bot: a Discord, a card, two containers, and what Docker and the bot's journal tell of them."""

import asyncio
import json
import sqlite3
from collections.abc import Mapping
from contextlib import closing
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path
from typing import Any

from bd1.sim.discord.interactions import Invocation
from bd1.sim.discord.model import Message, User
from bd1.sim.discord.seed import CREW_ROLE_ID, GUILD_ID, OPERATOR_ROLE_ID, Seed, SeedPerson, default_seed
from bd1.sim.discord.server import LoopbackDiscord
from tests.containers.engine import Standin, StandinEngine
from tests.e2e.bot import RUN, BotProcess, config, text_of, until_text, with_changes
from tests.nvml.card import FakeCard
from tests.nvml.probing import fake_card_or_skip

Environment = Mapping[str, str | int]
ALERTS, BRIDGE = "gpu-alerts", "bridge"
PATIENCE_S = 90.0
"""Nothing here takes a tenth of it, but several stacks may share two cores."""


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

    async def start(self, *, token: str | None = "", program: tuple[str, ...] = RUN, **more: Any) -> BotProcess:
        """Starts the bot. `token` is the right one unless said otherwise; `None` is none at all."""
        given = self.discord.token if token == "" else token
        bot = await BotProcess.start(self.document(**more), self.folder, self.card.environ(), given, program)
        self.bots.append(bot)
        return bot

    async def close(self) -> None:
        """Whatever happened, no bot runs afterwards; pytest shows what they logged where a test failed."""
        for bot in self.bots:
            await bot.kill()
            print(bot.log)  # noqa: T201

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
        await self.connected()
        return await self.discord.person(who).slash("gpu mode", channel=BRIDGE, mode=mode)

    async def told(self, words: str, timeout_s: float = PATIENCE_S) -> Message:
        """The message in the alert channel that says this, now or later."""
        return await self.discord.message(ALERTS, where=lambda message: words in text_of(message), timeout=timeout_s)

    async def connected(self) -> None:
        """Returns once a bot is there and can be asked."""
        await self.discord.wait_for(
            lambda _: bool(self.discord.commands()) and self.discord.bot_online, timeout=PATIENCE_S
        )

    async def shows(self, message: Message, words: str, timeout_s: float = PATIENCE_S) -> str:
        """Waits until a message says this; all it says then."""
        return await until_text(self.discord, message, words, timeout_s)

    async def last_words(self, bot: BotProcess) -> list[dict[str, Any]]:
        """Ends the bot, so that everything it knows is on its disk; the journal then, the oldest switch first."""
        assert await bot.stop(timeout_s=PATIENCE_S) == 0, bot.log
        assert "Traceback" not in bot.log, bot.log
        return self.journal()

    def kept(self, collection: str) -> list[dict[str, Any]]:
        """What the bot has on its disk, by key."""
        database = self.folder / "data" / "bd1.sqlite3"
        with closing(sqlite3.connect(database)) as connection:
            query = "SELECT value FROM document WHERE collection = ? ORDER BY key"
            return [json.loads(value) for (value,) in connection.execute(query, (collection,))]

    def journal(self) -> list[dict[str, Any]]:
        """The switches on disk, the oldest first."""
        return self.kept("switches")


def two_operators() -> Seed:
    """The Alliance Fleet with a second operator, Lando."""
    seed = default_seed()
    lando = SeedPerson(user=User(id=GUILD_ID + 104, name="Lando"), role_ids=(OPERATOR_ROLE_ID, CREW_ROLE_ID))
    return replace(seed, people=(*seed.people, lando))


class Scenes:
    """Makes stacks that stand side by side, each with a Discord of its own."""

    def __init__(self, folder: Path, engine: StandinEngine) -> None:
        self._folder = folder
        self._engine = engine
        self._made: list[Stack] = []

    async def make(
        self, name: str, *, ollama: Environment | None = None, comfyui: Environment | None = None, **settings: Any
    ) -> Stack:
        """One more stack in a folder of this name; nothing of it runs yet but its Discord."""
        folder = self._folder / name
        folder.mkdir()
        discord = LoopbackDiscord(two_operators())
        await discord.start()
        made = Stack.of(folder, discord, self._engine, ollama=ollama, comfyui=comfyui, **settings)
        self._made.append(made)
        return made

    async def close(self) -> None:
        """Ends all their bots and Discords."""
        for made in self._made:
            await made.close()
            await made.discord.close()


def step(entry: dict[str, Any], key: str) -> dict[str, Any]:
    """A step of a switch as the journal has it."""
    found: dict[str, Any] = next(it for it in entry["steps"] if it["key"] == key)
    return found


def state_of(standin: Standin) -> dict[str, Any]:
    """What Docker says of a container now."""
    standin.container.reload()
    found: dict[str, Any] = standin.container.attrs["State"]
    return found


def moment_s(text: str) -> float:
    """One of Docker's times, in seconds."""
    return datetime.fromisoformat(text).timestamp()
