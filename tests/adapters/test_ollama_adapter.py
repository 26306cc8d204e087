"""The adapter for Ollama against a simulated server with real faults, and against bytes no Ollama would send."""

import asyncio
import json
import subprocess
import sys
from base64 import b64encode
from collections.abc import AsyncGenerator, AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bd1.adapters._ollama_trouble import LONGEST_QUOTE, plain_words
from bd1.adapters.clock import SystemClock
from bd1.adapters.ollama import OllamaChat
from bd1.core.tools import TOOLS, ToolCall
from bd1.errors import Bd1Error, ChatBusy, ChatRefused, ChatUnavailable, ModelMissing, ToolsRefused
from bd1.ports import ChatChunk, ChatTurn
from bd1.sim.ollama.memory import FreeMemory
from bd1.sim.ollama.server import OllamaServer

BOUND_S = 20.0
MODEL = "llama3:8b"
WORDS = ("One", " two", " three", " four", " five", " six", " seven", " eight", " nine", " ten", " eleven", " twelve")
HI = (ChatTurn("system", "Be brief."), ChatTurn("user", "Hi"))
MIB = 1024 * 1024


@dataclass
class GatedBrain:
    """Says `WORDS`; with a gate it waits there after the first one."""

    gate: asyncio.Event | None = None
    spoke: asyncio.Event = field(default_factory=asyncio.Event)
    heard: list[Sequence[Mapping[str, Any]]] = field(default_factory=list)

    async def answer(self, model: str, messages: Sequence[Mapping[str, Any]]) -> AsyncGenerator[str, None]:
        del model
        self.heard.append(messages)
        for word in WORDS:
            yield word
            self.spoke.set()
            if self.gate is not None:
                await self.gate.wait()


class SmallMemory(FreeMemory):
    """Room for nothing."""

    async def load(self, model: str, mib: int) -> None:
        raise MemoryError(model, mib)


@pytest.fixture
def brain() -> GatedBrain:
    return GatedBrain()


@pytest.fixture
async def server(brain: GatedBrain) -> AsyncIterator[OllamaServer]:
    ollama = OllamaServer(brain, FreeMemory(), clock=SystemClock())
    await ollama.start()
    yield ollama
    await ollama.close()


@pytest.fixture
async def chat(server: OllamaServer) -> AsyncIterator[OllamaChat]:
    adapter = OllamaChat(server.url, load_stall_s=BOUND_S, stall_s=BOUND_S)
    yield adapter
    await adapter.close()


@pytest.fixture
async def hasty(server: OllamaServer) -> AsyncIterator[OllamaChat]:
    """With little patience: half a second of silence is enough."""
    adapter = OllamaChat(server.url, load_stall_s=0.5, stall_s=0.5)
    yield adapter
    await adapter.close()


async def collect(adapter: OllamaChat, model: str = MODEL, into: list[ChatChunk] | None = None) -> list[ChatChunk]:
    chunks = [] if into is None else into
    async with asyncio.timeout(BOUND_S):
        async for chunk in adapter.chat(model, HI, num_ctx=4096, max_tokens=100):
            chunks.append(chunk)
    return chunks


def text_in(chunks: Sequence[ChatChunk]) -> str:
    """The text of these chunks; what comes close together may come as one."""
    return "".join(chunk.text for chunk in chunks)


@asynccontextmanager
async def raw_server(*pieces: bytes) -> AsyncGenerator[str, None]:
    """A server that answers every connection with these pieces, one write each, and hangs up."""

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        for piece in pieces:
            writer.write(piece)
            await writer.drain()
            await asyncio.sleep(0)
        writer.close()

    listener = await asyncio.start_server(serve, "127.0.0.1", 0)
    try:
        yield f"http://127.0.0.1:{listener.sockets[0].getsockname()[1]}"
    finally:
        listener.close()
        await listener.wait_closed()


def http(status: str, body: bytes, content_type: str = "application/json") -> bytes:
    return f"HTTP/1.1 {status}\r\nContent-Type: {content_type}\r\nConnection: close\r\n\r\n".encode() + body


