"""The composition root: the heartbeat, and how everything begins and ends together."""

import asyncio
import json
import os
import signal
from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import Any, NoReturn

import pytest

from bd1 import app
from bd1.app import Heartbeat, House, serve
from bd1.core.tiers import Tier
from bd1.errors import Bd1Error, DiscordRefused, StoreUnavailable
from bd1.heartbeat import judge
from bd1.services.refusals import Refusals
from bd1.services.watchdog import Beat
from tests.services.rig import Rig, build_rig, rig_settings

Connection = Callable[[Any, str], Coroutine[Any, Any, NoReturn]]


async def _stay(_services: object, _token: str) -> NoReturn:
    await asyncio.Event().wait()
    raise AssertionError("nobody ever sets this event")


@pytest.fixture
async def rig(tmp_path: Path) -> Rig:
    return build_rig(rig_settings(tmp_path))


def house_of(rig: Rig) -> House:
    return House(rig.services, rig.watchdog, rig.hardware, rig.onlooker, Refusals(rig.alerts._disk._store, rig.clock))


async def serve_until(rig: Rig, monkeypatch: pytest.MonkeyPatch, connection: Connection, *more: Any) -> None:
    monkeypatch.setattr(app, "keep_connected", connection)
    async with asyncio.timeout(20):
        await serve(house_of(rig), "token", *more)


async def _end(rig: Rig, kind: signal.Signals) -> None:
    await rig.live(3)
    os.kill(os.getpid(), kind)


@pytest.mark.parametrize("kind", [signal.SIGTERM, signal.SIGINT])
async def test_a_signal_ends_everything_in_order(
    rig: Rig, monkeypatch: pytest.MonkeyPatch, kind: signal.Signals
) -> None:
    before = asyncio.all_tasks()
    ending = asyncio.create_task(_end(rig, kind))
    await serve_until(rig, monkeypatch, _stay)
    await ending
    assert rig.beats
    assert asyncio.all_tasks() - before == set()


