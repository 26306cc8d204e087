"""The simulated Ollama held against recorded exchanges with a real one: status, type, keys, and what words mean."""

import asyncio
import json
import re
from collections.abc import AsyncGenerator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from bd1.adapters.clock import SystemClock
from bd1.sim.ollama.memory import FreeMemory
from bd1.sim.ollama.models import SimModel
from bd1.sim.ollama.runners import Limits
from bd1.sim.ollama.server import OllamaServer

CORPUS = Path(__file__).resolve().parents[3] / "shared" / "ollama" / "corpus.jsonl"
BOUND_S = 20.0

NOT_REPLAYED = {
    "chat_logprobs": "BD-1 never asks for log probabilities",
    "openai_chat": "another protocol (OpenAI's) that BD-1 does not speak",
    "openai_missing": "another protocol (OpenAI's) that BD-1 does not speak",
}
"""Recordings that the stand-in does not claim to answer."""

QUEUE = {
    "q2_warm",
    "queue_other_model_0",
    "queue_other_model_1",
    "queue_other_model_2",
    "queue_other_model_3",
    "queue_other_model_4",
    "queue_busy_holder",
    "queue_full_loaded_model_still_served",
}
CRASH = {"load_smol", "midstream_runner_killed", "ps_after_runner_killed", "chat_after_runner_killed"}
DRAIN = {"unload_while_streaming", "ps_while_draining", "stream_while_unload_asked", "ps_after_drain"}
"""Recordings that overlap in time: each group has a test of its own below."""

KEYS_DIFFER_INSIDE = {
    "model_info": "the keys follow the weights, and the stand-in's are invented",
    "tensors": "the real list has one entry for each of 272 tensors",
    "arguments": "the keys follow the tool that is called",
}
VALUES_THAT_MEAN = frozenset({"model", "name", "role", "done", "done_reason", "error", "status", "context_length"})
"""Fields whose value is compared, everywhere; all others by type (times, counts, digests, sizes, texts)."""


@dataclass(frozen=True)
class Exchange:
    """One request and what came of it. A body that is not JSON is a line as it stands."""

    status: int
    content_type: str
    lines: tuple[Any, ...]


@dataclass
class RecordedBrain:
    """Says what the real model said; `endless` when it was stopped by a limit; holds on at `gate` while it is set."""

    tokens: Sequence[str] = ()
    endless: bool = False
    gate: asyncio.Event | None = None
    spoke: asyncio.Event = field(default_factory=asyncio.Event)

    async def answer(self, model: str, messages: Sequence[Mapping[str, Any]]) -> AsyncGenerator[str, None]:
        del model, messages
        for token in self.tokens:
            yield token
            self.spoke.set()
            if self.gate is not None:
                await self.gate.wait()
        while self.endless:
            yield " more"
            await asyncio.sleep(0)


def smol(name: str, weights: str = "smol", *capabilities: str) -> SimModel:
    return SimModel(
        name=name,
        weights=weights,
        size=98_363_262,
        family="llama",
        parameter_size="134.52M",
        parameter_count=134_515_008,
        quantization="Q4_1",
        trained_ctx=8192,
        layers=30,
        embedding=576,
        heads=9,
        kv_heads=3,
        capabilities=("completion", *capabilities),
    )


INSTALLED = (
    smol("smolthink", "smol", "thinking"),
    smol("smoltool", "smol", "tools"),
    smol("smolb:135m"),
    smol("smollm2b:135m"),
    smol("smollm2:135m"),
)


def load_corpus() -> dict[str, dict[str, Any]]:
    if not CORPUS.is_file():
        return {}
    return {entry["name"]: entry for entry in map(json.loads, CORPUS.read_text(encoding="utf-8").splitlines())}


RECORDED = load_corpus()
OVERLAPPING = QUEUE | CRASH | DRAIN
IN_ORDER = [name for name in RECORDED if name not in OVERLAPPING and name not in NOT_REPLAYED]

pytestmark = pytest.mark.skipif(
    not RECORDED, reason=f"the recordings of a real Ollama are not part of the project: put them at {CORPUS}"
)


