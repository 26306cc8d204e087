"""The health check against servers that answer, redirect, fail, hang, are something else and are not there."""

import asyncio
import json
from collections.abc import AsyncGenerator, AsyncIterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bd1.adapters._http_wire import LIMIT_S, shown
from bd1.adapters.clock import SystemClock
from bd1.adapters.http_health import HttpHealth
from bd1.core.settings import HEALTH_PATHS, WorkloadKind
from bd1.sim.ollama.memory import FreeMemory
from bd1.sim.ollama.server import OllamaServer
from tests.adapters.answering import Answering, Says, answering

CORPUS = Path(__file__).resolve().parents[3] / "shared" / "ollama" / "corpus.jsonl"

OLLAMA, COMFYUI, OTHER = WorkloadKind.OLLAMA, WorkloadKind.COMFYUI, WorkloadKind.OTHER
WELL = {
    OLLAMA: {"/api/version": Says({"version": "0.33.0"}), "/api/tags": Says({"models": []})},
    COMFYUI: {
        "/system_stats": Says({"system": {}, "devices": []}),
        "/queue": Says({"queue_running": [], "queue_pending": []}),
    },
}
"""What a server of each kind says when all is well."""

QUESTIONS = [(kind, path) for kind, says in WELL.items() for path in says]


@pytest.fixture
async def health() -> AsyncIterator[HttpHealth]:
    check = HttpHealth()
    yield check
    await check.close()


@pytest.fixture
async def server() -> AsyncIterator[Answering]:
    async with answering() as started:
        yield started


async def trouble_with(health: HttpHealth, server: Answering, kind: WorkloadKind) -> str | None:
    return await health.trouble(server.url + HEALTH_PATHS[kind], kind)


@pytest.mark.parametrize("status", [200, 204, 302, 307])
async def test_success_and_redirect_mean_healthy(health: HttpHealth, server: Answering, status: int) -> None:
    server.says["/"] = Says(status=status, headers={"Location": "/500"})
    assert await health.trouble(f"{server.url}/", OTHER) is None


@pytest.mark.parametrize("status", [400, 404, 500, 503])
async def test_an_error_means_unhealthy(health: HttpHealth, server: Answering, status: int) -> None:
    server.says["/"] = Says(status=status)
    told = await health.trouble(f"{server.url}/", OTHER)
    assert told == f"it answers on {server.url}/ with HTTP {status}"


@pytest.mark.parametrize("kind", WorkloadKind)
@pytest.mark.parametrize(
    "away",
    [
        "http://127.0.0.1:9/",
        "http://name.invalid/",
        "nonsense",
        "http://127.0.0.1:99999/",
        "https://127.0.0.1:9",
        "http://[::1:80/",
        "http://127.0.0.1:9/api/version",
        "http://127.0.0.1:9/system_stats",
    ],
)
async def test_a_server_that_is_away_is_told_and_never_raised(
    health: HttpHealth, away: str, kind: WorkloadKind
) -> None:
    told = await health.trouble(away, kind)
    assert told is not None
    assert told.startswith("it does not answer on ")
    assert told.endswith("(no connection)")


