"""Attached files on the loopback Discord: what the model reads of them, and what they cost."""

import asyncio
import io
import json
import subprocess
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from aiohttp import web
from PIL import Image

from bd1.errors import FileUnreadable
from bd1.sim.discord.server import Upload
from cogs._ui.attachments import fetch
from tests.adapters.test_files_child import jpeg, pdf
from tests.cogs.conftest import Home

MIB = 1024 * 1024


async def ask_with(home: Home, *files: Upload, text: str = "look") -> str:
    """What the model was told, after a question with files."""
    await home.until_mode("chat")
    question = await home.discord.person("Han").say("bridge", f"<@{home.discord.bot.id}> {text}", files=files)
    await home.discord.message("bridge", where=lambda m: "tokens/s" in m.content, after=question, timeout=30)
    return home.rig.model.turns[-1].content


async def test_a_text_file_is_read_below_the_question(home: Home) -> None:
    told = await ask_with(home, Upload(filename="a.py", data=b"print('hi')\n", content_type="text/x-python"))
    assert told == "look\n\na.py:\n```\nprint('hi')\n\n```"


async def test_a_pdf_is_read(home: Home) -> None:
    told = await ask_with(home, Upload(filename="a.pdf", data=pdf("Hello Chopper"), content_type="application/pdf"))
    assert told == "look\n\na.pdf:\n```\nHello Chopper\n```"


async def test_what_cannot_be_read_does_not_keep_the_rest_from_being_answered(home: Home) -> None:
    bad = Upload(filename="song.mp3", data=b"\0\1", content_type="audio/mpeg")
    told = await ask_with(home, bad, Upload(filename="a.txt", data=b"x\0y", content_type="text/plain"))
    assert told == "look"


async def test_pictures_go_to_a_model_that_sees_scaled_down(home: Home) -> None:
    home.rig.model.abilities = ("completion", "vision")
    await ask_with(home, Upload(filename="a.png", data=jpeg(3000, 1500, kind="PNG"), content_type="image/png"))
    (picture,) = home.rig.model.turns[-1].images
    with Image.open(io.BytesIO(picture)) as found:
        assert (found.format, found.size) == ("JPEG", (1024, 512))


async def test_what_a_model_cannot_see_or_read_is_told_below_its_answer(home: Home) -> None:
    await ask_with(
        home,
        Upload(filename="a.png", data=jpeg(30, 30, kind="PNG"), content_type="image/png"),
        Upload(filename="song.mp3", data=b"\0\1", content_type="audio/mpeg"),
        Upload(filename="long.log", data=b"all work and no play\n" * 4000, content_type="text/plain"),
    )
    answer = await home.discord.message("bridge", where=lambda m: "tokens/s" in m.content, timeout=5)
    assert home.rig.model.turns[-1].images == ()
    assert "a.png was left out: llama3:8b does not look at pictures" in answer.content
    assert "song.mp3 is of a kind that I cannot read" in answer.content
    assert "Of long.log I read the first 32 KiB" in answer.content
    assert "Of long.log only the beginning" in answer.content


@asynccontextmanager
async def streaming(size: int) -> AsyncIterator[str]:
    """A server of text files that are as long as that, made as they are sent."""

    async def serve(request: web.Request) -> web.StreamResponse:
        answer = web.StreamResponse(headers={"Content-Type": "text/plain"})
        answer.content_length = size
        await answer.prepare(request)
        piece = b"all work and no play\n" * 3000
        sent = 0
        while sent < size:
            await answer.write(piece[: size - sent])
            sent += len(piece)
        return answer

    app = web.Application()
    app.router.add_get("/big.txt", serve)
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    try:
        yield f"http://127.0.0.1:{runner.addresses[0][1]}"
    finally:
        await runner.cleanup()


FETCH = """
import asyncio, json, pathlib, sys
from cogs._ui.attachments import fetch

def peak_kib():  # of this program alone; what getrusage tells begins with the parent's
    lines = pathlib.Path("/proc/self/status").read_text().split("\\n")
    return next(int(line.split()[1]) for line in lines if line.startswith("VmHWM"))

async def main(url):
    await fetch(url, 1000)
    before = peak_kib()
    data, is_cut = await fetch(url, 1024 * 1024)
    print(json.dumps([len(data), is_cut, peak_kib() - before]))

asyncio.run(main(sys.argv[1]))
"""


async def test_a_text_of_a_hundred_megabytes_costs_less_than_thirty() -> None:
    async with streaming(100_000_000) as url:
        child = await asyncio.create_subprocess_exec(
            sys.executable, "-c", FETCH, f"{url}/big.txt", stdout=subprocess.PIPE
        )
        out, _ = await child.communicate()
    size, is_cut, grown_kib = json.loads(out)
    assert (size, is_cut) == (MIB, True)
    assert 0 < grown_kib < 30 * 1000


async def test_what_is_short_is_fetched_whole_and_what_is_not_there_is_told() -> None:
    async with streaming(50_000) as url:
        data, is_cut = await fetch(f"{url}/big.txt", 50_000)
        assert (len(data), is_cut) == (50_000, False)
        with pytest.raises(FileUnreadable, match="could not be fetched"):
            await fetch(f"{url}/gone.txt", 10)
    with pytest.raises(FileUnreadable, match="could not be fetched"):
        await fetch(f"{url}/big.txt", 10)


async def test_a_picture_alone_is_a_question(home: Home) -> None:
    home.rig.model.abilities = ("completion", "vision")
    picture = Upload(filename="a.png", data=jpeg(30, 30, kind="PNG"), content_type="image/png")
    assert await ask_with(home, picture, text="") == "(a picture)"
    assert len(home.rig.model.turns[-1].images) == 1


async def test_a_file_alone_that_cannot_be_read_is_told_and_the_model_is_not_asked(home: Home) -> None:
    await home.until_mode("chat")
    song = Upload(filename="song*.mp3", data=b"\0\1", content_type="audio/mpeg")
    question = await home.discord.person("Han").say("bridge", f"<@{home.discord.bot.id}>", files=[song])
    told = await home.discord.message("bridge", where=lambda m: m.content.startswith("⚠️"), after=question, timeout=30)
    assert told.content == "⚠️ song\\*.mp3 is of a kind that I cannot read: text, PDF and pictures I can."
    assert home.rig.model.asked == 0


async def test_what_is_wrong_with_a_file_is_told_once_and_not_below_every_answer_that_follows(home: Home) -> None:
    song = Upload(filename="song.mp3", data=b"\0\1", content_type="audio/mpeg")
    await ask_with(home, song)
    first = await home.discord.message("bridge", where=lambda m: "tokens/s" in m.content, timeout=5)
    assert "song.mp3" in first.content
    again = await home.discord.person("Han").say("bridge", f"<@{home.discord.bot.id}> and?", reply_to=first)
    second = await home.discord.message("bridge", where=lambda m: "tokens/s" in m.content, after=again, timeout=30)
    assert [turn.content for turn in home.rig.model.turns[1:]] == ["look", "Hello there.", "and?"]
    assert "song.mp3" not in second.content
