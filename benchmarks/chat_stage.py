"""What the benchmark of chat plays on: a slow Discord, a stand-in Ollama that keeps a pace, and a watch over both.

It measures; it prints and judges nothing.
"""

import asyncio
import os
import re
import sys
from collections.abc import AsyncGenerator, AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from itertools import pairwise
from pathlib import Path
from typing import Any

from bd1.adapters.clock import SystemClock
from bd1.sim.discord.events import Event, MessageCreated, MessageEdited, RequestMade
from bd1.sim.discord.model import Channel, Message, User
from bd1.sim.discord.seed import CREW_ROLE_ID, GUILD_ID, Seed, SeedPerson, default_seed
from bd1.sim.discord.server import LoopbackDiscord
from bd1.sim.discord.settings import EDIT, Limit, ServerSettings
from bd1.sim.ollama.memory import FreeMemory
from bd1.sim.ollama.runners import Limits
from bd1.sim.ollama.server import OllamaServer

HERE = Path(__file__).parent
CHANNELS = 50
REST_DELAY_S, WATCH_S = 0.08, 0.01
FOREVER = 10**9
_STREAM = re.compile(r"stream (\d+) of (\d+) tokens at ([\d.]+)")
_TOKEN = re.compile(r"s(\d+)t(\d+)\b")


def stage_seed() -> Seed:
    """The usual people and one for each stream, in a guild with a channel for each."""
    seed = default_seed()
    channels = tuple(
        Channel(id=GUILD_ID + 1000 + number, name=f"talk-{number}", guild_id=GUILD_ID, position=10 + number)
        for number in range(CHANNELS)
    )
    people = tuple(
        SeedPerson(user=User(id=GUILD_ID + 2000 + number, name=f"Asker{number}"), role_ids=(CREW_ROLE_ID,))
        for number in range(CHANNELS)
    )
    return replace(seed, channels=(*seed.channels, *channels), people=(*seed.people, *people))


@dataclass(slots=True)
class Stream:
    """One answer: when the model said each token, and when so many of them could be read on Discord."""

    number: int
    tokens: int
    said_s: list[float] = field(default_factory=list)
    shown: list[tuple[float, int]] = field(default_factory=list)
    is_over: asyncio.Event = field(default_factory=asyncio.Event)

    def see(self, count: int, now: float) -> None:
        """So many tokens can be read now."""
        if count > (self.shown[-1][1] if self.shown else 0):
            self.shown.append((now, count))
        if count >= self.tokens:
            self.is_over.set()

    @property
    def first_lag_s(self) -> float:
        """From the model's first token to the first that can be read."""
        return self.shown[0][0] - self.said_s[0]

    @property
    def final_lag_s(self) -> float:
        """From the model's last token to the whole answer."""
        return self.shown[-1][0] - self.said_s[-1]

    @property
    def freeze_s(self) -> float:
        """The longest time without a new word, once there was one."""
        times = [time_s for time_s, _ in self.shown]
        return max((after - before for before, after in pairwise(times)), default=0.0)


class PacedBrain:
    """Says "s3t0 s3t1 ..." at the pace that the question asks for, and writes down when."""

    def __init__(self) -> None:
        self.streams: dict[int, Stream] = {}

    async def answer(self, model: str, messages: Sequence[Mapping[str, Any]]) -> AsyncGenerator[str, None]:
        del model
        asked = _STREAM.findall(str(messages[-1]["content"]))[-1]
        stream, pause_s = self.streams[int(asked[0])], 1 / float(asked[2])
        loop = asyncio.get_running_loop()
        due_s = loop.time()
        for number in range(int(asked[1])):
            due_s += pause_s
            await asyncio.sleep(max(due_s - loop.time(), 0))
            stream.said_s.append(loop.time())
            yield f"s{stream.number}t{number} " + ("\n\n" if number % 60 == 59 else "")


