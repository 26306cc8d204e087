"""What outlives the process, on real files."""

import asyncio
import os
import sqlite3
import subprocess
import sys
from collections.abc import AsyncIterator, Iterator
from contextlib import closing
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bd1.adapters.store import SqliteStore
from bd1.errors import StoreUnavailable

REPO = Path(__file__).parents[2]
json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)
# a lone surrogate is no text that anybody could have typed, and SQLite refuses it as a key
names = st.text(alphabet=st.characters(exclude_categories=["Cs"]), min_size=1, max_size=20)

WRITER = """
import asyncio, sys
from pathlib import Path
from bd1.adapters.store import SqliteStore

async def write():
    async with SqliteStore(Path(sys.argv[1])) as store:
        number = 0
        while True:
            await store.put("count", str(number), {"number": number})
            print(number, flush=True)
            number += 1

asyncio.run(write())
"""

OPENER = """
import asyncio, sys
from pathlib import Path
from bd1.adapters.store import SqliteStore
from bd1.errors import StoreUnavailable

async def attempt():
    try:
        await SqliteStore(Path(sys.argv[1])).open()
    except StoreUnavailable as trouble:
        print(trouble)

asyncio.run(attempt())
"""


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "data" / "bd1.sqlite3"


@pytest.fixture
def many_turns() -> Iterator[None]:
    """The threads take turns as often as they can: what they do to each other shows in a second, not in a month."""
    usual = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    yield
    sys.setswitchinterval(usual)


@pytest.fixture
async def store(file: Path) -> AsyncIterator[SqliteStore]:
    async with SqliteStore(file) as opened:
        yield opened


async def test_what_is_put_comes_back_and_what_was_never_put_is_none(store: SqliteStore) -> None:
    await store.put("mode", "current", {"name": "chat", "by": "Leia", "deep": [1, None, {"a": "ä🤖"}]})
    assert await store.get("mode", "current") == {"name": "chat", "by": "Leia", "deep": [1, None, {"a": "ä🤖"}]}
    assert await store.get("mode", "last") is None
    assert await store.get("other", "current") is None
    assert await store.items("other") == ()


@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)
@given(documents=st.dictionaries(st.tuples(names, names), st.dictionaries(st.text(), json_values, max_size=3)))
def test_any_document_survives_a_reopen(tmp_path: Path, documents: dict[tuple[str, str], dict[str, object]]) -> None:
    file = tmp_path / "round.sqlite3"
    file.unlink(missing_ok=True)

    async def write() -> None:
        async with SqliteStore(file) as store:
            for (collection, key), value in documents.items():
                await store.put(collection, key, value)

    async def read() -> dict[tuple[str, str], object]:
        async with SqliteStore(file) as store:
            return {(collection, key): await store.get(collection, key) for collection, key in documents}

    asyncio.run(write())
    assert asyncio.run(read()) == documents


async def test_the_last_write_wins_and_a_deleted_document_is_gone(store: SqliteStore) -> None:
    await store.put("a", "k", {"n": 1})
    await store.put("a", "k", {"n": 2})
    await store.put("a", "l", {"n": 3})
    assert await store.items("a") == (("k", {"n": 2}), ("l", {"n": 3}))
    await store.delete("a", "k")
    await store.delete("a", "never there")
    assert await store.items("a") == (("l", {"n": 3}),)


@pytest.mark.usefixtures("many_turns")
async def test_writes_at_the_same_time_all_arrive(store: SqliteStore) -> None:
    await asyncio.gather(*(store.put("many", f"{number:04}", {"number": number}) for number in range(2000)))
    assert [value["number"] for _, value in await store.items("many")] == list(range(2000))


async def test_a_write_nobody_waits_for_any_more_is_written_whole(store: SqliteStore) -> None:
    writes = [asyncio.create_task(store.put("many", f"{number:03}", {"number": number})) for number in range(100)]
    await asyncio.sleep(0)  # all of them are asked for, none is done
    for write in writes:
        write.cancel()
    await asyncio.gather(*writes, return_exceptions=True)
    assert [value["number"] for _, value in await store.items("many")] == list(range(100))


async def test_a_second_process_may_read_while_bd1_writes(store: SqliteStore, file: Path) -> None:
    await store.put("a", "k", {"n": 1})
    async with SqliteStore(file) as other:
        assert await other.get("a", "k") == {"n": 1}
        await store.put("a", "k", {"n": 2})
        assert await other.get("a", "k") == {"n": 2}


async def test_the_folder_is_made(tmp_path: Path) -> None:
    async with SqliteStore(tmp_path / "deep" / "data" / "bd1.sqlite3"):
        assert min(os.listdir(tmp_path / "deep" / "data")) == "bd1.sqlite3"  # noqa: PTH208 a listing is enough