async def test_a_signal_in_the_middle_of_a_switch_gives_the_switch_an_end(
    rig: Rig, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def switch_and_end() -> None:
        await rig.live(1)
        rig.director.switch("chat", "Leia")
        await rig.live(0.5)
        os.kill(os.getpid(), signal.SIGTERM)

    ending = asyncio.create_task(switch_and_end())
    await serve_until(rig, monkeypatch, _stay)
    await ending
    assert not rig.director.is_switching
    assert "being stopped" in rig.progress.message


async def test_what_was_reported_in_the_last_moment_is_kept(rig: Rig, monkeypatch: pytest.MonkeyPatch) -> None:
    async def report_and_end() -> None:
        await rig.clock.settle()
        os.kill(os.getpid(), signal.SIGTERM)
        rig.alerts.report("vram", Tier.WARN, "VRAM filling up", "82 %")

    ending = asyncio.create_task(report_and_end())
    await serve_until(rig, monkeypatch, _stay)
    await ending
    assert len(await rig.alerts._disk._store.items("incidents")) == 1


async def test_trouble_that_cannot_be_mended_ends_everything_with_its_own_sentence(
    rig: Rig, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def refused(_services: object, _token: str) -> NoReturn:
        raise DiscordRefused("Discord does not accept the token.")

    with pytest.raises(DiscordRefused, match="does not accept the token"):
        await serve_until(rig, monkeypatch, refused)


async def test_a_surprise_ends_everything_and_is_not_dressed_up(rig: Rig, monkeypatch: pytest.MonkeyPatch) -> None:
    async def broken() -> None:
        raise KeyError("a bug")

    with pytest.raises(ExceptionGroup) as surprise:
        await serve_until(rig, monkeypatch, _stay, broken())
    assert surprise.group_contains(KeyError)


async def test_the_watchdog_ticks_before_discord_is_asked_for_anything(
    rig: Rig, monkeypatch: pytest.MonkeyPatch
) -> None:
    ticks: list[int] = []

    async def count(_services: object, _token: str) -> NoReturn:
        ticks.append(len(rig.beats))
        raise DiscordRefused("Enough.")

    with pytest.raises(DiscordRefused):
        await serve_until(rig, monkeypatch, count)
    assert ticks == [1]


async def test_signals_do_what_they_did_before_once_it_has_ended(rig: Rig, monkeypatch: pytest.MonkeyPatch) -> None:
    before = signal.getsignal(signal.SIGTERM)
    ending = asyncio.create_task(_end(rig, signal.SIGTERM))
    await serve_until(rig, monkeypatch, _stay)
    await ending
    assert signal.getsignal(signal.SIGTERM) == before


async def test_without_a_token_it_says_which_variable_to_set(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    settings = rig_settings(tmp_path)
    monkeypatch.setenv(settings.discord.token_env, "  ")
    with pytest.raises(DiscordRefused, match=settings.discord.token_env):
        await app.run(settings)


def test_the_first_trouble_of_nested_groups_is_the_one_that_is_told() -> None:
    first = StoreUnavailable("The disk is full.")
    inner: BaseExceptionGroup[Bd1Error] = BaseExceptionGroup("inner", [first, DiscordRefused("no")])
    outer: BaseExceptionGroup[Bd1Error] = BaseExceptionGroup("outer", [inner])  # type: ignore[list-item]  # groups nest
    assert app._first(outer) is first


def written(heart: Heartbeat, beat: Beat) -> None:
    heart.write(beat)
    assert heart.settle(10)


def test_a_heartbeat_replaces_the_one_before_in_one_step(tmp_path: Path) -> None:
    file = tmp_path / "heartbeat"
    heart = Heartbeat(file)
    for tick in range(3):
        written(heart, Beat(100.0 + tick, tick, "ok"))
        assert json.loads(file.read_text()) == {"monotonic_s": 100.0 + tick, "tick": tick, "reading": "ok"}
    assert [path.name for path in tmp_path.iterdir()] == ["heartbeat"]
    assert judge(file, 105.0) is None


def test_a_reader_never_sees_half_a_heartbeat(tmp_path: Path) -> None:
    file = tmp_path / "heartbeat"
    heart = Heartbeat(file)
    written(heart, Beat(1.0, 1, "ok"))
    with file.open() as reader:
        written(heart, Beat(2.0, 2, "a much longer word than before"))
        assert json.loads(reader.read())["tick"] == 1
    assert json.loads(file.read_text())["tick"] == 2


def test_a_disk_that_refuses_the_heartbeat_is_told_once_and_again_after_it_had_been_fine(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    folder = tmp_path / "data"
    heart = Heartbeat(folder / "heartbeat")
    for tick in range(5):
        written(heart, Beat(float(tick), tick, "ok"))
    assert len(caplog.records) == 1
    assert "heartbeat cannot be written" in caplog.text
    folder.mkdir()
    written(heart, Beat(9.0, 9, "ok"))
    (folder / "heartbeat").unlink()
    folder.rmdir()
    written(heart, Beat(10.0, 10, "ok"))
    written(heart, Beat(11.0, 11, "ok"))
    assert len(caplog.records) == 2


def test_a_disk_that_hangs_does_not_hold_up_the_watchdog_and_the_health_check_finds_out(tmp_path: Path) -> None:
    file = tmp_path / "heartbeat"
    os.mkfifo(file.with_suffix(".new"))  # opening it waits until somebody reads, as a disk that hangs lets one wait
    heart = Heartbeat(file)
    for tick in range(3):
        heart.write(Beat(float(tick), tick, "ok"))
    assert not heart.settle(0)
    assert judge(file, 3.0) is not None
    assert json.loads(file.with_suffix(".new").read_text(encoding="utf-8"))["tick"] == 0
    assert heart.settle(10)
