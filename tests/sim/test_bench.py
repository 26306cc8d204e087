import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from aiohttp import ClientWebSocketResponse, WSMsgType, web
from aiohttp.test_utils import TestClient, TestServer

from bd1.core.settings import RestartPolicy
from bd1.sim.bench import DOWN, BenchStatus, Fact, mount_bench
from bd1.sim.bench_state import BenchLimits, state
from bd1.sim.card import UUID, CardFault
from bd1.sim.clock import FakeClock
from bd1.sim.settings import demo_settings, health_containers
from bd1.sim.troubles import Troubles
from bd1.sim.world import World

BOUND_S = 10.0

Client = TestClient[web.Request, web.Application]


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


@pytest.fixture
def world(clock: FakeClock) -> World:
    return World(clock)


@pytest.fixture
def troubles(world: World) -> Troubles:
    async def broken(_on: bool) -> None:
        raise OSError("the port is taken")

    return Troubles(world, on_ollama_down=broken)


@pytest.fixture
async def client(world: World, troubles: Troubles) -> AsyncIterator[Client]:
    app = web.Application()
    facts = [Fact("Bot", "real", "The very code that runs on the machine."), Fact("Card", "simulated", "Numbers only.")]
    mount_bench(app, world, troubles, lambda: BenchStatus("chat", "warn", switching=True), facts)
    async with TestClient(TestServer(app)) as client:
        yield client


async def hear(socket: ClientWebSocketResponse, op: str) -> dict[str, Any]:
    """The next message of that kind."""
    while True:
        message: dict[str, Any] = await socket.receive_json(timeout=BOUND_S)
        if message["op"] == op:
            return message


async def test_a_browser_gets_the_history_first_and_then_four_states_a_second(
    client: Client, world: World, clock: FakeClock
) -> None:
    await clock.advance(3.0)
    world.machine.start("comfyui")
    await clock.advance(3.0)
    async with client.ws_connect("/bench/socket") as socket:
        history = await socket.receive_json(timeout=BOUND_S)
        times = [(await socket.receive_json(timeout=BOUND_S))["t"]]
        for _ in range(3):
            await clock.advance(0.25)
            times.append((await socket.receive_json(timeout=BOUND_S))["t"])

    assert history["op"] == "history"
    assert history["points"][0] == [0.0, 460]
    assert history["points"][-1] == [6.0, 2860]
    assert times == [6.0, 6.25, 6.5, 6.75]


async def test_the_history_reaches_back_two_minutes_and_no_further(client: Client, clock: FakeClock) -> None:
    await clock.advance(200.0)
    async with client.ws_connect("/bench/socket") as socket:
        points = (await hear(socket, "history"))["points"]

    assert len(points) == 480
    assert points[-1][0] - points[0][0] == pytest.approx(119.75)


async def test_a_state_tells_the_card_the_containers_the_troubles_and_what_bd1_thinks(
    client: Client, world: World, clock: FakeClock
) -> None:
    world.machine.start("ollama")
    world.machine.start("open-webui")
    await clock.run(world.ollama_memory.load("llama3:8b", 4700))
    async with client.ws_connect("/bench/socket") as socket:
        shown = await hear(socket, "state")

    assert shown["tiers"] == {"warn": 80, "alert": 90, "protect": 95}
    assert (shown["total_mib"], shown["used_mib"], shown["reserved_mib"]) == (20475, 5160, 460)
    assert (shown["ceiling_mib"], shown["card"]) == (19451, "ok")
    assert (shown["mode"], shown["tier"], shown["switching"]) == ("chat", "warn", True)
    assert shown["holders"] == [{"label": "ollama: llama3:8b", "mib": 4700}]
    assert shown["containers"][0] == {
        "name": "ollama",
        "state": "running",
        "vram_mib": 4700,
        "restarts": 0,
        "note": "",
    }
    assert [c["state"] for c in shown["containers"]] == ["running", "starting", "created", "created"]
    assert shown["down"] is False
    assert all(set(trouble) == {"id", "label", "hint", "group", "active"} for trouble in shown["troubles"])


async def test_the_bench_sees_the_card_while_the_driver_hangs_and_nothing_when_it_is_lost(
    world: World, troubles: Troubles
) -> None:
    seen: list[tuple[str, int | None]] = []
    for fault in (None, CardFault.HANGS, CardFault.UNKNOWN, CardFault.LOST):
        world.card.fault = fault
        shown = state(world, troubles, BenchStatus("idle", "unknown", switching=False), BenchLimits())
        seen.append((shown["card"], shown["used_mib"]))

    assert seen == [("ok", 460), ("stalled", 460), ("stalled", 460), ("lost", None)]


async def test_what_is_held_always_adds_up_to_what_is_used(world: World, troubles: Troubles, clock: FakeClock) -> None:
    await troubles.set("crash_loop", True)
    notes: set[str] = set()
    labels: set[str] = set()
    for _ in range(60):
        await clock.advance(0.37)
        shown = state(world, troubles, BenchStatus("image", "normal", switching=False), BenchLimits())
        labels |= {holder["label"] for holder in shown["holders"]}
        notes.add(shown["containers"][3]["note"])
        assert 460 + sum(holder["mib"] for holder in shown["holders"]) == shown["used_mib"]

    assert labels == {"comfyui", "on its way back", "held by no process"}
    assert notes == {"will crash in a moment", "crashed, Docker starts it again"}


async def test_who_lives_in_no_container_is_named_among_the_holders(world: World, troubles: Troubles) -> None:
    await troubles.set("foreign", True)
    shown = state(world, troubles, BenchStatus("idle", "normal", switching=False), BenchLimits())
    assert shown["holders"] == [{"label": "supertuxkart, in no container", "mib": 3000}]