async def test_a_server_that_hangs_up_without_a_word_means_unhealthy(health: HttpHealth) -> None:
    async def hang_up(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readline()
        writer.close()

    listener = await asyncio.start_server(hang_up, "127.0.0.1", 0)
    url = f"http://127.0.0.1:{listener.sockets[0].getsockname()[1]}"
    told = await health.trouble(url, COMFYUI)
    assert told == f"it does not answer on {url} (the connection broke)"
    listener.close()
    await listener.wait_closed()


async def test_servers_that_never_answer_are_told_within_the_limit(health: HttpHealth, server: Answering) -> None:
    never = Says(never=True)
    server.says |= {"/": never, "/queue": never} | dict.fromkeys(HEALTH_PATHS.values(), never)
    loop = asyncio.get_running_loop()
    began_s = loop.time()
    other, ollama, comfyui = await asyncio.gather(
        health.trouble(f"{server.url}/", OTHER),
        trouble_with(health, server, OLLAMA),
        trouble_with(health, server, COMFYUI),
    )
    assert loop.time() - began_s < LIMIT_S + 1.0
    assert other == f"it does not answer on {server.url}/ (nothing within 2 s)"
    assert ollama == comfyui == f"it does not answer on {server.url} (nothing within 2 s)"


async def test_a_page_without_an_end_is_healthy_at_once(health: HttpHealth, server: Answering) -> None:
    server.says["/"] = Says(b"data: 1\n\n" * 1000, for_ever=True)
    assert await health.trouble(f"{server.url}/", OTHER) is None


async def test_a_proxy_of_the_environment_is_not_asked(
    health: HttpHealth, server: Answering, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:9")
    server.says |= WELL[OLLAMA]
    assert await trouble_with(health, server, OLLAMA) is None


async def test_a_closed_check_opens_again_when_it_is_asked(health: HttpHealth, server: Answering) -> None:
    server.says |= WELL[OLLAMA]
    assert await trouble_with(health, server, OLLAMA) is None
    await health.close()
    await health.close()
    assert await trouble_with(health, server, OLLAMA) is None


@pytest.mark.parametrize("kind", WELL)
async def test_a_workload_is_asked_what_it_is_there_for_and_nothing_that_loads_a_model(
    health: HttpHealth, server: Answering, kind: WorkloadKind
) -> None:
    server.says |= WELL[kind]
    assert await trouble_with(health, server, kind) is None
    assert sorted(server.heard) == sorted(("GET", path, b"") for path in WELL[kind])


@pytest.mark.parametrize(("kind", "path"), QUESTIONS)
@pytest.mark.parametrize(
    "says",
    [
        Says(b"Ollama is running"),
        Says(b""),
        Says(b"<html></html>"),
        Says([]),
        Says({}),
        Says({"version": 3, "models": None, "devices": "cuda:0", "queue_running": {}, "queue_pending": 2}),
        Says(b"[" * 100_000),
        Says(b"\xff\xfe\x00"),
        Says(b'{"version": "0.33.0", "models": [], "devices": [], "queue_running": [], "queue_pend'),
        Says(status=404),
        Says({"error": "no"}, status=500),
        Says(status=302, headers={"Location": "/login"}),
        Says(b"1," * 32_768, for_ever=True),
    ],
    ids=lambda says: f"{says.status} {says.sent[:12]!r}",
)
async def test_what_cannot_do_its_work_is_told_in_half_a_sentence(
    health: HttpHealth, server: Answering, kind: WorkloadKind, path: str, says: Says
) -> None:
    server.says |= WELL[kind] | {path: says}
    told = await trouble_with(health, server, kind)
    assert told is not None
    assert told.partition(" (")[0] in {
        f"something answers on {server.url}, but no {'Ollama' if kind is OLLAMA else 'ComfyUI'}",
        "its models cannot be listed",
        "its queue cannot be read",
    }
    if says.status != 200:
        assert f"(HTTP {says.status})" in told
    if says.for_ever:
        assert "(more than 8 MiB)" in told


async def test_the_first_trouble_explains_the_others_and_is_told_alone(health: HttpHealth, server: Answering) -> None:
    assert (
        await trouble_with(health, server, COMFYUI) == f"something answers on {server.url}, but no ComfyUI (HTTP 404)"
    )
    server.says["/system_stats"] = WELL[COMFYUI]["/system_stats"]
    assert await trouble_with(health, server, COMFYUI) == "its queue cannot be read (HTTP 404)"


async def test_an_ollama_is_no_comfyui_and_the_other_way_round(health: HttpHealth, server: Answering) -> None:
    server.says |= WELL[OLLAMA]
    assert "but no ComfyUI" in str(await trouble_with(health, server, COMFYUI))
    server.says.clear()
    server.says |= WELL[COMFYUI]
    assert "but no Ollama" in str(await trouble_with(health, server, OLLAMA))


@pytest.mark.parametrize("end", ["", "/"])
async def test_an_address_that_names_only_a_server_is_where_the_api_begins(
    health: HttpHealth, server: Answering, end: str
) -> None:
    server.says |= WELL[COMFYUI]
    assert await health.trouble(server.url + end, COMFYUI) is None
    assert "/queue" in [path for _, path, _ in server.heard]


async def test_an_api_below_a_path_is_asked_there(health: HttpHealth, server: Answering) -> None:
    server.says |= {f"/pictures{path}": says for path, says in WELL[COMFYUI].items()}
    assert await health.trouble(f"{server.url}/pictures/system_stats", COMFYUI) is None


@pytest.mark.parametrize("kind", WELL)
async def test_a_health_address_of_ones_own_is_asked_as_it_stands_and_nothing_else(
    health: HttpHealth, server: Answering, kind: WorkloadKind
) -> None:
    server.says["/health"] = Says(b"ok")
    assert await health.trouble(f"{server.url}/health", kind) is None
    assert server.heard == [("GET", "/health", b"")]


@pytest.mark.parametrize(
    ("address", "seen"),
    [
        ("http://obi:wan@127.0.0.1:8188/queue", "http://127.0.0.1:8188/queue"),
        ("http://127.0.0.1:8188/a@b", "http://127.0.0.1:8188/a@b"),
        ("http://[::1:8188", "its address"),
    ],
)
def test_a_password_in_an_address_is_not_shown(address: str, seen: str) -> None:
    assert shown(address) == seen


@pytest.mark.parametrize("kind", WELL)
async def test_trouble_does_not_tell_the_password_of_the_address(health: HttpHealth, kind: WorkloadKind) -> None:
    told = await health.trouble(f"http://obi:wan@127.0.0.1:9{HEALTH_PATHS[kind]}", kind)
    assert told == "it does not answer on http://127.0.0.1:9 (no connection)"


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(("version", "models", "x")), inner),
    max_leaves=8,
)


