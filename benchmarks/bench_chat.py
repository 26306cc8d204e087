"""How an answer reaches its reader: lag, freezes and cost, beside a plain bot that edits every second and waits for it.

Each REST answer takes 80 ms more, and a channel allows 5 edits in 5 s. usage: bench_chat.py [ROUNDS]
"""

import asyncio
import itertools
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from bd1.sim.discord.settings import Limit
from benchmarks.chat_stage import Stage, Stream, open_stage

ROUNDS = int(sys.argv[1]) if len(sys.argv) > 1 else 6
RATES = (10, 30, 80)
SECONDS_EACH = (7.3, 8.9, 6.1, 9.7, 7.9, 8.3)
"""Lengths that do not fall into step with the edits."""
LONGER_BY, FIFTY_LONGER_BY = 7, 2
MESSAGES = 10_000
IDLE_S = 15.0
HEADINGS = (
    *("bot", "streams", "tokens/s", "first p50 s", "final p50 s", "final p95 s", "freeze p50 s", "freeze max s"),
    *("429", "whole", "machine s"),
)
"""The last column is the longest time that this process itself could not run: the machine's own share in the lags."""


def p95(values: Sequence[float]) -> float:
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(len(ordered) * 0.95))]


def row(*cells: object) -> None:
    print(" | ".join(str(cell).rjust(12) for cell in cells), flush=True)


@dataclass(frozen=True, slots=True)
class Trial:
    """So many streams at a pace, in so many channels."""

    streams: int
    channels: int
    rate: float

    @property
    def words(self) -> str:
        """How a row calls it."""
        return f"{self.streams} in {self.channels}"


async def play(stage: Stage, trial: Trial, seconds: float, longer_by: int = LONGER_BY) -> list[Stream]:
    """One round: all streams at once, to their ends; each is longer by so many tokens than the one before."""
    tokens = int(seconds * trial.rate)
    streams = [
        await stage.ask(number % trial.channels, tokens + number * longer_by, trial.rate)
        for number in range(trial.streams)
    ]
    await asyncio.wait_for(asyncio.gather(*(stream.is_over.wait() for stream in streams)), 180)
    await asyncio.sleep(0.5)
    return streams


async def measure(kind: str, trials: Sequence[Trial], rounds: int, edits: Limit | None = None) -> None:
    with tempfile.TemporaryDirectory() as folder:
        async with open_stage(kind, Path(folder), edits) as stage:
            await play(stage, Trial(1, 1, 30), 1.0)  # the model's client is loaded by the first question
            for trial in trials:
                await report(kind, stage, trial, rounds)


async def report(kind: str, stage: Stage, trial: Trial, rounds: int) -> None:
    refused, stage.stalled_s, streams = stage.refused, 0.0, []
    for seconds in itertools.islice(itertools.cycle(SECONDS_EACH), rounds):
        streams += await play(stage, trial, seconds)
        await asyncio.sleep(2.0)
    finals = [stream.final_lag_s for stream in streams]
    row(
        kind,
        trial.words,
        trial.rate,
        f"{median(stream.first_lag_s for stream in streams):.3f}",
        f"{median(finals):.3f}",
        f"{p95(finals):.3f}",
        f"{median(stream.freeze_s for stream in streams):.2f}",
        f"{max(stream.freeze_s for stream in streams):.2f}",
        stage.refused - refused,
        f"{sum(stage.is_whole(stream) for stream in streams)}/{len(streams)}",
        f"{stage.stalled_s:.2f}",
    )


async def cost(kind: str) -> None:
    """Processor time of a thousand tokens at 30 a second; memory while fifty answers grow, and after many messages."""
    with tempfile.TemporaryDirectory() as folder:
        async with open_stage(kind, Path(folder)) as stage:
            await play(stage, Trial(1, 1, 30), 1.0)
            before_s = stage.cpu_s
            await asyncio.sleep(IDLE_S)
            idle_share = (stage.cpu_s - before_s) / IDLE_S
            before_s, asked_s = stage.cpu_s, time.monotonic()
            stream = await stage.ask(0, 1000, 30)
            await stream.is_over.wait()
            used_s, idle_s = stage.cpu_s - before_s, idle_share * (time.monotonic() - asked_s)
            print(
                f"{kind}: {used_s:.2f} s of processor time for 1000 tokens at 30/s; {idle_s:.2f} s of it also without "
                f"a question (watchdog, gateway, and a played machine for bd1), as {IDLE_S:g} s before it showed",
                flush=True,
            )
            await fifty(kind, stage)
            await many_messages(kind, stage)


async def fifty(kind: str, stage: Stage) -> None:
    """Fifty answers that begin together: first they end one after the other, then all at once."""
    for longer_by, words in ((FIFTY_LONGER_BY, "one end after the other"), (0, "all ends at once")):
        refused, stage.stalled_s = stage.refused, 0.0
        playing = asyncio.create_task(play(stage, Trial(50, 50, 10), 12.0, longer_by))
        await asyncio.sleep(8.0)
        while_streaming = stage.rss_mib
        streams = await playing
        finals = [stream.final_lag_s for stream in streams]
        print(
            f"{kind}: 50 conversations at once, {words}: {sum(map(stage.is_whole, streams))} of 50 whole, "
            f"{stage.refused - refused} 429s, first p95 {p95([stream.first_lag_s for stream in streams]):.2f} s, "
            f"final p50 {median(finals):.2f} s and p95 {p95(finals):.2f} s, "
            f"freeze p50 {median(stream.freeze_s for stream in streams):.2f} s, "
            f"RSS {while_streaming:.1f} MiB meanwhile, machine {stage.stalled_s:.2f} s",
            flush=True,
        )
        await asyncio.sleep(2.0)


async def many_messages(kind: str, stage: Stage) -> None:
    han = stage.discord.person("Han")
    for number in range(MESSAGES):
        await han.say(f"talk-{number % 50}", f"message {number}: nothing for a bot, only people who talk. " * 3)
        if number % 100 == 0:
            await asyncio.sleep(0.02)
    stream = await stage.ask(0, 20, 30)
    await stream.is_over.wait()
    print(f"{kind}: RSS {stage.rss_mib:.1f} MiB after {MESSAGES} messages")


def main() -> None:
    row(*HEADINGS)
    for kind, rounds in (("bd1", ROUNDS), ("plain", max(ROUNDS // 3, 1))):
        trials = [Trial(count, count, rate) for count in (1, 4) for rate in RATES]
        asyncio.run(measure(kind, [*trials, Trial(4, 1, 30)], rounds))
    for edits in (Limit(2, 5.0), Limit(10, 10.0)):
        print(f"with {edits.requests} edits in {edits.window_s:g} s:")
        asyncio.run(measure("bd1", [Trial(1, 1, 30)], max(ROUNDS // 2, 1), edits))
    for kind in ("bd1", "plain"):
        asyncio.run(cost(kind))


if __name__ == "__main__":
    main()