async def trouble_with(*pieces: bytes) -> Bd1Error:
    async with raw_server(*pieces) as url:
        adapter = OllamaChat(url, load_stall_s=BOUND_S, stall_s=BOUND_S)
        with pytest.raises(Bd1Error) as caught:
            await collect(adapter)
        await adapter.close()
    return caught.value


async def test_an_answer_arrives_piece_by_piece_and_ends_with_its_figures(chat: OllamaChat, brain: GatedBrain) -> None:
    chunks = await collect(chat)
    assert text_in(chunks) == "".join(WORDS)
    last = chunks[-1]
    assert (last.done, last.done_reason, last.answer_tokens) == (True, "stop", len(WORDS))
    assert (last.prompt_tokens or 0) > 0
    assert (last.tokens_per_s or 0) > 0
    assert brain.heard == [({"role": "system", "content": "Be brief."}, {"role": "user", "content": "Hi"})]


async def test_pictures_reach_a_model_that_sees_and_are_refused_by_one_that_does_not(
    chat: OllamaChat, brain: GatedBrain
) -> None:
    turns = (ChatTurn("user", "What is it?", (b"\xff\xd8 a picture", b"another")),)
    assert [chunk async for chunk in chat.chat("llava:7b", turns, num_ctx=2048, max_tokens=3)]
    assert brain.heard[-1][0]["images"] == [b64encode(image).decode() for image in turns[0].images]
    with pytest.raises(ChatRefused, match="does not support multimodal"):
        await anext(chat.chat(MODEL, turns, num_ctx=2048, max_tokens=3))


async def test_a_model_asks_for_facts_and_goes_on_with_what_it_is_told(chat: OllamaChat, brain: GatedBrain) -> None:
    asked = (ChatTurn("user", "How is the card?"),)
    limits = {"num_ctx": 2048, "max_tokens": 100}
    chunks = [chunk async for chunk in chat.chat(MODEL, asked, tools=TOOLS, **limits)]
    assert [chunk.calls for chunk in chunks] == [(ToolCall("gpu_status", {}),), ()]
    assert (chunks[-1].done, chunks[-1].done_reason, brain.heard) == (True, "stop", [])
    told = (ChatTurn("assistant", "", calls=chunks[0].calls), ChatTurn("tool", "It is fine.", tool="gpu_status"))
    chunks = [chunk async for chunk in chat.chat(MODEL, (*asked, *told), tools=TOOLS, **limits)]
    assert text_in(chunks) == "".join(WORDS)
    assert brain.heard[-1][1:] == (
        {"role": "assistant", "tool_calls": [{"function": {"name": "gpu_status", "arguments": {}}}]},
        {"role": "tool", "content": "It is fine.", "tool_name": "gpu_status"},
    )


async def test_a_count_goes_both_ways_and_other_questions_ask_for_nothing(chat: OllamaChat) -> None:
    asked = (ChatTurn("user", "Were there incidents?"),)
    first = await anext(chat.chat(MODEL, asked, num_ctx=2048, max_tokens=9, tools=TOOLS))
    assert first.calls == (ToolCall("recent_incidents", {"count": 1}),)
    first = await anext(chat.chat(MODEL, HI, num_ctx=2048, max_tokens=9, tools=TOOLS))
    assert first.calls == ()
    assert "".join(WORDS).startswith(first.text)


async def test_a_model_without_tools_refuses_them_with_an_error_of_its_own(chat: OllamaChat) -> None:
    with pytest.raises(ToolsRefused, match="cannot ask for facts"):
        await anext(chat.chat("llava:7b", HI, num_ctx=2048, max_tokens=9, tools=TOOLS))


async def test_a_thousand_calls_in_one_line_arrive_as_they_are() -> None:
    call = {"function": {"name": "switch", "arguments": {"mode": "image"}}}
    line = {"message": {"role": "assistant", "content": "", "tool_calls": [call] * 1000}, "done": True}
    async with raw_server(http("200 OK", json.dumps(line).encode() + b"\n", "application/x-ndjson")) as url:
        adapter = OllamaChat(url, load_stall_s=BOUND_S, stall_s=BOUND_S)
        (chunk,) = await collect(adapter)
        await adapter.close()
    assert chunk.calls == (ToolCall("switch", {"mode": "image"}),) * 1000


