"""The pretended services keep what README.md says of them, in shapes that were recorded from the real ones."""

import json
import os
import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
import requests

from tests.containers.engine import Standin, StandinEngine

pytest_plugins = ("tests.containers.fixtures",)

CORPUS = Path(__file__).parents[3] / "shared" / "ollama" / "corpus.jsonl"
MODEL = "llama3:8b"


@pytest.fixture
def state(tmp_path: Path) -> Path:
    (tmp_path / "claims").mkdir()
    return tmp_path


@pytest.fixture(scope="module")
def recorded() -> dict[str, dict[str, Any]]:
    if not CORPUS.exists():
        pytest.skip("the exchanges recorded from a real Ollama are not part of the project")
    lines = map(json.loads, CORPUS.read_text(encoding="utf-8").splitlines())
    return {each["name"]: each for each in lines}


def live_claims(state: Path) -> dict[int, int]:
    """MiB by PID, of processes that live."""
    held: dict[int, int] = {}
    for file in (state / "claims").iterdir():
        if file.name.isdigit() and Path(f"/proc/{file.name}").exists():
            held[int(file.name)] = int(file.read_text(encoding="ascii").splitlines()[0].removeprefix("mib="))
    return held


def chat(standin: Standin, *, stream: bool = False, **more: object) -> requests.Response:
    body = {"model": MODEL, "messages": [{"role": "user", "content": 'say "hi" to\nall'}]} | more
    return requests.post(f"{standin.url}/api/chat", json=body, timeout=20, stream=stream)


@contextmanager
def talking(standin: Standin) -> Iterator[Iterator[dict[str, Any]]]:
    """The lines of an answer as they come; the client leaves at the end of the block."""
    with chat(standin, stream=True) as answer:
        yield map(json.loads, answer.iter_lines())


def chat_whole(standin: Standin) -> requests.Response:
    """The answer as one JSON object, as the server gives it to who does not want a stream."""
    body = {"model": MODEL, "messages": [{"role": "user", "content": "hi"}], "stream": False}
    return requests.post(f"{standin.url}/api/chat", json=body, timeout=20)


def loaded(standin: Standin) -> list[dict[str, Any]]:
    models: list[dict[str, Any]] = requests.get(f"{standin.url}/api/ps", timeout=5).json()["models"]
    return models


