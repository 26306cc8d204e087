"""What the simulated Ollama says: script, tools and formats, its guard, and a real small model where there is one."""

import asyncio
import importlib.util
import json
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bd1.adapters.clock import SystemClock
from bd1.core.tools import TOOLS, declared
from bd1.sim.clock import FakeClock
from bd1.sim.ollama.brain import BrainFailed, ScriptedBrain, tokens_of
from bd1.sim.ollama.memory import FreeMemory
from bd1.sim.ollama.script import reply_to
from bd1.sim.ollama.server import OllamaServer
from bd1.sim.ollama.smol import FILE_NAME, SMOL_MODEL, SmolBrain

MODEL_FILE = Path(__file__).resolve().parents[2] / "data" / "models" / FILE_NAME
BOUND_S = 60.0


def said(question: str) -> str:
    return reply_to("llama3:8b", [{"role": "system", "content": "code"}, {"role": "user", "content": question}])


@pytest.mark.parametrize("question", ["Hi", "what can you do?", "explain VRAM", "tell me a story", "write code", "42?"])
def test_every_answer_says_that_the_model_is_simulated(question: str) -> None:
    assert "simulated" in said(question)


def test_code_comes_in_a_block_and_a_story_takes_more_than_one_message() -> None:
    assert said("Can you write a Python script?").count("```") == 2
    assert len(said("Tell me a story")) > 2000


@given(st.text(max_size=300))
def test_anything_gets_the_same_answer_twice_and_its_tokens_are_its_text(question: str) -> None:
    answer = said(question)
    assert answer == said(question) != ""
    assert "".join(tokens_of(answer)) == answer


def test_what_no_rule_knows_is_quoted_back() -> None:
    assert "“Is {this} a  test”".replace("  ", " ") in said("Is {this} a  test")


async def test_the_script_keeps_its_pace() -> None:
    clock = FakeClock()
    brain = ScriptedBrain(clock, tokens_per_s=10.0, think_s=2.0)

    async def answer() -> int:
        return len([token async for token in brain.answer("m", [{"role": "user", "content": "hi"}])])

    began_s = clock.monotonic()
    tokens = await clock.run(answer())
    assert clock.monotonic() - began_s == pytest.approx(2.0 + tokens / 10.0)


@pytest.fixture
async def server() -> AsyncIterator[OllamaServer]:
    clock = SystemClock()
    ollama = OllamaServer(ScriptedBrain(clock, None), FreeMemory(), clock=clock)
    await ollama.start()
    yield ollama
    await ollama.close()


async def post(server: OllamaServer, **fields: Any) -> dict[str, Any]:
    body = {"model": "qwen3:4b", "stream": False, "messages": [{"role": "user", "content": "hi"}], **fields}
    async with aiohttp.ClientSession() as session, session.post(f"{server.url}/api/chat", json=body) as answer:
        told: dict[str, Any] = await answer.json()
        return told


async def test_a_tool_is_called_with_arguments_its_schema_allows(server: OllamaServer) -> None:
    parameters = {"type": "object", "properties": {"n": {"type": "integer"}, "unit": {"enum": ["K", "C"]}}}
    asked = [{"role": "user", "content": "How is the weather?"}]
    tools = [{"type": "function", "function": {"name": "weather", "parameters": parameters}}]
    told = await post(server, tools=tools, messages=asked)
    (call,) = told["message"]["tool_calls"]
    assert (call["function"]["name"], call["function"]["arguments"]) == ("weather", {"n": 1, "unit": "K"})


async def test_the_script_tells_what_it_was_told_of_the_card_and_that_it_is_simulated(server: OllamaServer) -> None:
    facts = {"vram_used_mib": 5123, "vram_total_mib": 20475, "vram_used_pct": 25.0, "state": "normal", "mode": "chat"}
    asked = {"role": "user", "content": "How is the card?"}
    tools = [declared(tool) for tool in TOOLS]
    first = await post(server, model="llama3:8b", tools=tools, messages=[asked])
    (call,) = first["message"]["tool_calls"]
    assert (call["function"]["name"], call["function"]["arguments"]) == ("gpu_status", {})
    told = {"role": "tool", "tool_name": "gpu_status", "content": json.dumps(facts)}
    answer = await post(server, model="llama3:8b", tools=tools, messages=[asked, first["message"], told])
    assert "5123 MiB of 20475 MiB of VRAM are in use (25.0 %)" in answer["message"]["content"]
    assert "simulated model" in answer["message"]["content"]


@pytest.mark.parametrize("content", ["That is not known just now.", "[1]", "{}"])
async def test_the_script_tells_other_facts_as_they_are(server: OllamaServer, content: str) -> None:
    answer = await post(server, messages=[{"role": "tool", "content": content}])
    assert f"this is what I was told: {content}" in answer["message"]["content"]


async def test_a_schema_is_kept_and_a_stop_word_ends_the_answer(server: OllamaServer) -> None:
    schema = {"type": "object", "properties": {"ok": {"type": "boolean"}, "all": {"type": "array"}}}
    assert json.loads((await post(server, format=schema))["message"]["content"]) == {"ok": True, "all": []}
    stopped = await post(server, think=False, options={"stop": ["BD-1"]})
    assert (stopped["message"]["content"], stopped["done_reason"]) == ("Hello! I am ", "stop")


async def test_a_name_that_is_not_loopback_is_turned_away_without_a_word(server: OllamaServer) -> None:
    async with aiohttp.ClientSession() as session:
        for host, status in (("ollama.example", 403), ("localhost", 200), ("10.0.0.5", 200), ("gpu.internal", 200)):
            async with session.get(f"{server.url}/", headers={"Host": host}) as answer:
                assert (answer.status, bool(await answer.read())) == (status, status == 200)


async def test_an_installed_model_is_up_to_date_when_it_is_pulled(server: OllamaServer) -> None:
    async with (
        aiohttp.ClientSession() as session,
        session.post(f"{server.url}/api/pull", json={"model": "llama3:8b"}) as answer,
    ):
        lines = (await answer.text()).splitlines()
    assert [json.loads(line)["status"] for line in lines] == ["pulling manifest", "success"]


async def test_a_brain_without_its_file_fails_with_a_sentence(tmp_path: Path) -> None:
    brain = SmolBrain(tmp_path / "none.gguf")
    with pytest.raises(BrainFailed, match=r"make model|extra `llm`"):
        await anext(brain.answer("smollm2:135m", []))
    clock = SystemClock()
    server = OllamaServer(brain, FreeMemory(), (SMOL_MODEL,), clock=clock)
    await server.start()
    assert "error" in await post(server, model="smollm2:135m")
    await server.close()


@pytest.mark.skipif(
    importlib.util.find_spec("xllamacpp") is None or not MODEL_FILE.is_file(),
    reason=f"no real model: install the extra `llm` (xllamacpp) and fetch {MODEL_FILE.name} with `make model`",
)
async def test_a_real_small_model_answers_and_can_be_cut_short() -> None:
    brain = SmolBrain(MODEL_FILE)
    question = [{"role": "user", "content": "Tell me a story about a robot."}]
    async with asyncio.timeout(BOUND_S):
        answer = brain.answer("smollm2:135m", question)
        first = [await anext(answer) for _ in range(5)]
        await answer.aclose()
        again = brain.answer("smollm2:135m", question)
        assert [await anext(again) for _ in range(5)] == first
        await again.aclose()
    brain.close()