async def test_the_limit_of_tokens_and_the_context_length_reach_the_server(chat: OllamaChat) -> None:
    chunks = [chunk async for chunk in chat.chat(MODEL, HI, num_ctx=2048, max_tokens=3)]
    assert ("".join(chunk.text for chunk in chunks), chunks[-1].done_reason) == ("One two three", "length")
    assert [model.context_length for model in await chat.loaded()] == [2048]


async def test_thinking_is_kept_apart_from_the_answer(chat: OllamaChat) -> None:
    chunks = await collect(chat, "qwen3:4b")
    assert "".join(chunk.text for chunk in chunks) == "".join(WORDS)
    assert "simulated" in "".join(chunk.thinking for chunk in chunks)
    assert not any(chunk.text and chunk.thinking for chunk in chunks)


async def test_a_missing_model_is_named_with_the_command_that_fetches_it(chat: OllamaChat) -> None:
    with pytest.raises(ModelMissing, match="`ollama pull nope:7b`"):
        await collect(chat, "nope:7b")
    with pytest.raises(ModelMissing, match="`ollama pull nope:7b`"):
        await chat.details("nope:7b")
    with pytest.raises(ModelMissing, match="`ollama pull nope:7b`"):
        await chat.load("nope:7b", num_ctx=2048)


@pytest.mark.parametrize(
    ("switch", "value", "error", "words", "heard"),
    [
        ("status", 500, ChatRefused, "simulated failure", 0),
        ("status", 503, ChatBusy, "its queue is full", 0),
        ("status", 404, ModelMissing, "ollama pull llama3:8b", 0),
        ("error_after", 3, ChatRefused, "broke off in the middle", 3),
        ("ends_after", 3, ChatRefused, "ended before it was complete", 3),
        ("garbage_after", 3, ChatUnavailable, "does not speak like Ollama", 3),
        ("cut_after", 3, ChatUnavailable, "broke", 3),
        ("cut_after", 0, ChatUnavailable, "broke", 0),
        ("ends_after", 0, ChatRefused, "ended before it was complete", 0),
        ("error_after", 0, ChatRefused, "broke off in the middle", 0),
        ("hangs", True, ChatUnavailable, "no answer within 0.5 s", 0),
        ("stalls_after", 0, ChatUnavailable, "no answer within 0.5 s", 0),
        ("stalls_after", 3, ChatUnavailable, "silent for 0.5 s in the middle", 3),
    ],
)
async def test_each_fault_is_told_in_a_sentence_after_what_had_come(
    server: OllamaServer, hasty: OllamaChat, switch: str, value: object, error: type[Bd1Error], words: str, heard: int
) -> None:
    assert await collect(hasty)  # loaded and connected: what follows is the fault alone
    setattr(server.faults, switch, value)
    chunks: list[ChatChunk] = []
    with pytest.raises(Bd1Error, match=words) as caught:
        await collect(hasty, into=chunks)
    assert type(caught.value) is error
    assert text_in(chunks) == "".join(WORDS[:heard])
    server.faults.clear()
    assert text_in(await collect(hasty)) == "".join(WORDS)


async def test_the_caller_may_say_that_the_first_word_comes_sooner_than_a_load_may_take(
    chat: OllamaChat, server: OllamaServer
) -> None:
    server.faults.hangs = True
    chunks = chat.chat(MODEL, HI, num_ctx=4096, max_tokens=100, first_s=0.3)
    with pytest.raises(ChatUnavailable, match=r"no answer within 0.3 s. It may be busy for somebody else: try again"):
        await anext(chunks)


async def test_an_answer_may_take_longer_than_the_stall_limit_while_it_moves(
    server: OllamaServer, hasty: OllamaChat
) -> None:
    server.faults.tokens_per_s = 16.0
    loop = asyncio.get_running_loop()
    began_s = loop.time()
    assert text_in(await collect(hasty)) == "".join(WORDS)
    assert loop.time() - began_s > 0.5


