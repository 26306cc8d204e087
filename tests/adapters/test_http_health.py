"""The health check against servers that answer, redirect, fail, hang and are not there."""

import asyncio
from collections.abc import AsyncIterator

import pytest
from aiohttp import web

from bd1.adapters import http_health
from bd1.adapters.http_health import HttpHealth


@pytest.fixture
async def health() -> AsyncIterator[HttpHealth]:
    check = HttpHealth()
    yield check
    await check.close()


@pytest.fixture
async def url() -> AsyncIterator[str]:
    """Answers /200, /302, ... with that status, and /hang never."""

    async def answer(request: web.Request) -> web.Response:
        wanted = request.match_info["status"]
        if wanted == "hang":
            await asyncio.Event().wait()
        headers = {"Location": "/500"} if wanted.startswith("3") else {}
        return web.Response(status=int(wanted), headers=headers)

    app = web.Application()
    app.add_routes([web.get("/{status}", answer)])
    runner = web.AppRunner(app, handler_cancellation=True, shutdown_timeout=0.01)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    yield f"http://127.0.0.1:{runner.addresses[0][1]}"
    await runner.cleanup()


@pytest.mark.parametrize("status", [200, 204, 302, 307])
async def test_success_and_redirect_mean_healthy(health: HttpHealth, url: str, status: int) -> None:
    assert await health.healthy(f"{url}/{status}")


@pytest.mark.parametrize("status", [400, 404, 500, 503])
async def test_an_error_means_unhealthy(health: HttpHealth, url: str, status: int) -> None:
    assert not await health.healthy(f"{url}/{status}")


@pytest.mark.parametrize(
    "away",
    ["http://127.0.0.1:9/", "http://name.invalid/", "nonsense", "http://127.0.0.1:99999/", "https://127.0.0.1:9"],
)
async def test_a_server_that_is_away_means_unhealthy(health: HttpHealth, away: str) -> None:
    assert await health.healthy(away) is False


async def test_a_server_that_hangs_up_without_a_word_means_unhealthy(health: HttpHealth) -> None:
    async def hang_up(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readline()
        writer.close()

    listener = await asyncio.start_server(hang_up, "127.0.0.1", 0)
    assert not await health.healthy(f"http://127.0.0.1:{listener.sockets[0].getsockname()[1]}/")
    listener.close()
    await listener.wait_closed()


async def test_a_server_that_never_answers_means_unhealthy_within_the_limit(health: HttpHealth, url: str) -> None:
    loop = asyncio.get_running_loop()
    began_s = loop.time()
    assert not await health.healthy(f"{url}/hang")
    assert loop.time() - began_s < http_health.LIMIT_S + 1.0


async def test_a_proxy_of_the_environment_is_not_asked(
    health: HttpHealth, url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:9")
    assert await health.healthy(f"{url}/200")


async def test_a_closed_check_opens_again_when_it_is_asked(health: HttpHealth, url: str) -> None:
    assert await health.healthy(f"{url}/200")
    await health.close()
    await health.close()
    assert await health.healthy(f"{url}/200")
