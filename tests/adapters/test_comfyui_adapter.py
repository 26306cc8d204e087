"""The adapter for ComfyUI against servers that answer, fail, hang, say too much, are no ComfyUI and are not there."""

import asyncio
import json
import ssl
import subprocess
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bd1.adapters._http_wire import LIMIT_S, LONGEST_BODY, Answer
from bd1.adapters.comfyui import ComfyUi, _jobs
from bd1.errors import PicturesUnavailable
from bd1.ports import PictureJobs
from tests.adapters.answering import Answering, Says, answering

JOB = [8, "0643c558-be87-412c-87f1-41a47832d9d0", {"1": {"class_type": "EmptyImage"}}, {}, ["1"]]


@pytest.fixture
async def pictures() -> AsyncIterator[ComfyUi]:
    adapter = ComfyUi()
    yield adapter
    await adapter.close()


@pytest.fixture
async def server() -> AsyncIterator[Answering]:
    async with answering() as started:
        yield started


async def refusals(pictures: ComfyUi, url: str) -> list[str]:
    """What both questions are answered with when neither can be."""
    told = await asyncio.gather(pictures.jobs(url), pictures.free(url), return_exceptions=True)
    assert [type(trouble) for trouble in told] == [PicturesUnavailable] * 2
    return [str(trouble) for trouble in told]


def assert_plain(sentence: str) -> None:
    assert sentence[0].isupper()
    assert sentence.endswith(".")
    assert "\n" not in sentence
    assert "Error" not in sentence


async def test_running_and_waiting_jobs_are_counted_apart(pictures: ComfyUi, server: Answering) -> None:
    server.says["/queue"] = Says({"queue_running": [JOB], "queue_pending": [JOB, JOB]})
    assert await pictures.jobs(server.url) == PictureJobs(running=1, pending=2)
    server.says["/queue"] = Says({"queue_running": [], "queue_pending": []})
    assert await pictures.jobs(f"{server.url}/") == PictureJobs(running=0, pending=0)
    assert server.heard == [("GET", "/queue", b"")] * 2


async def test_everything_is_asked_to_be_let_go_of_in_one_question(pictures: ComfyUi, server: Answering) -> None:
    server.says["/free"] = Says()
    await pictures.free(server.url)
    [(method, path, body)] = server.heard
    assert (method, path) == ("POST", "/free")
    assert json.loads(body) == {"unload_models": True, "free_memory": True}


async def test_the_running_job_is_given_up_when_that_is_asked(pictures: ComfyUi, server: Answering) -> None:
    server.says["/interrupt"] = Says()
    await pictures.interrupt(server.url)
    assert server.heard == [("POST", "/interrupt", b"{}")]


@pytest.mark.parametrize(
    "away",
    ["http://127.0.0.1:9", "http://name.invalid", "nonsense", "http://127.0.0.1:99999", "http://[::1:80"],
)
async def test_a_server_that_is_away_is_told_in_a_sentence(pictures: ComfyUi, away: str) -> None:
    for sentence in await refusals(pictures, away):
        assert_plain(sentence)
        assert "does not answer (no connection)" in sentence
        assert "health_url" in sentence


async def test_a_server_that_hangs_is_given_up_within_the_limit(pictures: ComfyUi, server: Answering) -> None:
    server.says |= {"/queue": Says(never=True), "/free": Says(never=True)}
    loop = asyncio.get_running_loop()
    began_s = loop.time()
    for sentence in await refusals(pictures, server.url):
        assert_plain(sentence)
        assert "(nothing within 2 s)" in sentence
    assert loop.time() - began_s < LIMIT_S + 1.0


@pytest.mark.parametrize(
    ("status", "words"),
    [
        (500, "fails (HTTP 500)"),
        (503, "fails (HTTP 503)"),
        (404, "does not speak like ComfyUI (HTTP 404)"),
        (403, "does not speak like ComfyUI (HTTP 403)"),
        (302, "does not speak like ComfyUI (HTTP 302)"),
    ],
)
async def test_an_error_is_told_in_a_sentence(pictures: ComfyUi, server: Answering, status: int, words: str) -> None:
    says = Says({"queue_running": [], "queue_pending": []}, status=status, headers={"Location": "/login"})
    server.says |= {"/queue": says, "/free": says}
    for sentence in await refusals(pictures, server.url):
        assert_plain(sentence)
        assert words in sentence


@pytest.mark.parametrize(
    ("body", "words"),
    [
        (b"", "not JSON"),
        (b"<html>Welcome</html>", "not JSON"),
        (b"\xff\xfe\x00", "not JSON"),
        (b"[" * 100_000, "not JSON"),
        (b'{"queue_running": [], "queue_pending": [', "not JSON"),
        (b'{"queue_running": ' + b"9" * 10_000 + b"}", "not JSON"),
        ([], "holds no queue"),
        ({}, "holds no queue"),
        ({"queue_running": []}, "holds no queue"),
        ({"queue_running": 1, "queue_pending": 2}, "holds no queue"),
        ({"queue_running": {}, "queue_pending": []}, "holds no queue"),
    ],
)
async def test_an_answer_in_another_language_is_told_in_a_sentence(
    pictures: ComfyUi, server: Answering, body: Any, words: str
) -> None:
    server.says["/queue"] = Says(body)
    with pytest.raises(PicturesUnavailable) as told:
        await pictures.jobs(server.url)
    assert_plain(str(told.value))
    assert "does not speak like ComfyUI" in str(told.value)
    assert words in str(told.value)


