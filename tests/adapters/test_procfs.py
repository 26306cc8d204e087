"""The process table: which container a process lives in, from /proc alone."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bd1.adapters.procfs import ProcFs, container_of

ID = "0123456789abcdef" * 4
OTHER = "fedcba9876543210" * 4

IN_A_CONTAINER = {
    "v2, systemd": f"0::/system.slice/docker-{ID}.scope\n",
    "v2, cgroupfs": f"0::/docker/{ID}\n",
    "v2, systemd, inside the container's own tree": f"0::/system.slice/docker-{ID}.scope/init.scope\n",
    "v2, seen from a sibling with its own cgroup namespace": f"0::/../{ID}\n",
    "v2, systemd, seen from a sibling": f"0::/../docker-{ID}.scope\n",
    "v2, rootless": f"0::/user.slice/user-1000.slice/user@1000.service/user.slice/docker-{ID}.scope\n",
    "v1, cgroupfs": f"12:pids:/docker/{ID}\n4:memory:/docker/{ID}\n1:name=systemd:/docker/{ID}\n0::/\n",
    "v1, systemd": f"4:cpu,cpuacct:/system.slice/docker-{ID}.scope\n0::/system.slice/containerd.service\n",
    "v1, only some controllers": f"9:name=systemd:/\n4:memory:/docker/{ID}\n0::/\n",
    "own cgroup parent": f"0::/gpu.slice/docker-{ID}.scope\n",
    "kubepods, cgroupfs": f"0::/kubepods/besteffort/pod8c7d5e0a-1111-2222-3333-444455556666/{ID}\n",
    "kubepods, systemd": f"0::/kubepods.slice/kubepods-pod8c7d.slice/cri-containerd-{ID}.scope\n",
    "podman": f"0::/machine.slice/libpod-{ID}.scope/container\n",
    "a container in a container": f"0::/docker/{ID}/docker/{OTHER}\n",
}

IN_NONE = {
    "the root": "0::/\n",
    "a service": "0::/system.slice/ssh.service\n",
    "podman's monitor": f"0::/machine.slice/libpod-conmon-{ID}.scope\n",
    "a digit too few": f"0::/docker/{ID[:-1]}\n",
    "a digit too many": f"0::/docker/{ID}0\n",
    "capitals": f"0::/docker/{ID.upper()}\n",
    "an id in the controller list": f"1:name={ID}:/\n",
    "nothing": "",
}


@pytest.mark.parametrize("case", IN_A_CONTAINER)
def test_the_container_is_found_in_every_form_of_cgroup(case: str) -> None:
    assert container_of(IN_A_CONTAINER[case]) == ID


@pytest.mark.parametrize("case", IN_NONE)
def test_a_process_in_no_container_has_no_id(case: str) -> None:
    assert container_of(IN_NONE[case]) is None


@given(st.text())
def test_any_text_gives_no_id_or_one_that_stands_in_it(text: str) -> None:
    found = container_of(text)
    assert found is None or (found in text and len(found) == 64)


# A slash ends the part and a line break the line; everything else may be in a cgroup's name.
part = st.text(st.characters(codec="utf-8", exclude_characters="/\n"), max_size=20)


@given(st.lists(part), st.text("0123456789abcdef", min_size=64, max_size=64), st.lists(part), st.booleans())
def test_an_id_is_found_however_deep_it_lies(above: list[str], ident: str, below: list[str], scope: bool) -> None:
    own = f"docker-{ident}.scope" if scope else ident
    line = "7:cpu,cpuacct:/" + "/".join([*above, own, *below])
    assert container_of(f"9:pids:/\n{line}\n0::/\n") == ident


def make(root: Path, files: dict[str, str]) -> ProcFs:
    for name, text in files.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text, encoding="utf-8")
    return ProcFs(root)


def test_id_and_name_are_read_from_the_process_s_own_files(tmp_path: Path) -> None:
    table = make(tmp_path, {"7/cgroup": f"0::/docker/{ID}\n", "7/comm": "python3 main.py\n"})
    assert (table.container_id(7), table.name(7)) == (ID, "python3 main.py")


def test_a_process_that_is_gone_reads_as_none(tmp_path: Path) -> None:
    table = ProcFs(tmp_path)
    assert (table.container_id(7), table.name(7)) == (None, None)


def test_a_process_that_ends_stops_being_seen() -> None:
    with subprocess.Popen(["cat"], stdin=subprocess.PIPE, stdout=subprocess.PIPE) as running:
        assert running.stdin is not None
        assert running.stdout is not None
        running.stdin.write(b"\n")
        running.stdin.flush()
        running.stdout.read(1)  # what it sends back proves that it is cat by now
        seen = ProcFs().name(running.pid)
    assert seen == "cat"
    assert ProcFs().name(running.pid) is None


def test_this_very_process_is_seen() -> None:
    assert ProcFs().name(os.getpid())


def stat_of(name: str, flags: int) -> str:
    return f"2 ({name}) S 0 0 0 0 -1 {flags} 0 0 0\n"


@pytest.mark.parametrize("name", ["kthreadd", "a) S 1 (b"])
def test_a_kernel_thread_at_pid_2_shows_that_the_table_is_the_host_s(tmp_path: Path, name: str) -> None:
    assert make(tmp_path, {"2/stat": stat_of(name, 0x00208040)}).sees_host()


def test_a_program_that_calls_itself_kthreadd_fools_nobody(tmp_path: Path) -> None:
    assert not make(tmp_path, {"2/stat": stat_of("kthreadd", 0x00400100)}).sees_host()


def test_the_first_pid_namespace_counts_where_other_processes_are_hidden(tmp_path: Path) -> None:
    (tmp_path / "self/ns").mkdir(parents=True)
    (tmp_path / "self/ns/pid").symlink_to("pid:[4026531836]")
    assert ProcFs(tmp_path).sees_host()


def test_another_pid_namespace_is_not_the_host_s(tmp_path: Path) -> None:
    (tmp_path / "self/ns").mkdir(parents=True)
    (tmp_path / "self/ns/pid").symlink_to("pid:[4026532758]")
    assert not make(tmp_path, {"2/stat": "2 (half a line"}).sees_host()


def test_an_empty_table_does_not_show_the_host(tmp_path: Path) -> None:
    assert not ProcFs(tmp_path).sees_host()


def test_a_real_pid_namespace_of_its_own_does_not_see_the_host() -> None:
    script = "from bd1.adapters.procfs import ProcFs; print(ProcFs().sees_host())"
    command = ["unshare", "--user", "--map-root-user", "--pid", "--fork", "--mount-proc"]
    if subprocess.run([*command, "true"], capture_output=True, check=False).returncode != 0:
        pytest.skip("this system lets nobody make a PID namespace, so the real thing cannot be tried")
    told = subprocess.run([*command, sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert told.stdout == "False\n"


def test_this_start_of_the_machine_has_a_name_of_its_own() -> None:
    named = ProcFs().boot_id()
    assert named is not None
    assert named == Path("/proc/sys/kernel/random/boot_id").read_text().strip()


def test_a_start_of_the_machine_that_cannot_be_seen_has_none(tmp_path: Path) -> None:
    assert ProcFs(tmp_path).boot_id() is None
    (tmp_path / "sys/kernel/random").mkdir(parents=True)
    (tmp_path / "sys/kernel/random/boot_id").write_text("\n")
    assert ProcFs(tmp_path).boot_id() is None