async def test_a_folder_that_cannot_be_made_is_told_in_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "data").write_text("a file where a folder should be")
    with pytest.raises(StoreUnavailable, match="data folder it may write to") as refused:
        await SqliteStore(tmp_path / "data" / "bd1.sqlite3").open()
    assert str(tmp_path / "data" / "bd1.sqlite3") in str(refused.value)


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere; the test beside this one covers refusal")
def test_a_folder_bd1_may_not_write_to_is_told_in_a_sentence(tmp_path: Path) -> None:
    tmp_path.chmod(0o500)
    try:
        with pytest.raises(StoreUnavailable, match="data folder it may write to"):
            asyncio.run(SqliteStore(tmp_path / "data" / "bd1.sqlite3").open())
    finally:
        tmp_path.chmod(0o700)


def test_a_file_that_is_no_database_is_told_in_a_sentence_and_the_process_ends(file: Path) -> None:
    file.parent.mkdir()
    file.write_text("This is a shopping list and not a database. " * 100)
    with subprocess.Popen(
        [sys.executable, "-c", OPENER, str(file)], stdout=subprocess.PIPE, text=True, cwd=REPO
    ) as opener:
        try:
            told, _ = opener.communicate(timeout=5)
        finally:
            opener.kill()
    assert "cannot be opened" in told


async def test_a_read_that_fails_is_told_in_a_sentence(store: SqliteStore) -> None:
    await _run(store, "DROP TABLE document")
    with pytest.raises(StoreUnavailable):
        await store.get("a", "k")


async def test_a_write_that_the_disk_refuses_is_told_in_a_sentence_and_the_next_one_may_work(
    store: SqliteStore,
) -> None:
    await _run(store, "PRAGMA max_page_count = 3")
    with pytest.raises(StoreUnavailable, match="cannot be written"):
        await store.put("a", "big", {"text": "x" * 100_000})
    await _run(store, "PRAGMA max_page_count = 100000")
    await store.put("a", "small", {"n": 1})
    assert await store.items("a") == (("small", {"n": 1}),)


async def test_a_store_that_is_closed_says_so(file: Path) -> None:
    store = SqliteStore(file)
    await store.open()
    await store.close()
    await store.close()
    with pytest.raises(StoreUnavailable, match="not open"):
        await store.get("a", "k")
    with pytest.raises(StoreUnavailable, match="not open"):
        await store.put("a", "k", {})


def test_a_process_that_is_killed_right_after_a_write_returned_has_lost_nothing(file: Path) -> None:
    arguments = [sys.executable, "-c", WRITER, str(file)]
    with subprocess.Popen(arguments, stdout=subprocess.PIPE, text=True, cwd=REPO) as writer:
        assert writer.stdout is not None
        for line in writer.stdout:
            if int(line) >= 20:
                writer.kill()
                break
        told = [int(line), *(int(rest) for rest in writer.stdout if rest.endswith("\n"))]

    async def kept() -> set[str]:
        async with SqliteStore(file) as store:
            return {key for key, _ in await store.items("count")}

    assert {str(number) for number in range(max(told) + 1)} <= asyncio.run(kept())


def test_every_write_waits_for_the_disk(file: Path) -> None:
    async def ask() -> list[object]:
        async with SqliteStore(file) as store:
            return [await _run(store, f"PRAGMA {name}") for name in ("journal_mode", "synchronous")]

    assert asyncio.run(ask()) == ["wal", 2]
    with closing(sqlite3.connect(file)) as database:
        assert database.execute("PRAGMA integrity_check").fetchone() == ("ok",)


async def test_what_was_erased_is_in_none_of_the_files(tmp_path: Path) -> None:
    async with SqliteStore(tmp_path / "bd1.sqlite3") as store:
        await store.put("thoughts", "1", {"text": "a secret thought " * 500})
        await store.delete("thoughts", "1")
        assert not await asyncio.to_thread(_files_with, tmp_path, b"secret")


async def test_many_are_erased_at_once_and_no_others(tmp_path: Path) -> None:
    async with SqliteStore(tmp_path / "bd1.sqlite3") as store:
        for number in range(500):
            await store.put("thoughts", str(number), {"text": f"secret {number}"})
        await store.put("thoughts", "kept", {"text": "known to all"})
        await store.delete("thoughts", *map(str, range(500)))
        assert await store.items("thoughts") == (("kept", {"text": "known to all"}),)
        assert not await asyncio.to_thread(_files_with, tmp_path, b"secret")


async def _run(store: SqliteStore, statement: str) -> object:
    """Does a thing to the connection that BD-1 never does; the first value of what it answers."""

    def run(database: sqlite3.Connection) -> object:
        with closing(database.execute(statement)) as rows:
            return next(rows, [None])[0]

    return await store._on_thread(run)


def _files_with(folder: Path, words: bytes) -> list[str]:
    return [file.name for file in folder.iterdir() if words in file.read_bytes()]