def recorded(name: str) -> Exchange:
    entry = RECORDED[name]
    lines = [text for _, text in entry["lines"]] if "lines" in entry else _split(entry["body"] or "")
    return Exchange(entry["status"], entry["content_type"], tuple(_parsed(line) for line in lines))


def _split(body: str) -> list[str]:
    return [body.strip()] if body.strip() else []


def _parsed(line: str) -> Any:
    try:
        return json.loads(line)
    except ValueError:
        return line


async def ask(session: aiohttp.ClientSession, url: str, name: str) -> Exchange:
    entry = RECORDED[name]
    sent = entry["request"]
    body = sent.encode() if isinstance(sent, str) else json.dumps(sent).encode() if sent is not None else None
    async with session.request(entry["method"], url + entry["path"], data=body) as answer:
        text = await answer.text()
        lines = text.splitlines() if "ndjson" in answer.headers.get("Content-Type", "") else _split(text)
        return Exchange(answer.status, answer.headers.get("Content-Type", ""), tuple(map(_parsed, lines)))


def teach(brain: RecordedBrain, name: str) -> None:
    """Lets the brain repeat what the real model answered in this recording."""
    said = [piece for line in recorded(name).lines if isinstance(line, dict) and (piece := _content(line))]
    endless = any(isinstance(line, dict) and line.get("done_reason") == "length" for line in recorded(name).lines)
    brain.tokens = said
    brain.endless = endless


def _content(line: Mapping[str, Any]) -> str:
    return str((line.get("message") or {}).get("content") or line.get("response") or "")


async def replay_in_order() -> dict[str, Exchange]:
    brain = RecordedBrain()
    server = OllamaServer(brain, FreeMemory(), INSTALLED, clock=SystemClock())
    await server.start()
    heard: dict[str, Exchange] = {}
    async with aiohttp.ClientSession() as session:
        # The recordings begin with this model in memory, under this one of its names.
        await session.post(f"{server.url}/api/generate", json={"model": "smolthink"})
        for name in IN_ORDER:
            teach(brain, name)
            heard[name] = await ask(session, server.url, name)
    await server.close()
    return heard


@pytest.fixture(scope="module")
def replayed() -> dict[str, Exchange]:
    return asyncio.run(asyncio.wait_for(replay_in_order(), BOUND_S))


def shape(value: Any, key: str = "") -> Any:
    """What a value looks like: keys, types, and the value itself where it means something."""
    if key in KEYS_DIFFER_INSIDE:
        return type(value).__name__
    if isinstance(value, dict):
        return {name: shape(inner, name) for name, inner in value.items()}
    if isinstance(value, list):
        return sorted({json.dumps(shape(inner), sort_keys=True) for inner in value})
    if key in VALUES_THAT_MEAN and isinstance(value, str | bool | int):
        return _masked(str(value)) if key == "error" else str(value)
    return type(value).__name__


def _masked(text: str) -> str:
    """Counts and addresses depend on the machine; and a missing name server is not part of the words."""
    return re.sub(r"\d+", "#", re.sub(r" on [\d.:]+(?=: no such host)", "", text))


def shapes(exchange: Exchange) -> list[str]:
    """Each different shape once: how many tokens a text has is not part of the protocol."""
    return sorted({json.dumps(shape(line), sort_keys=True) for line in exchange.lines})


def resembles(heard: Exchange, name: str) -> bool:
    assert (heard.status, heard.content_type) == (recorded(name).status, recorded(name).content_type)
    assert shapes(heard) == shapes(recorded(name))
    return True


@pytest.mark.parametrize("name", IN_ORDER)
def test_the_stand_in_answers_like_the_real_server(replayed: dict[str, Exchange], name: str) -> None:
    assert resembles(replayed[name], name)


@pytest.mark.parametrize("name", ["chat_stream_cold", "chat_stream_warm", "generate_stream"])
def test_a_stream_carries_the_text_token_by_token(replayed: dict[str, Exchange], name: str) -> None:
    assert [_content(line) for line in replayed[name].lines] == [_content(line) for line in recorded(name).lines]


@pytest.mark.parametrize("name", ["show", "show_name_field"])
def test_the_keys_a_vram_plan_needs_are_in_model_info(replayed: dict[str, Exchange], name: str) -> None:
    told, real = replayed[name].lines[0]["model_info"], recorded(name).lines[0]["model_info"]
    assert told.keys() - real.keys() == set()
    planned = ("block_count", "context_length", "embedding_length", "attention.head_count", "attention.head_count_kv")
    assert {f"llama.{key}" for key in planned} <= told.keys()