def shape(value: object) -> object:
    """The keys and types of a JSON value, without its content; figures are figures."""
    if isinstance(value, dict):
        return {key: shape(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [shape(value[0])] if value else []
    return "number" if isinstance(value, int | float) and not isinstance(value, bool) else type(value).__name__


def test_a_streamed_answer_comes_word_by_word_and_ends_with_the_figures(standins: StandinEngine) -> None:
    lines = [json.loads(line) for line in chat(standins.run("ollama")).iter_lines()]
    assert "".join(line["message"]["content"] for line in lines) == 'You said: say "hi" to\nall'
    assert [line["done"] for line in lines] == [False] * (len(lines) - 1) + [True]
    assert lines[-1]["eval_count"] == len(lines) - 1


def test_the_answers_have_the_shapes_of_a_real_ollama(
    standins: StandinEngine, recorded: dict[str, dict[str, Any]]
) -> None:
    standin = standins.run("ollama", environment={"STANDIN_WORD_MS": 1})
    stream = [json.loads(line) for line in chat(standin).iter_lines()]
    real = [json.loads(line) for _, line in recorded["chat_stream_cold"]["lines"]]
    assert (shape(stream[0]), shape(stream[-1])) == (shape(real[0]), shape(real[-1]))
    for name, answer in (
        ("chat_nonstream", chat_whole(standin)),
        ("chat_load", chat(standin, messages=[])),
        ("ps_loaded", requests.get(f"{standin.url}/api/ps", timeout=5)),
        ("tags", requests.get(f"{standin.url}/api/tags", timeout=5)),
        ("version", requests.get(f"{standin.url}/api/version", timeout=5)),
        ("chat_unload", chat(standin, messages=[], keep_alive=0)),
        ("err_missing_model", chat(standin, model="nope")),
        ("show_verbose_missing", requests.post(f"{standin.url}/api/show", json={"model": "nope"}, timeout=5)),
    ):
        assert answer.status_code == recorded[name]["status"], name
        assert answer.headers["Content-Type"] == recorded[name]["content_type"], name
        assert shape(answer.json()) == shape(json.loads(recorded[name]["body"])), name


def test_a_model_holds_its_memory_in_a_process_of_its_own_from_load_to_unload(
    standins: StandinEngine, state: Path
) -> None:
    standin = standins.run("ollama", state=state, environment={"STANDIN_MODELS": f"{MODEL}=4700"})
    server = standin.control()["pid"]
    assert chat(standin, messages=[]).json()["done_reason"] == "load"
    claims = live_claims(state)
    assert list(claims.values()) == [4700]
    assert server not in claims
    assert chat(standin, messages=[], keep_alive=0).json()["done_reason"] == "unload"
    requests.get(f"{standin.url}/api/version", timeout=5)  # a turn of the server's loop, in which it unloads
    assert loaded(standin) == []
    assert live_claims(state) == {}


def test_an_unload_waits_for_the_answer_under_way_and_then_happens(standins: StandinEngine) -> None:
    standin = standins.run("ollama", environment={"STANDIN_WORD_MS": 100})
    with talking(standin) as lines:
        next(lines)
        assert chat(standin, messages=[], keep_alive=0).json()["done_reason"] == "unload"
        assert [model["name"] for model in loaded(standin)] == [MODEL]
        assert list(lines)[-1]["done"] is True
    requests.get(f"{standin.url}/api/version", timeout=5)
    assert loaded(standin) == []


def test_a_runner_that_is_killed_ends_the_answer_with_an_error_line(standins: StandinEngine, state: Path) -> None:
    standin = standins.run("ollama", state=state, environment={"STANDIN_WORD_MS": 200})
    with talking(standin) as lines:
        next(lines)
        os.kill(next(iter(live_claims(state))), signal.SIGKILL)
        assert "unexpected EOF" in list(lines)[-1]["error"]
    assert [model["name"] for model in loaded(standin)] == [MODEL]


def test_one_answer_at_a_time_and_a_client_that_leaves_frees_the_place(standins: StandinEngine) -> None:
    standin = standins.run("ollama", environment={"STANDIN_WORD_MS": 50, "STANDIN_ANSWER": "word " * 1000})
    heard = threading.Event()

    def second() -> None:
        with talking(standin) as lines:
            next(lines)
            heard.set()

    waiting = threading.Thread(target=second)
    with talking(standin) as lines:
        next(lines)
        waiting.start()
        assert not heard.wait(0.3)
    assert heard.wait(10)
    waiting.join()


def test_comfyui_frees_its_memory_when_idle_and_not_before(standins: StandinEngine, state: Path) -> None:
    told = {"STANDIN_BASE_MIB": 600, "STANDIN_IDLE_MIB": 300, "STANDIN_RAMP_MS": 0, "STANDIN_JOB_MS": 60000}
    standin = standins.run("comfyui", state=state, environment=told)
    assert standin.control()["held_mib"] == 600
    job = requests.post(f"{standin.url}/prompt", json={"prompt": {"1": {}}}, timeout=5).json()
    standin.control()
    assert requests.post(f"{standin.url}/free", json={"unload_models": True}, timeout=5).content == b""
    queue = requests.get(f"{standin.url}/queue", timeout=5).json()
    assert [each[1] for each in queue["queue_running"]] == [job["prompt_id"]]
    assert standin.control()["held_mib"] == 2600
    requests.post(f"{standin.url}/interrupt", json={}, timeout=5)
    standin.control()
    assert standin.control()["held_mib"] == 300
    history = requests.get(f"{standin.url}/history/{job['prompt_id']}", timeout=5).json()
    assert history[job["prompt_id"]]["status"]["status_str"] == "error"


def test_a_leak_grows_and_a_spike_comes_at_once(standins: StandinEngine, state: Path) -> None:
    standin = standins.run("comfyui", state=state, environment={"STANDIN_RAMP_MS": 0})
    assert standin.control(spike_mib=9220)["held_mib"] == 600 + 9220
    before = standin.control(leak_mib_s=100000)["held_mib"]
    assert standin.control(leak_mib_s=0)["held_mib"] > before


def test_a_death_leaves_behind_what_it_was_told_to_leave(standins: StandinEngine, state: Path) -> None:
    standin = standins.run("comfyui", state=state)
    pid = standin.control()["pid"]
    standin.control(leaves_mib=512, die=3)
    assert standin.container.wait()["StatusCode"] == 3
    assert "leak=512" in (state / "claims" / str(pid)).read_text(encoding="ascii").split()


def test_a_silent_service_runs_and_answers_nobody(standins: StandinEngine) -> None:
    standin = standins.run("comfyui")
    standin.control(silent=1)
    with pytest.raises(requests.ReadTimeout):
        requests.get(f"{standin.url}/system_stats", timeout=0.3)


def test_what_a_run_made_is_gone_after_it_and_nothing_else_is(docker_url: str) -> None:
    mine, others = StandinEngine(docker_url), StandinEngine(docker_url)
    left = others.create("comfyui")
    made = mine.create("comfyui")
    mine.remove_all()
    names = {container.name for container in others.client.containers.list(all=True, ignore_removed=True)}
    others.remove_all()
    assert left.name in names
    assert made.name not in names