async def test_a_server_that_is_down_is_unavailable_until_it_is_back(server: OllamaServer, chat: OllamaChat) -> None:
    assert (await chat.version()).endswith("simulated")
    await server.go_down()
    calls: list[Callable[[], Awaitable[object]]] = [chat.version, chat.loaded, chat.installed, lambda: collect(chat)]
    for call in calls:
        with pytest.raises(ChatUnavailable, match="cannot be reached"):
            await call()
    await server.come_back()
    assert text_in(await collect(chat)) == "".join(WORDS)


async def test_a_server_that_dies_under_an_answer_is_unavailable(
    server: OllamaServer, chat: OllamaChat, brain: GatedBrain
) -> None:
    brain.gate = asyncio.Event()
    chunks: list[ChatChunk] = []
    answer = asyncio.create_task(collect(chat, into=chunks))
    await asyncio.wait_for(brain.spoke.wait(), BOUND_S)
    await server.go_down()
    with pytest.raises(ChatUnavailable, match="broke"):
        await answer
    assert text_in(chunks) == "One"


async def test_closing_an_answer_early_frees_the_only_slot(chat: OllamaChat, brain: GatedBrain) -> None:
    brain.gate = asyncio.Event()
    first = chat.chat(MODEL, HI, num_ctx=4096, max_tokens=100)
    assert (await anext(first)).text == "One"
    await first.aclose()
    second = chat.chat(MODEL, HI, num_ctx=4096, max_tokens=100)
    assert (await asyncio.wait_for(anext(second), BOUND_S)).text == "One"
    await second.aclose()


async def test_cancelling_a_waiting_reader_frees_the_only_slot(chat: OllamaChat, brain: GatedBrain) -> None:
    brain.gate = asyncio.Event()
    reader = asyncio.create_task(collect(chat))
    await asyncio.wait_for(brain.spoke.wait(), BOUND_S)
    reader.cancel()
    with pytest.raises(asyncio.CancelledError):
        await reader
    brain.gate = None
    assert text_in(await collect(chat)) == "".join(WORDS)


async def test_an_unload_is_no_proof_while_an_answer_runs(chat: OllamaChat, brain: GatedBrain) -> None:
    brain.gate = asyncio.Event()
    answer = asyncio.create_task(collect(chat))
    await asyncio.wait_for(brain.spoke.wait(), BOUND_S)
    await chat.unload(MODEL)
    assert [model.name for model in await chat.loaded()] == [MODEL]
    brain.gate.set()
    assert text_in(await answer) == "".join(WORDS)
    assert await chat.loaded() == ()


async def test_load_and_unload_show_in_what_is_loaded(chat: OllamaChat) -> None:
    await chat.load(MODEL, num_ctx=8192)
    (model,) = await chat.loaded()
    assert (model.name, model.vram_mib, model.context_length) == (MODEL, 6030, 8192)
    assert model.expires_at is not None
    assert 290 < (model.expires_at - SystemClock().now()).total_seconds() <= 300
    await chat.unload(MODEL)
    assert await chat.loaded() == ()
    await chat.unload(MODEL)
    assert await chat.loaded() == ()


async def test_a_model_kept_for_ever_has_no_expiry() -> None:
    running = {"name": "a:1", "size": 5, "size_vram": MIB + 1, "expires_at": "2319-03-05T07:48:21.53653134Z"}
    async with raw_server(http("200 OK", json.dumps({"models": [running]}).encode())) as url:
        adapter = OllamaChat(url, load_stall_s=BOUND_S, stall_s=BOUND_S)
        (model,) = await adapter.loaded()
        await adapter.close()
    assert (model.expires_at, model.vram_mib, model.context_length) == (None, 2, None)


async def test_what_is_installed_is_listed_with_size_and_quantisation(chat: OllamaChat) -> None:
    first = (await chat.installed())[0]
    assert (first.name, first.size_mib, first.parameter_size, first.quantization) == (MODEL, 4446, "8.0B", "Q4_0")
    seen = await chat.details("llava:7b")
    assert (seen.abilities, seen.context, seen.cache_bytes) == (("completion", "vision"), 32_768, 2 * 32 * 8 * 128 * 2)