class Stage:
    """A bot in a process of its own, and everything it talks to."""

    def __init__(self, discord: LoopbackDiscord, brain: PacedBrain, pid: int) -> None:
        self.discord = discord
        self.pid = pid
        self.refused = 0
        self.stalled_s = 0.0
        """The longest time that this process could not run; set it to 0 to begin anew."""
        self._brain = brain
        self._in_channel: dict[int, dict[int, list[int]]] = {}
        self._count = 0
        discord.log.listen(self._see)

    def _see(self, event: Event) -> None:
        if isinstance(event, RequestMade):
            self.refused += event.exchange.status == 429
        elif isinstance(event, MessageCreated | MessageEdited) and event.message.author_id == self.discord.bot.id:
            self._look_at(event.message)

    def _look_at(self, message: Message) -> None:
        now = asyncio.get_running_loop().time()
        found = [(int(number), int(token)) for number, token in _TOKEN.findall(message.content)]
        for number in {number for number, _ in found}:
            stream = self._brain.streams[number]
            parts = self._in_channel.setdefault(number, {})
            parts[message.id] = [token for of, token in found if of == number]
            stream.see(max(max(tokens, default=-1) for tokens in parts.values()) + 1, now)

    async def watch_the_machine(self) -> None:
        """Sees how long this process cannot run, for ever."""
        loop = asyncio.get_running_loop()
        while True:
            slept_s = loop.time()
            await asyncio.sleep(WATCH_S)
            self.stalled_s = max(self.stalled_s, loop.time() - slept_s - WATCH_S)

    async def ask(self, channel: int, tokens: int, tokens_per_s: float) -> Stream:
        """A question in a channel; its stream, which may be waited for."""
        self._count += 1
        stream = self._brain.streams[self._count] = Stream(self._count, tokens)
        text = f"<@{self.discord.bot.id}> stream {stream.number} of {tokens} tokens at {tokens_per_s}"
        await self.discord.person(f"Asker{self._count % CHANNELS}").say(f"talk-{channel}", text)
        return stream

    def is_whole(self, stream: Stream) -> bool:
        """Whether every token can be read, once and in order."""
        read = [token for _, tokens in sorted(self._in_channel[stream.number].items()) for token in tokens]
        return read == list(range(stream.tokens))

    def edits(self, stream: Stream) -> int:
        """How many requests showed it."""
        return len(stream.shown)

    @property
    def cpu_s(self) -> float:
        """Processor time that the bot has used."""
        fields = Path(f"/proc/{self.pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    @property
    def rss_mib(self) -> float:
        """Memory that the bot holds."""
        lines = Path(f"/proc/{self.pid}/status").read_text(encoding="ascii").splitlines()
        return next(int(line.split()[1]) for line in lines if line.startswith("VmRSS")) / 1024


@asynccontextmanager
async def open_stage(kind: str, folder: Path, edits: Limit | None = None) -> AsyncIterator[Stage]:
    """The bot of this kind, connected and ready; `edits` are allowed in each channel."""
    settings = ServerSettings()
    if edits is not None:
        settings = replace(settings, route_limits={**settings.route_limits, EDIT: edits})
    brain = PacedBrain()
    model = OllamaServer(brain, FreeMemory(), clock=SystemClock(), limits=Limits(parallel=CHANNELS))
    await model.start()
    async with LoopbackDiscord(stage_seed(), settings) as discord:
        arguments = (kind, discord.api_base, discord.gateway_url, model.url, str(folder))
        process = await asyncio.create_subprocess_exec(
            sys.executable,
            *("-m", "benchmarks.chat_bots", *arguments),
            cwd=HERE.parent,
            stdout=asyncio.subprocess.PIPE,
        )
        try:
            if process.stdout:
                await asyncio.wait_for(process.stdout.readline(), 60)  # it says that it is ready
            await discord.wait_for(lambda _: discord.bot_online, timeout=60)
            discord.faults.slow_requests(times=FOREVER, delay_s=REST_DELAY_S)
            stage = Stage(discord, brain, process.pid)
            watching = asyncio.create_task(stage.watch_the_machine())
            yield stage
            watching.cancel()
        finally:
            process.kill()
            await process.wait()
            await model.close()
