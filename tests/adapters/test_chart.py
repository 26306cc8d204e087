"""The picture of an incident by the real matplotlib in its own process, and everything that process can do wrong."""

import asyncio
import os
import struct
import sys
import time
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

import pytest

from bd1.adapters.chart import ChartProcess
from bd1.core.scene import Event, Mark, Scene
from bd1.core.tiers import Tier
from bd1.core.timeline import Timeline

BEGIN_S = 1_800_000_000.0
LENGTH_S = 600.0


def scene(levels: Iterable[int | None], events: tuple[Event, ...] = (), title: str = "VRAM protection") -> Scene:
    """Ten minutes, a look each second from the first on."""
    line = Timeline(5.0).with_mode(BEGIN_S, "chat").with_mode(BEGIN_S + 300, None)
    for second, used_mib in enumerate(levels):
        line = line.with_look(BEGIN_S + second, used_mib)
    from_s, to_s = BEGIN_S, BEGIN_S + LENGTH_S
    return Scene(
        title=title,
        from_s=from_s,
        to_s=to_s,
        zone="UTC",
        zone_s=0.0,
        total_mib=20_475,
        runs=line.runs(from_s, to_s),
        gaps=line.gaps(from_s, to_s),
        bands=line.bands(from_s, to_s),
        marks=(Mark("warn", 16_380), Mark("alert", 18_427), Mark("protect", 19_451)),
        events=events,
    )


LEAK = scene(min(5000 + 40 * second, 20_000) for second in range(590))
EVENTS = tuple(Event(BEGIN_S + 100.0 * n, f"event number {n}", Tier(n % 4)) for n in range(6))


def size_of(png: bytes | None) -> tuple[int, int]:
    """Width and height as the file itself says."""
    assert png is not None
    assert png[12:16] == b"IHDR"
    width, height = struct.unpack(">II", png[16:24])
    return width, height


def program(tmp_path: Path, text: str, limit_s: float = 60.0) -> ChartProcess:
    """A chart whose process runs this instead."""
    return ChartProcess(tmp_path / "chart", command=(sys.executable, "-c", text), limit_s=limit_s)