async def test_a_model_that_does_not_fit_is_refused_in_the_servers_words() -> None:
    server = OllamaServer(GatedBrain(), SmallMemory(), clock=SystemClock())
    await server.start()
    adapter = OllamaChat(server.url, load_stall_s=BOUND_S, stall_s=BOUND_S)
    with pytest.raises(ChatRefused, match="out of memory"):
        await adapter.load(MODEL, num_ctx=4096)
    await adapter.close()
    await server.close()


async def test_the_environment_cannot_move_the_requests_elsewhere(
    server: OllamaServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("http_proxy", "HTTP_PROXY", "ALL_PROXY", "all_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    monkeypatch.setenv("OLLAMA_HOST", "http://127.0.0.1:9")
    adapter = OllamaChat(server.url, load_stall_s=BOUND_S, stall_s=BOUND_S)
    assert text_in(await collect(adapter)) == "".join(WORDS)
    assert (await adapter.version()).endswith("simulated")
    await adapter.close()


async def test_a_closed_adapter_opens_again_when_it_is_asked(chat: OllamaChat) -> None:
    assert await chat.version()
    await chat.close()
    await chat.close()
    assert await chat.version()


NESTED = json.dumps({"error": json.dumps({"error": {"code": 400, "message": "request (2010 tokens) is too long"}})})


@pytest.mark.parametrize(
    ("answer", "error", "words"),
    [
        (http("400 Bad Request", NESTED.encode()), ChatRefused, "(request (2010 tokens) is too long)"),
        (http("200 OK", NESTED.encode() + b"\n"), ChatRefused, "too long"),
        (http("500 Oops", b'{"error":"a.\\n\\tb"}'), ChatRefused, "(a. b)"),
        (http("501 No", b'{"error":"no embeddings"}'), ChatRefused, "no embeddings"),
        (http("403 Forbidden", b""), ChatRefused, "OLLAMA_HOST"),
        (http("403 Forbidden", b'{"error":"cloud is disabled"}'), ChatRefused, "cloud is disabled"),
        (http("503 Busy", b'{"error":"server busy, please try again.  maximum"}'), ChatBusy, "queue is full"),
        (http("503 Away", b"<html>Bad</html>", "text/html"), ChatUnavailable, "cannot be reached"),
        (http("502 Bad Gateway", b""), ChatUnavailable, "cannot be reached"),
        (http("404 Not Found", b"404 page not found", "text/plain"), ChatUnavailable, "HTTP 404"),
        (http("405 No", b"405 method not allowed", "text/plain"), ChatUnavailable, "HTTP 405"),
        (http("302 Found\r\nLocation: /login", b""), ChatUnavailable, "HTTP 302"),
        (http("200 OK", b"<html>\n<p>Welcome</p></html>", "text/html"), ChatUnavailable, "speak like Ollama"),
        (http("200 OK", b"[1, 2]\n"), ChatUnavailable, "speak like Ollama"),
        (http("200 OK", b'{"message": 5}\n'), ChatUnavailable, "speak like Ollama"),
        (http("500 Oops", b"[1]"), ChatUnavailable, "speak like Ollama"),
        (http("200 OK", b""), ChatRefused, "ended before"),
        (b"SSH-2.0-OpenSSH_9.6\r\n", ChatUnavailable, "broke"),
        (b"", ChatUnavailable, "broke"),
    ],
)
async def test_whatever_answers_is_told_in_a_sentence(answer: bytes, error: type[Bd1Error], words: str) -> None:
    caught = await trouble_with(answer)
    assert type(caught) is error
    assert words in str(caught)
    assert "\n" not in str(caught)
    assert str(caught).endswith(".")


async def test_an_address_that_cannot_be_one_is_unavailable() -> None:
    for url in ("http://127.0.0.1:99999", "ftp://127.0.0.1:21", "http://[::1:80"):
        adapter = OllamaChat(url, load_stall_s=1.0, stall_s=1.0)
        with pytest.raises(ChatUnavailable, match=r"config\.yaml"):
            await adapter.version()
        await adapter.close()


def answer_lines(words: Sequence[str]) -> bytes:
    lines = [{"message": {"role": "assistant", "content": word}, "done": False} for word in words]
    last = {"message": {"role": "assistant", "content": ""}, "done": True, "done_reason": "stop"}
    return "".join(json.dumps(line, ensure_ascii=False) + "\n" for line in [*lines, last]).encode()


async def text_of(pieces: Sequence[bytes]) -> str:
    async with raw_server(http("200 OK", b"", "application/x-ndjson"), *pieces) as url:
        adapter = OllamaChat(url, load_stall_s=BOUND_S, stall_s=BOUND_S)
        chunks = await collect(adapter)
        await adapter.close()
    return text_in(chunks)


async def test_what_comes_together_is_told_together_and_nothing_waits_for_more() -> None:
    body = answer_lines(("One", " two", " three"))
    async with raw_server(http("200 OK", body, "application/x-ndjson")) as url:
        adapter = OllamaChat(url, load_stall_s=BOUND_S, stall_s=BOUND_S)
        first, last = await collect(adapter)
        await adapter.close()
    assert (first.text, first.done, last.done) == ("One two three", False, True)


async def test_words_before_an_error_in_the_same_piece_are_told() -> None:
    body = answer_lines(("One", " two")).splitlines(keepends=True)[:2]
    chunks: list[ChatChunk] = []
    async with raw_server(http("200 OK", b"".join(body) + b'{"error":"it broke"}\n')) as url:
        adapter = OllamaChat(url, load_stall_s=BOUND_S, stall_s=BOUND_S)
        with pytest.raises(ChatRefused, match="it broke"):
            await collect(adapter, into=chunks)
        await adapter.close()
    assert text_in(chunks) == "One two"


LETTERS = st.characters(codec="utf-8") | st.sampled_from("\x85\u2028\u2029\x1c🦙é\r\n")


@settings(max_examples=60, deadline=None)
@given(
    words=st.lists(st.text(LETTERS, min_size=1, max_size=8), max_size=6),
    cuts=st.lists(st.integers(min_value=0, max_value=900), max_size=12),
)
def test_any_chunking_of_the_bytes_gives_the_same_answer(words: list[str], cuts: list[int]) -> None:
    body = answer_lines(words)
    places = sorted({0, len(body), *(cut for cut in cuts if cut < len(body))})
    pieces = [body[start:end] for start, end in pairwise(places)]
    assert asyncio.run(text_of(pieces)) == "".join(words)


@given(
    words=st.text("abcdefé ", min_size=1, max_size=LONGEST_QUOTE).map(str.strip).filter(bool), depth=st.integers(0, 5)
)
def test_the_innermost_words_of_an_error_are_found_at_any_depth(words: str, depth: int) -> None:
    told = words
    for level in range(depth):
        told = json.dumps({"error": told if level % 2 else {"code": 400, "message": told}})
    assert plain_words(told) == " ".join(words.split())


def test_long_words_are_cut() -> None:
    assert plain_words("x" * 1000) == "x" * (LONGEST_QUOTE - 1) + "…"


def test_the_sdk_is_not_imported_before_the_first_call() -> None:
    code = "import sys, bd1.adapters.ollama; sys.exit('httpx' in sys.modules or 'ollama' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


async def test_a_download_tells_how_far_it_is_and_ends_when_the_model_is_there(chat: OllamaChat) -> None:
    steps = [step async for step in chat.pull("gemma3:1b")]
    assert (steps[0].status, steps[0].total_bytes) == ("pulling manifest", None)
    sizes = [(step.done_bytes, step.total_bytes) for step in steps if step.done_bytes]
    assert sizes == sorted(sizes)
    assert sizes[-1] == (815_319_791, 815_319_791)
    assert steps[-1].status == "success"
    assert "gemma3:1b" in [model.name for model in await chat.installed()]


async def test_a_download_that_fails_says_why(chat: OllamaChat) -> None:
    with pytest.raises(ChatRefused, match=r"nope:7b could not be fetched \(pull model manifest: .*no such host"):
        assert [step async for step in chat.pull("nope:7b")] == []


async def test_a_download_that_is_given_up_is_not_there(chat: OllamaChat) -> None:
    download = chat.pull("llama3.3:70b")
    assert (await anext(download)).status == "pulling manifest"
    await download.aclose()
    assert "llama3.3:70b" not in [model.name for model in await chat.installed()]
