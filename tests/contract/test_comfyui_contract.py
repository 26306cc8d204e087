"""The adapters against what a real ComfyUI was recorded to answer: its queue, its system, and /free.

The recording cuts long bodies off after 700 characters. What is missing of them is put back here as the recording and
the facts beside it describe it: how many jobs there were, what a job consists of, what a device has for keys.
"""

import json
import re
from collections.abc import AsyncIterator
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from bd1.adapters.comfyui import ComfyUi
from bd1.adapters.http_health import HttpHealth
from bd1.core.settings import WorkloadKind
from bd1.errors import PicturesUnavailable
from bd1.ports import PictureJobs
from tests.adapters.answering import Answering, Says, answering

TRANSCRIPT = Path(__file__).resolve().parents[3] / "shared" / "comfyui" / "transcript.txt"
EXCHANGE = re.compile(r"(GET|POST) (/\S*) (\d{3}) (\S+) (.*)")
BUSY = re.compile(r"running (\d+) pending (\d+) item len (\d+) \['int', 'str', 'dict', 'dict', 'list'\]")
DEVICE_KEYS = ("name", "type", "index", "vram_total", "vram_free", "torch_vram_total", "torch_vram_free")


@dataclass(frozen=True)
class Exchange:
    """One recorded question and what came back; `after` is the line that follows in the recording."""

    method: str
    path: str
    status: int
    content_type: str
    body: str
    after: str

    def said(self, told: Any = None) -> Says:
        """The same answer again; `told` where the recorded body was cut off."""
        body = self.body.encode() if told is None else told
        return Says(body, self.status, {"Content-Type": self.content_type})


def load_transcript() -> list[Exchange]:
    if not TRANSCRIPT.is_file():
        return []
    lines = [*TRANSCRIPT.read_text(encoding="utf-8").splitlines(), ""]
    found = [(EXCHANGE.fullmatch(line), after) for line, after in pairwise(lines)]
    return [Exchange(m[1], m[2], int(m[3]), m[4], m[5], after) for m, after in found if m is not None]


RECORDED = load_transcript()

pytestmark = pytest.mark.skipif(
    not RECORDED, reason=f"the recording of a real ComfyUI is not part of the project: put it at {TRANSCRIPT}"
)


def recorded(method: str, path: str) -> list[Exchange]:
    return [each for each in RECORDED if (each.method, each.path) == (method, path)]


def closed(cut: str) -> Any:
    """JSON that was cut off, as far as it is whole."""
    ends = {"{": "}", "[": "]"}
    waiting: list[str] = []
    whole, at_whole = 0, ""
    for piece in re.finditer(r'"(?:[^"\\]|\\.)*"|[][{},]', cut):
        mark = piece[0]
        if mark in ends:
            waiting.append(ends[mark])
        elif mark in ends.values():
            waiting.pop()
        elif mark == ",":
            whole, at_whole = piece.start(), "".join(reversed(waiting))
    return json.loads(cut[:whole] + at_whole)


def queue_at_work() -> tuple[Exchange, Any, PictureJobs]:
    """The recorded queue with jobs in it: the exchange, its whole body, and the counts that were noted beside it."""
    [(exchange, noted)] = [(each, m) for each in recorded("GET", "/queue") if (m := BUSY.fullmatch(each.after))]
    running, pending, item_length = map(int, noted.groups())
    queue = closed(exchange.body)
    [job] = queue["queue_running"]
    job += [{"client_id": "bd1-probe"}, ["9"]]
    assert len(job) == item_length
    queue |= {"queue_running": [job] * running, "queue_pending": [job] * pending}
    return exchange, queue, PictureJobs(running, pending)


def system_stats(exchange: Exchange) -> Any:
    stats = closed(exchange.body)
    assert "ram_total" in stats["system"]
    return stats | {"devices": [dict.fromkeys(DEVICE_KEYS, 0) | {"name": "cpu", "type": "cpu"}]}


@pytest.fixture
async def server() -> AsyncIterator[Answering]:
    async with answering() as started:
        yield started


@pytest.fixture
async def pictures() -> AsyncIterator[ComfyUi]:
    adapter = ComfyUi()
    yield adapter
    await adapter.close()


@pytest.fixture
async def health() -> AsyncIterator[HttpHealth]:
    check = HttpHealth()
    yield check
    await check.close()


async def test_the_recorded_idle_queue_holds_no_job(pictures: ComfyUi, server: Answering) -> None:
    server.says["/queue"] = recorded("GET", "/queue")[0].said()
    assert await pictures.jobs(server.url) == PictureJobs(running=0, pending=0)


async def test_the_jobs_of_the_recorded_queue_are_counted(pictures: ComfyUi, server: Answering) -> None:
    exchange, queue, counted = queue_at_work()
    server.says["/queue"] = exchange.said(queue)
    assert await pictures.jobs(server.url) == counted == PictureJobs(running=1, pending=2)


async def test_every_recorded_answer_to_free_is_a_yes(pictures: ComfyUi, server: Answering) -> None:
    answers = recorded("POST", "/free")
    assert len(answers) == 3
    for exchange in answers:
        server.says["/free"] = exchange.said()
        await pictures.free(server.url)


@pytest.mark.parametrize("begin", ["", "/api"])
async def test_the_recorded_system_and_queue_are_those_of_a_working_comfyui(
    health: HttpHealth, server: Answering, begin: str
) -> None:
    [stats] = recorded("GET", f"{begin}/system_stats")
    exchange, queue, _ = queue_at_work()
    server.says |= {stats.path: stats.said(system_stats(stats)), f"{begin}/queue": exchange.said(queue)}
    assert await health.trouble(server.url + stats.path, WorkloadKind.COMFYUI) is None


async def test_what_the_recorded_server_says_to_an_unknown_path_is_no_comfyui(
    pictures: ComfyUi, health: HttpHealth, server: Answering
) -> None:
    [nothing] = recorded("GET", "/nothing")
    server.says |= dict.fromkeys(("/system_stats", "/queue"), nothing.said())
    assert "but no ComfyUI (HTTP 404)" in str(await health.trouble(server.url, WorkloadKind.COMFYUI))
    with pytest.raises(PicturesUnavailable, match="does not speak like ComfyUI"):
        await pictures.jobs(server.url)


def test_a_cut_off_body_is_closed_where_it_was_whole() -> None:
    assert closed('{"a": [[8, "x, [y", {"b": {"c": 1}, "d": {"e": "ha') == {"a": [[8, "x, [y", {"b": {"c": 1}}]]}