@settings(max_examples=40, deadline=None)
@given(version=JSON, tags=JSON)
def test_only_a_version_and_a_list_of_models_make_an_ollama(version: Any, tags: Any) -> None:
    async def asked() -> str | None:
        health = HttpHealth()
        async with answering({"/api/version": Says(version), "/api/tags": Says(tags)}) as server:
            told = await trouble_with(health, server, OLLAMA)
        await health.close()
        return told

    fits = isinstance(version, dict) and isinstance(version.get("version"), str)
    lists = isinstance(tags, dict) and isinstance(tags.get("models"), list)
    assert (asyncio.run(asked()) is None) == (fits and lists)


class Silent:
    async def answer(self, model: str, messages: Sequence[Mapping[str, Any]]) -> AsyncGenerator[str, None]:
        del model, messages
        yield ""


async def test_the_simulated_ollama_is_a_working_one(health: HttpHealth) -> None:
    ollama = OllamaServer(Silent(), FreeMemory(), clock=SystemClock())
    await ollama.start()
    assert await health.trouble(f"{ollama.url}/api/version", OLLAMA) is None
    await ollama.close()


async def test_a_recorded_ollama_is_a_working_one(health: HttpHealth, server: Answering) -> None:
    if not CORPUS.is_file():
        pytest.skip(f"the recordings of a real Ollama are not part of the project: put them at {CORPUS}")
    for entry in map(json.loads, CORPUS.read_text(encoding="utf-8").splitlines()):
        if entry["name"] in {"version", "tags"}:
            server.says[entry["path"]] = Says(entry["body"].encode(), entry["status"])
    assert await trouble_with(health, server, OLLAMA) is None
    assert len(server.heard) == 2