@pytest.fixture(scope="session")
def fonts(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The list of fonts is made once for all tests."""
    return tmp_path_factory.mktemp("fonts") / "chart"


async def test_a_leak_is_drawn_as_a_small_file_of_the_right_size(fonts: Path) -> None:
    png = await ChartProcess(fonts, limit_s=100).draw(LEAK)
    assert size_of(png) == (1000, 500)
    assert len(png or b"") < 200_000


async def test_each_row_of_events_makes_it_higher_and_it_stays_small(fonts: Path) -> None:
    png = await ChartProcess(fonts, "simulated card", limit_s=100).draw(replace(LEAK, events=EVENTS))
    width, height = size_of(png)
    assert width == 1000
    assert 600 <= height <= 650
    assert len(png or b"") < 200_000


@pytest.mark.parametrize(
    "odd",
    [
        scene([None] * 300 + [5000]),
        scene([5000]),
        scene([], EVENTS[:1]),
        scene([0, 20_475] * 300, title="Tanks $ and $ an emoji \N{FIRE}, \N{CJK UNIFIED IDEOGRAPH-732B} \\frac{ <b>"),
        scene([5000] * 600, (Event(BEGIN_S, "$x^2$ \N{FIRE}\0", Tier.NORMAL),) * 6, title=""),
    ],
    ids=["a card that was hardly seen", "a single look", "nothing seen at all", "odd letters", "all at once"],
)
async def test_it_is_drawn_whatever_the_card_and_the_words_were_like(fonts: Path, odd: Scene) -> None:
    assert size_of(await ChartProcess(fonts, limit_s=100).draw(odd))[0] == 1000


async def test_it_is_drawn_where_nothing_may_be_written(tmp_path: Path) -> None:
    """Running as root, only a file in its place keeps a folder from being made."""
    (tmp_path / "file").touch()
    assert size_of(await ChartProcess(tmp_path / "file" / "chart", limit_s=100).draw(LEAK))[0] == 1000


async def test_the_loop_goes_on_while_it_draws(fonts: Path) -> None:
    lags = list[float]()

    async def tick() -> None:
        while True:
            before_s = time.perf_counter()
            await asyncio.sleep(0.01)  # what is measured: how late the loop comes back from it
            lags.append(time.perf_counter() - before_s - 0.01)

    ticking = asyncio.create_task(tick())
    assert await ChartProcess(fonts, limit_s=100).draw(LEAK)
    ticking.cancel()
    assert len(lags) > 10
    assert sorted(lags)[len(lags) * 9 // 10] < 0.25  # with room: other tests take the processor meanwhile


async def test_matplotlib_never_comes_into_the_process_that_asks() -> None:
    code = "import sys, bd1.app; sys.exit(bool({'matplotlib', 'numpy'} & set(sys.modules)))"
    process = await asyncio.create_subprocess_exec(sys.executable, "-W", "ignore", "-c", code)
    assert await process.wait() == 0


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("import os; os.abort()", "no picture came out"),
        ("import sys; sys.exit('ModuleNotFoundError: no matplotlib')", "ModuleNotFoundError: no matplotlib"),
        ("print('hello')", "no picture came out"),
        ("", "no picture came out"),
        (r"import sys; sys.stdout.buffer.write(b'\x89PNG\r\n\x1a\n cut in the mid')", "no picture came out"),
        (r"import sys; sys.stdout.buffer.write(b'\x89PNG\r\n\x1a\n' + bytes(2**23) + b'IEND\xaeB`\x82')", "no picture"),
    ],
    ids=["a crash", "a missing library", "another language", "nothing", "half a picture", "far too much"],
)
async def test_what_goes_wrong_is_no_picture_and_one_line(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, text: str, complaint: str
) -> None:
    assert await program(tmp_path, text).draw(LEAK) is None
    (record,) = (record for record in caplog.records if record.name == "bd1.adapters.chart")
    assert complaint in record.message


async def test_a_program_that_is_not_there_is_no_picture(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    assert await ChartProcess(tmp_path, command=("/no/such/program",)).draw(LEAK) is None
    assert "No such file" in caplog.text


async def test_garbage_for_the_real_program_is_one_line() -> None:
    pipe = asyncio.subprocess.PIPE
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "bd1.adapters.chart_process", stdin=pipe, stdout=pipe, stderr=pipe
    )
    png, complaint = await process.communicate(b"no scene")
    assert (png, process.returncode) == (b"", 1)
    assert complaint.decode().startswith("JSONDecodeError: ")
    assert complaint.count(b"\n") == 1


async def test_one_that_hangs_is_given_up(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    assert await program(tmp_path, "import time; time.sleep(600)", limit_s=0.5).draw(LEAK) is None
    assert "took longer than 0.5 s" in caplog.text


async def test_whoever_waits_may_be_ended_and_leaves_no_process(tmp_path: Path) -> None:
    os.mkfifo(told := tmp_path / "pid")
    text = f"import os, time; open({str(told)!r}, 'w').write(str(os.getpid())); time.sleep(600)"
    drawing = asyncio.create_task(program(tmp_path, text).draw(LEAK))
    pid = int(await asyncio.to_thread(told.read_text))
    drawing.cancel()
    with pytest.raises(asyncio.CancelledError):
        await drawing
    with pytest.raises(ProcessLookupError):
        os.kill(pid, 0)


async def test_it_is_told_nothing_of_our_environment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BD1_DISCORD_TOKEN", "secret")
    told = tmp_path / "environment"
    text = f"import os, pathlib; pathlib.Path({str(told)!r}).write_text(repr(dict(os.environ)))"
    await program(tmp_path, text).draw(LEAK)
    assert "secret" not in told.read_text()
    assert str(tmp_path / "chart") in told.read_text()


async def test_two_pictures_are_drawn_one_after_the_other(tmp_path: Path) -> None:
    """Each drawing takes a while on purpose, so that two at once would find the place taken."""
    place = str(tmp_path / "taken")
    text = f"import os, time; os.mkdir({place!r}); time.sleep(0.3); os.rmdir({place!r}); print('fine')"
    chart = program(tmp_path, text)
    outcomes = await asyncio.gather(*(chart._drawn_in_turn(b"{}") for _ in range(3)))
    assert all(complaint == "" for _, complaint in outcomes)
