"""compose.yaml holds what BD-1 relies on: nothing on the card starts past it, and it can do no more than it must."""

import os
import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml

REPO = Path(__file__).parents[2]
FILE = REPO / "compose.yaml"
CONFIG: dict[str, Any] = yaml.safe_load((REPO / "config.yaml").read_text(encoding="utf-8"))
SERVICES: dict[str, Any] = yaml.safe_load(FILE.read_text(encoding="utf-8"))["services"]
WORKLOADS: dict[str, Any] = {facts["container"]: facts for facts in CONFIG["workloads"].values()}
ON_THE_CARD = {name for name, facts in WORKLOADS.items() if facts.get("vram_mib", 0) > 0}
FILLED = {"BD1_DISCORD_TOKEN": "none", "DOCKER_GID": "999"}


def composer() -> list[str]:
    """The command of whichever Compose there is; the test is skipped without one."""
    if shutil.which("docker-compose"):
        return ["docker-compose"]
    if shutil.which("docker") and _works("docker", "compose", "version"):
        return ["docker", "compose"]
    if "compose" in os.environ.get("BD1_REQUIRE", "").split(","):
        pytest.fail("BD1_REQUIRE asks for compose, but neither docker-compose nor docker compose is installed")
    pytest.skip("neither docker-compose nor docker compose is installed, so compose.yaml is not read by the real thing")


def _works(*command: str) -> bool:
    return subprocess.run(command, capture_output=True, check=False).returncode == 0


def resolved(folder: Path, *options: str, **variables: str) -> subprocess.CompletedProcess[str]:
    """What Compose makes of the file; only the variables given here are set."""
    nothing = folder / "empty.env"
    nothing.touch()
    kept = {name: value for name, value in os.environ.items() if name in {"PATH", "HOME"}}
    command = [*composer(), "--env-file", str(nothing), "-f", str(FILE), *options, "config"]
    return subprocess.run(command, env=kept | variables, cwd=REPO, capture_output=True, text=True, check=False)


def gpu_of(service: dict[str, Any]) -> list[dict[str, Any]]:
    resources = service.get("deploy", {}).get("resources", {})
    devices: list[dict[str, Any]] = resources.get("reservations", {}).get("devices", [])
    return devices


def test_every_workload_of_the_configuration_is_a_container_of_this_name() -> None:
    named = {service["container_name"] for service in SERVICES.values()}
    assert named == set(WORKLOADS) | {"bd1"}
    assert all(service["container_name"] == key for key, service in SERVICES.items())


def test_what_uses_the_card_is_what_has_it_and_bd1_beside_them() -> None:
    assert {name for name, service in SERVICES.items() if gpu_of(service)} == ON_THE_CARD | {"bd1"}


@pytest.mark.parametrize("name", sorted(ON_THE_CARD))
def test_docker_never_starts_a_gpu_workload_by_itself(name: str) -> None:
    assert SERVICES[name]["restart"] == "no"
    assert SERVICES[name]["restart"] in WORKLOADS[name]["allowed_restart"]
    assert SERVICES[name]["profiles"] == ["gpu"]


@pytest.mark.parametrize("name", sorted(ON_THE_CARD))
def test_a_gpu_workload_leaves_no_process_behind(name: str) -> None:
    assert SERVICES[name]["init"] is True


def test_nothing_that_compose_starts_pulls_a_gpu_workload_along() -> None:
    pulled = {name for service in SERVICES.values() for name in service.get("depends_on", [])}
    assert not pulled & ON_THE_CARD


@pytest.mark.parametrize("name", sorted(set(WORKLOADS) - ON_THE_CARD))
def test_what_never_touches_the_card_is_kept_up_with_a_policy_the_configuration_allows(name: str) -> None:
    assert SERVICES[name]["restart"] == "unless-stopped"
    assert SERVICES[name]["restart"] in WORKLOADS[name]["allowed_restart"]


@pytest.mark.parametrize("name", sorted(WORKLOADS))
def test_the_port_of_a_health_address_is_published_on_this_machine(name: str) -> None:
    port = re.search(r"^http://127\.0\.0\.1:(\d+)/", WORKLOADS[name]["health_url"])
    assert port is not None
    published = [re.sub(r"\$\{WEB_BIND:-(.*)\}", r"\1", each) for each in SERVICES[name]["ports"]]
    assert [each.rpartition(":")[0] for each in published] == [f"127.0.0.1:{port[1]}"]


def test_what_has_no_password_is_never_published_beyond_this_machine() -> None:
    assert all(each.startswith("127.0.0.1:") for name in ON_THE_CARD for each in SERVICES[name]["ports"])


def test_bd1_sees_the_hosts_processes_and_addresses() -> None:
    assert (SERVICES["bd1"]["pid"], SERVICES["bd1"]["network_mode"]) == ("host", "host")
    assert "/var/run/docker.sock:/var/run/docker.sock" in SERVICES["bd1"]["volumes"]


def test_bd1_can_do_no_more_than_it_must() -> None:
    bd1 = SERVICES["bd1"]
    assert bd1["cap_drop"] == ["ALL"]
    assert bd1["read_only"] is True
    assert "no-new-privileges:true" in bd1["security_opt"]
    assert "./config.yaml:/bd1/config.yaml:ro" in bd1["volumes"]
    assert not {"privileged", "cap_add", "user", "ports"} & set(bd1)


def test_bd1_may_measure_the_card_and_not_compute_on_it() -> None:
    assert [set(device["capabilities"]) for device in gpu_of(SERVICES["bd1"])] == [{"gpu", "utility"}]


def test_bd1_keeps_its_data_in_a_volume_at_the_folder_the_configuration_names() -> None:
    assert f"bd1:/bd1/{CONFIG['data_dir']}" in SERVICES["bd1"]["volumes"]


def test_ollama_reserves_the_context_that_chat_asks_for() -> None:
    assert SERVICES["ollama"]["environment"]["OLLAMA_CONTEXT_LENGTH"] == str(CONFIG["chat"]["num_ctx"])


def test_compose_itself_accepts_the_file(tmp_path: Path) -> None:
    answer = resolved(tmp_path, "--profile", "gpu", **FILLED)
    assert answer.returncode == 0, answer.stderr
    assert set(yaml.safe_load(answer.stdout)["services"]) == set(SERVICES)


@pytest.mark.parametrize("variable", sorted(FILLED))
def test_a_variable_that_is_not_set_is_named_with_what_to_put_there(variable: str, tmp_path: Path) -> None:
    answer = resolved(tmp_path, **{name: value for name, value in FILLED.items() if name != variable})
    assert answer.returncode != 0
    assert re.search(r"put .* into \.env", answer.stderr)
    assert variable in answer.stderr


def test_the_token_stands_in_no_file_that_is_shipped() -> None:
    assert SERVICES["bd1"]["environment"]["BD1_DISCORD_TOKEN"].startswith("${BD1_DISCORD_TOKEN:?")
