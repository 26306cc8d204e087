"""Who holds the VRAM: no MiB is lost, none invented, and nobody is hidden."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from bd1.core.gpu import GpuProcess
from bd1.core.holders import Attribution, Holder, Owner, attribute, mib_words

RESERVED = 460
NOON = datetime(2026, 1, 1, 12, tzinfo=UTC)
moments = st.none() | st.integers(0, 9000).map(lambda seconds: NOON + timedelta(seconds=seconds))
owners = st.builds(
    Owner,
    workload=st.sampled_from([None, None, "ollama", "comfyui"]),
    container_id=st.sampled_from([None, "a" * 64, "b" * 64]),
    process_name=st.sampled_from([None, "python3"]),
    since=moments,
)
pids = st.integers(min_value=1, max_value=40)
owner_tables = st.dictionaries(pids, owners)


def processes_with(mib: st.SearchStrategy[int | None]) -> st.SearchStrategy[list[GpuProcess]]:
    one = st.builds(GpuProcess, pid=pids, used_mib=mib, name=st.sampled_from([None, "python3", "Xorg"]))
    return st.lists(one, max_size=12, unique_by=lambda process: process.pid)


known = st.integers(min_value=0, max_value=9000)


@given(processes_with(known), owner_tables, st.integers(min_value=0, max_value=20475))
def test_every_mib_is_held_by_somebody_reserved_or_unattributed(
    processes: list[GpuProcess], table: dict[int, Owner], used_mib: int
) -> None:
    found = attribute(processes, table, used_mib, RESERVED)
    assert found.unattributed_mib is not None
    held = sum(holder.mib or 0 for holder in found.holders)
    assert held + RESERVED + found.unattributed_mib == used_mib
    assert held == sum(process.used_mib or 0 for process in processes)


@given(processes_with(st.none() | known), owner_tables)
def test_every_process_has_exactly_one_holder(processes: list[GpuProcess], table: dict[int, Owner]) -> None:
    found = attribute(processes, table, 9000, RESERVED)
    assert sorted(pid for holder in found.holders for pid in holder.pids) == sorted(p.pid for p in processes)
    assert len({(holder.label, holder.workload) for holder in found.holders}) == len(found.holders)


@given(processes_with(st.none() | known), owner_tables)
def test_an_amount_the_driver_hides_stays_unknown(processes: list[GpuProcess], table: dict[int, Owner]) -> None:
    found = attribute(processes, table, 9000, RESERVED)
    hidden = {process.pid for process in processes if process.used_mib is None}
    for holder in found.holders:
        assert (holder.mib is None) == (not hidden.isdisjoint(holder.pids))
    assert (found.unattributed_mib is None) == bool(hidden)


@given(processes_with(known), owner_tables)
def test_the_largest_comes_first(processes: list[GpuProcess], table: dict[int, Owner]) -> None:
    amounts = [holder.mib or 0 for holder in attribute(processes, table, 9000, RESERVED).holders]
    assert amounts == sorted(amounts, reverse=True)


@given(processes_with(known), owner_tables)
def test_whoever_is_no_configured_workload_is_a_stranger(processes: list[GpuProcess], table: dict[int, Owner]) -> None:
    found = attribute(processes, table, 9000, RESERVED)
    mine = {process.pid for process in processes if table.get(process.pid, Owner()).workload}
    assert {pid for holder in found.strangers for pid in holder.pids} == {p.pid for p in processes} - mine


def test_an_orphan_is_named_with_its_program_and_pid() -> None:
    (holder,) = attribute([GpuProcess(17, 300, "Xorg")], {}, 760, RESERVED).holders
    assert (holder.label, holder.workload) == ("Xorg, outside any container (PID 17)", None)
    (nameless,) = attribute([GpuProcess(18, 300)], {}, 760, RESERVED).holders
    assert nameless.label == "an unknown process, outside any container (PID 18)"


def test_two_orphans_of_the_same_program_are_two_holders() -> None:
    found = attribute([GpuProcess(17, 300, "Xorg"), GpuProcess(18, 200, "Xorg")], {}, 960, RESERVED)
    assert [holder.mib for holder in found.holders] == [300, 200]


def test_a_foreign_container_is_named_by_the_short_id_docker_shows() -> None:
    (holder,) = attribute([GpuProcess(17, 300)], {17: Owner(None, "0123456789abcdef" * 4)}, 760, RESERVED).holders
    assert holder.label == "a container that is not configured (0123456789ab)"


def test_a_sentence_names_amount_and_every_pid_and_no_pid_twice() -> None:
    assert Holder("comfyui", "comfyui", 7200, (4711, 4712)).sentence() == (
        f"comfyui, {mib_words(7200)} (PID 4711, 4712)"
    )
    assert Holder("comfyui", "comfyui", None, (4711,)).sentence() == "comfyui, an unknown amount (PID 4711)"
    assert Holder("Xorg, outside any container (PID 17)", None, 5, (17,)).sentence().count("17") == 1


def test_a_sentence_names_the_program_behind_each_pid_where_it_is_known() -> None:
    two = Holder("comfyui", "comfyui", 720, (4711, 4712), names=("python3", ""))
    assert two.sentence() == f"comfyui, {mib_words(720)} (PID 4711 python3, 4712)"
    assert Holder("comfyui", "comfyui", None, (4711,), names=("python3",)).sentence() == (
        "comfyui, an unknown amount (PID 4711 python3)"
    )


@given(processes_with(st.none() | known), owner_tables)
def test_a_holder_is_as_old_as_the_first_of_its_processes(processes: list[GpuProcess], table: dict[int, Owner]) -> None:
    for holder in attribute(processes, table, 9000, RESERVED).holders:
        seen = [table.get(pid, Owner()).since for pid in holder.pids]
        assert holder.since == min((moment for moment in seen if moment), default=None)


@given(processes_with(st.none() | known), owner_tables)
def test_each_pid_has_its_programs_name_beside_it(processes: list[GpuProcess], table: dict[int, Owner]) -> None:
    names = {process.pid: process.name or table.get(process.pid, Owner()).process_name or "" for process in processes}
    for holder in attribute(processes, table, 9000, RESERVED).holders:
        assert holder.names == tuple(names[pid] for pid in holder.pids)


def test_who_is_not_there_is_not_found() -> None:
    assert Attribution((), 0).of("ollama") is None


def test_an_amount_is_grouped_without_a_line_break() -> None:
    assert mib_words(16380) == "16\N{NARROW NO-BREAK SPACE}380 MiB"
    assert mib_words(-12) == "-12 MiB"