async def test_what_is_wrong_with_a_container_is_noted_beside_it(
    world: World, troubles: Troubles, clock: FakeClock
) -> None:
    def note() -> str:
        shown = state(world, troubles, BenchStatus("image", "normal", switching=False), BenchLimits())
        return str(shown["containers"][3]["note"])

    notes = []
    for trouble in ("deaf", "never_ready", "dies_starting"):
        world.machine.start("comfyui")
        await troubles.set(trouble, True)
        notes.append(note())
        await troubles.reset()
    await troubles.set("deaf", True)
    world.machine.stop("comfyui", 10.0)
    notes.append(note())
    await clock.advance(11.0)
    assert notes == ["deaf to a stop", "answers nobody", "will crash in a moment", "ignores the stop"]
    assert note() == "killed"


def test_while_bd1_is_down_it_thinks_nothing(world: World, troubles: Troubles) -> None:
    shown = state(world, troubles, DOWN, BenchLimits())
    assert (shown["down"], shown["mode"], shown["tier"], shown["switching"]) == (True, "unknown", "unknown", False)


async def test_a_button_starts_a_trouble_and_reset_ends_it_and_both_show_at_once(client: Client, world: World) -> None:
    async with client.ws_connect("/bench/socket") as socket:
        await hear(socket, "state")
        await socket.send_json({"op": "trouble", "id": "gpu_lost", "on": True})
        lost = await hear(socket, "state")
        await socket.send_json({"op": "reset"})
        mended = await hear(socket, "state")

    assert (lost["card"], [t["id"] for t in lost["troubles"] if t["active"]]) == ("lost", ["gpu_lost"])
    assert (mended["card"], [t["id"] for t in mended["troubles"] if t["active"]]) == ("ok", [])
    assert world.card.fault is None


@pytest.mark.parametrize(
    ("sent", "answer"),
    [
        ("{", "no JSON object"),
        ("[1]", "no JSON object"),
        ("[" * 3000, "no JSON object"),
        ('{"op": "dance"}', '"trouble" and "reset"'),
        ('{"op": "trouble", "id": "fire", "on": true}', "one of leak, spike"),
        ('{"op": "trouble", "id": ["leak"], "on": true}', "one of leak, spike"),
        ('{"op": "trouble", "id": "leak", "on": "yes"}', "true or false"),
        ('{"op": "trouble", "id": "ollama_down", "on": true}', "the port is taken"),
    ],
)
async def test_bad_input_is_answered_with_one_sentence_and_the_line_stays(
    client: Client, sent: str, answer: str
) -> None:
    async with client.ws_connect("/bench/socket") as socket:
        await socket.send_str(sent)
        first = await hear(socket, "error")
        await socket.send_bytes(b"\x00")
        second = await hear(socket, "error")

    assert answer in first["text"]
    assert "no JSON object" in second["text"]


@pytest.mark.parametrize(
    "headers",
    [
        {"Host": "bd1.example"},
        {"Host": "127.0.0.1.example"},
        {"Host": "[::1"},
        {"Origin": "https://example.org"},
        {"Origin": "http://127.0.0.1:1"},
        {"Origin": "null"},
    ],
)
@pytest.mark.parametrize("path", ["/bench/facts", "/bench/socket"])
async def test_other_sites_and_rebound_names_get_nothing(client: Client, path: str, headers: dict[str, str]) -> None:
    async with client.get(path, headers=headers) as answer:
        assert answer.status == 403


async def test_the_facts_say_what_is_real(client: Client) -> None:
    origin = f"http://{client.host}:{client.port}"
    async with client.get("/bench/facts", headers={"Origin": origin}) as answer:
        facts = await answer.json()

    assert [(fact["part"], fact["kind"]) for fact in facts] == [("Bot", "real"), ("Card", "simulated")]


async def test_browsers_are_sent_away_when_the_application_ends(client: Client) -> None:
    socket = await client.ws_connect("/bench/socket")
    await hear(socket, "state")
    goodbye, _ = await asyncio.gather(socket.receive(timeout=BOUND_S), client.server.close())

    assert goodbye.type is WSMsgType.CLOSE
    assert goodbye.data == 1001


def test_the_demo_tells_the_same_story_as_the_real_machine() -> None:
    settings = demo_settings(
        data_dir=Path("data"),
        api_base="http://127.0.0.1:1",
        ollama_url="http://127.0.0.1:2",
        guild_id=3,
        alert_channel_id=4,
        chat_channel_ids=(5,),
        operator_role_ids=(6,),
        user_role_ids=(7,),
    )
    on_card = {name: w.vram_mib for name, w in settings.workloads.items() if w.uses_gpu}

    assert (settings.discord.api_base, settings.chat.ollama_url) == ("http://127.0.0.1:1", "http://127.0.0.1:2")
    assert (settings.gpu.uuid, settings.discord.guild_ids) == (UUID, (3,))
    assert on_card == {"ollama": 12000, "comfyui": 8000}
    assert list(settings.modes) == ["chat", "image", "idle"]
    assert settings.modes["image"].workloads == ("comfyui",)
    assert settings.workloads["comfyui"].allowed_restart == (RestartPolicy.NO,)
    assert settings.switch.start_mode in settings.modes
    assert {name for mode in settings.modes.values() for name in mode.workloads} == set(settings.workloads)
    assert set(health_containers(settings.workloads).values()) == set(World(FakeClock()).machine.boxes)