async def test_a_queue_without_an_end_is_not_read_to_its_end(pictures: ComfyUi, server: Answering) -> None:
    server.says["/queue"] = Says(json.dumps(JOB).encode() * 1000, for_ever=True)
    with pytest.raises(PicturesUnavailable, match=r"too long to be counted \(more than 8 MiB\)") as told:
        await pictures.jobs(server.url)
    assert_plain(str(told.value))


async def test_a_queue_of_hundreds_of_jobs_is_counted(pictures: ComfyUi, server: Answering) -> None:
    graph = {str(node): {"class_type": "KSampler", "inputs": {"text": "a droid"}} for node in range(200)}
    job = [1, JOB[1], graph, {}, ["1"]]
    queue = json.dumps({"queue_running": [job], "queue_pending": [job] * 399}).encode()
    assert LONGEST_BODY / 2 < len(queue) < LONGEST_BODY
    server.says["/queue"] = Says(queue)
    assert await pictures.jobs(server.url) == PictureJobs(running=1, pending=399)


async def test_a_server_that_hangs_up_in_the_middle_is_told_in_a_sentence(pictures: ComfyUi) -> None:
    async def break_off(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(b'HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{"queue_running": [')
        await writer.drain()
        writer.close()

    listener = await asyncio.start_server(break_off, "127.0.0.1", 0)
    with pytest.raises(PicturesUnavailable, match=r"\(the connection broke\)"):
        await pictures.jobs(f"http://127.0.0.1:{listener.sockets[0].getsockname()[1]}")
    listener.close()
    await listener.wait_closed()


async def test_what_is_no_http_is_told_in_a_sentence(pictures: ComfyUi) -> None:
    async def greet(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"SSH-2.0-OpenSSH_9.6\r\n")
        await reader.read(1)
        writer.close()

    listener = await asyncio.start_server(greet, "127.0.0.1", 0)
    for sentence in await refusals(pictures, f"http://127.0.0.1:{listener.sockets[0].getsockname()[1]}"):
        assert_plain(sentence)
    listener.close()
    await listener.wait_closed()


async def test_a_password_in_the_address_is_used_and_never_told(pictures: ComfyUi, server: Answering) -> None:
    server.says["/queue"] = Says(status=401)
    told = await refusals(pictures, server.url.replace("//", "//obi:wan@"))
    assert not any("wan" in sentence for sentence in told)
    assert all(server.url in sentence for sentence in told)


async def test_a_proxy_of_the_environment_is_not_asked(
    pictures: ComfyUi, server: Answering, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:9")
    server.says["/free"] = Says()
    await pictures.free(server.url)


async def test_a_closed_adapter_opens_again_when_it_is_asked(pictures: ComfyUi, server: Answering) -> None:
    server.says["/free"] = Says()
    await pictures.close()
    await pictures.free(server.url)
    await pictures.close()
    await pictures.close()
    await pictures.free(server.url)


def self_signed(folder: Path) -> ssl.SSLContext | None:
    """A certificate that nobody vouches for; `None` where openssl is not installed."""
    key, certificate = folder / "key.pem", folder / "certificate.pem"
    command = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-subj", "/CN=somebody-else", "-days", "1"]
    try:
        subprocess.run([*command, "-keyout", str(key), "-out", str(certificate)], check=True, capture_output=True)
    except (OSError, subprocess.CalledProcessError):
        return None
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    return context


async def test_a_certificate_that_nobody_vouches_for_is_good_enough(pictures: ComfyUi, tmp_path: Path) -> None:
    context = self_signed(tmp_path)
    if context is None:
        pytest.skip("openssl is not installed, so there is no certificate to try")
    queue = Says({"queue_running": [JOB], "queue_pending": []})
    async with answering({"/queue": queue}, context) as server:
        assert await pictures.jobs(server.url) == PictureJobs(running=1, pending=0)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(st.sampled_from(("queue_running", "queue_pending", "x")), inner)
    ),
    max_leaves=12,
)


@given(told=JSON)
def test_any_json_is_either_counted_or_refused(told: Any) -> None:
    members = told if isinstance(told, dict) else {}
    running, pending = members.get("queue_running"), members.get("queue_pending")
    answer = Answer(200, json.dumps(told).encode())
    if isinstance(running, list) and isinstance(pending, list):
        assert _jobs("http://comfyui", answer) == PictureJobs(len(running), len(pending))
    else:
        with pytest.raises(PicturesUnavailable):
            _jobs("http://comfyui", answer)


@given(body=st.binary(max_size=40))
def test_bytes_that_are_no_queue_are_refused(body: bytes) -> None:
    with pytest.raises(PicturesUnavailable):
        _jobs("http://comfyui", Answer(200, body))