def test_every_recording_is_replayed_or_has_a_reason_why_not() -> None:
    assert set(RECORDED) == set(IN_ORDER) | OVERLAPPING | set(NOT_REPLAYED)


@dataclass
class Stage:
    """A server with one model in memory at most, and a short queue, as in the recordings that overlap."""

    server: OllamaServer
    brain: RecordedBrain
    session: aiohttp.ClientSession

    def ask(self, name: str) -> "asyncio.Task[Exchange]":
        return asyncio.create_task(ask(self.session, self.server.url, name))


@pytest.fixture
async def stage() -> AsyncGenerator[Stage, None]:
    brain = RecordedBrain(tokens=["In", " the", " sleepy"], endless=True)
    models = (*INSTALLED, smol("gemma3:270m", "gemma"))
    limits = Limits(max_loaded=1, max_queue=2)
    server = OllamaServer(brain, FreeMemory(), models, clock=SystemClock(), limits=limits)
    await server.start()
    async with aiohttp.ClientSession() as session:
        yield Stage(server, brain, session)
    await server.close()


async def test_a_full_queue_refuses_other_models_and_still_serves_the_loaded_one(stage: Stage) -> None:
    assert resembles(await stage.ask("q2_warm"), "q2_warm")
    stage.brain.gate = asyncio.Event()
    holder = stage.ask("queue_busy_holder")
    await asyncio.wait_for(stage.brain.spoke.wait(), BOUND_S)
    others = [stage.ask(f"queue_other_model_{number}") for number in range(5)]
    refused: set[asyncio.Task[Exchange]] = set()
    while len(refused) < 2:
        done, _ = await asyncio.wait(set(others) - refused, timeout=BOUND_S, return_when=asyncio.FIRST_COMPLETED)
        refused |= done
    loaded_one = stage.ask("queue_full_loaded_model_still_served")
    await asyncio.sleep(0)
    stage.brain.gate.set()
    assert resembles(await asyncio.wait_for(holder, BOUND_S), "queue_busy_holder")
    assert resembles(await asyncio.wait_for(loaded_one, BOUND_S), "queue_full_loaded_model_still_served")
    for task in refused:
        assert resembles(task.result(), "queue_other_model_3")
    served = [task for task in others if task not in refused]
    for task in served:
        assert resembles(await asyncio.wait_for(task, BOUND_S), "queue_other_model_0")
    assert shapes(recorded("queue_other_model_4")) == shapes(recorded("queue_other_model_3"))
    assert {len(shapes(recorded(f"queue_other_model_{number}"))) for number in (0, 1, 2)} == {2}


async def test_a_runner_that_dies_ends_the_stream_with_an_error_line_and_stays_listed(stage: Stage) -> None:
    assert resembles(await stage.ask("load_smol"), "load_smol")
    stage.server.faults.error_after = 59
    assert resembles(await stage.ask("midstream_runner_killed"), "midstream_runner_killed")
    stage.server.faults.clear()
    assert resembles(await stage.ask("ps_after_runner_killed"), "ps_after_runner_killed")
    assert resembles(await stage.ask("chat_after_runner_killed"), "chat_after_runner_killed")


async def test_an_unload_is_acknowledged_at_once_and_waits_for_the_running_answer(stage: Stage) -> None:
    stage.brain.gate = asyncio.Event()
    stream = stage.ask("stream_while_unload_asked")
    await asyncio.wait_for(stage.brain.spoke.wait(), BOUND_S)
    assert resembles(await stage.ask("unload_while_streaming"), "unload_while_streaming")
    draining = await stage.ask("ps_while_draining")
    assert resembles(draining, "ps_while_draining")
    assert draining.lines[0]["models"][0]["expires_at"] < SystemClock().now().isoformat()
    stage.brain.gate.set()
    assert resembles(await asyncio.wait_for(stream, BOUND_S), "stream_while_unload_asked")
    assert resembles(await stage.ask("ps_after_drain"), "ps_after_drain")
