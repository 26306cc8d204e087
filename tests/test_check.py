"""`bd1 check` finds what is missing in each part, says how to mend it, and is not held up by a part that hangs."""

import asyncio
import dataclasses
import json
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bd1.check import check, passed
from bd1.check_finding import Finding, render_table, to_json
from bd1.config import load
from bd1.core.gpu import CardIdentity, Fault, GpuSample, ProbeFailure, Reading
from bd1.core.settings import DiscordSettings, RestartPolicy, Settings
from bd1.errors import ChatUnavailable, ContainerMissing, DockerUnavailable
from bd1.ports import ContainerState, InstalledModel
from bd1.sim.discord.server import LoopbackDiscord
from bd1.sim.discord.settings import ServerSettings

REPO = Path(__file__).parent.parent
CARD = CardIdentity(
    index=0, uuid="GPU-1", name="RTX 4000 Ada", total_mib=20475, driver="580.1", persistence=True, reserved_mib=460
)
IDLE = GpuSample(at_s=1.0, total_mib=20475, free_mib=20000)
LOST = ProbeFailure(1.0, Fault.LOST, "The driver has lost the card.")


@dataclass
class Probe:
    card: CardIdentity | ProbeFailure = CARD
    reading: Reading = IDLE

    async def identity(self) -> CardIdentity | ProbeFailure:
        return self.card

    async def sample(self) -> Reading:
        return self.reading


@dataclass
class Docker:
    states: dict[str, ContainerState] = field(default_factory=dict)
    away: bool = False

    async def version(self) -> str:
        if self.away:
            raise DockerUnavailable("Docker does not answer.")
        return "29.0"

    async def inspect(self, name: str) -> ContainerState:
        await self.version()
        if name not in self.states:
            raise ContainerMissing(f"There is no container {name}.")
        return self.states[name]


@dataclass
class Ollama:
    models: tuple[str, ...] = ("llama3:8b",)
    away: bool = False
    hangs: bool = False

    async def version(self) -> str:
        if self.hangs:
            await asyncio.Event().wait()
        if self.away:
            raise ChatUnavailable("Ollama does not answer at http://127.0.0.1:11434.")
        return "0.33.0"

    async def installed(self) -> tuple[InstalledModel, ...]:
        return tuple(InstalledModel(name, 4700) for name in self.models)


@dataclass
class Processes:
    sees: bool = True

    def sees_host(self) -> bool:
        return self.sees


@dataclass
class World:
    settings: Settings
    probe: Probe
    docker: Docker
    ollama: Ollama
    processes: Processes
    environ: dict[str, str]
    proc: Path
    http: aiohttp.ClientSession
    limit_s: float = 10.0

    def configure(self, **changes: Any) -> None:
        self.settings = dataclasses.replace(self.settings, **changes)

    def discord(self, **changes: Any) -> None:
        self.configure(discord=dataclasses.replace(self.settings.discord, **changes))

    async def findings(self) -> tuple[Finding, ...]:
        return await check(
            self.settings,
            probe=self.probe,
            containers=self.docker,
            chat=self.ollama,
            processes=self.processes,
            environ=self.environ,
            http=self.http,
            proc=self.proc,
            limit_s=self.limit_s,
        )

    async def one(self, text: str) -> Finding:
        """The one finding that holds these words."""
        findings = await self.findings()
        [found] = [each for each in findings if text in each.text]
        return found


def container(name: str, policy: RestartPolicy = RestartPolicy.NO, *, running: bool = True) -> ContainerState:
    return ContainerState(name, "f" * 64, running, "running" if running else "exited", policy)


@pytest.fixture
async def fleet() -> AsyncIterator[LoopbackDiscord]:
    async with LoopbackDiscord() as server:
        yield server


@pytest.fixture
async def world(fleet: LoopbackDiscord, tmp_path: Path) -> AsyncIterator[World]:
    """Everything there and in order; a test takes one thing away."""
    seed = fleet.seed
    discord = DiscordSettings(
        api_base=fleet.api_base,
        guild_ids=(seed.guild_id,),
        alert_channel_id=seed.channels[0].id,
        operator_role_ids=(seed.roles[0].id,),
    )
    (tmp_path / "proc").mkdir()
    names = ["ollama", "comfyui", "open-webui", "anythingllm"]
    settings = dataclasses.replace(load(REPO / "config.yaml", {}), discord=discord, data_dir=tmp_path)
    async with aiohttp.ClientSession() as http:
        yield World(
            settings=settings,
            probe=Probe(),
            docker=Docker({name: container(name) for name in names}),
            ollama=Ollama(),
            processes=Processes(),
            environ={"BD1_DISCORD_TOKEN": seed.token},
            proc=tmp_path / "proc",
            http=http,
        )


async def test_with_everything_there_nothing_required_is_missing(world: World) -> None:
    findings = await world.findings()

    assert passed(findings)
    assert [each.text for each in findings if each.ok is False and each.part != "Machine"] == []
    assert {each.part for each in findings} >= {"Discord", "Card", "Docker", "Chat model", "Data folder", "Processes"}


async def test_every_finding_that_is_not_in_order_says_what_to_do(world: World) -> None:
    world.environ, world.ollama.models, world.processes.sees = {}, (), False
    world.probe.card, world.docker.states = LOST, {}

    findings = await world.findings()

    wrong = [each for each in findings if each.ok is False]
    assert len(wrong) >= 8
    assert all(each.fix for each in wrong)


async def test_a_part_that_hangs_is_cut_off_and_hides_no_other(world: World) -> None:
    world.ollama.hangs, world.limit_s = True, 0.2

    findings = await world.findings()

    [hung] = [each for each in findings if each.part == "Chat model"]
    assert (hung.ok, hung.required, hung.text) == (False, True, "No answer within 0.2 s.")
    assert any(each.part == "Card" and each.ok for each in findings)


async def test_a_part_that_breaks_hides_no_other(world: World) -> None:
    world.probe.card = None  # type: ignore[assignment]  # a mistake in an adapter

    findings = await world.findings()

    [broken] = [each for each in findings if each.part == "Card"]
    assert broken.text == "The check itself failed (AttributeError)."
    assert any(each.part == "Docker" and each.ok for each in findings)


async def test_a_missing_token_is_named_by_its_variable(world: World) -> None:
    world.environ = {}

    found = await world.one("holds no bot token")

    assert not passed([found])
    assert found.text == "The environment variable BD1_DISCORD_TOKEN holds no bot token."
    assert "set BD1_DISCORD_TOKEN" in found.fix


async def test_a_token_that_discord_refuses_is_told_and_not_shown(world: World) -> None:
    world.environ = {"BD1_DISCORD_TOKEN": "wrong-but-secret"}

    findings = await world.findings()

    assert any(each.text == "Discord refuses the token in BD1_DISCORD_TOKEN." for each in findings)
    assert "wrong-but-secret" not in to_json(findings)


async def test_discord_out_of_reach_is_one_finding(world: World) -> None:
    world.discord(api_base="http://127.0.0.1:9/api/v10")

    found = [each for each in await world.findings() if each.part == "Discord"]

    assert [each.text for each in found] == ["Discord cannot be reached (ClientConnectorError)."]


async def test_a_server_that_the_bot_has_not_joined_comes_with_its_invitation(world: World) -> None:
    world.discord(guild_ids=(10**17,))

    found = await world.one("has not joined")

    assert found.required
    assert "https://discord.com/oauth2/authorize?scope=bot+applications.commands&permissions=" in found.fix
    assert f"guild_id={10**17}" in found.fix


async def test_a_configuration_with_placeholders_is_called_unfinished(world: World) -> None:
    world.discord(guild_ids=(), alert_channel_id=None)

    findings = await world.findings()

    assert not passed(findings)
    texts = [each.text for each in findings if each.part == "Discord" and each.ok is False]
    assert texts == [
        "No server is configured, so BD-1 would obey nobody.",
        "No alert channel is configured: alerts are only logged.",
    ]


@pytest.mark.parametrize("key", ["chat_channel_ids", "operator_role_ids", "user_role_ids"])
async def test_a_channel_or_role_that_is_not_there_is_named(world: World, key: str) -> None:
    world.discord(**{key: (10**17,)})

    found = await world.one(f"discord.{key}: there is no")

    assert found.required
    assert str(10**17) in found.text


async def test_message_content_is_looked_for_only_when_it_is_wanted(world: World) -> None:
    assert not [each for each in await world.findings() if "Message Content" in each.text]

    world.discord(message_content=True)
    found = await world.one("Message Content intent is off")

    assert found.required


async def test_message_content_that_is_on_is_found(world: World) -> None:
    async with LoopbackDiscord(settings=ServerSettings(privileged_intents=1 << 15)) as fleet:
        world.discord(message_content=True, api_base=fleet.api_base)
        found = await world.one("The Message Content intent is on.")

    assert found.ok


async def test_a_card_that_cannot_be_read_is_told_in_the_drivers_words(world: World) -> None:
    world.probe.card = LOST

    found = await world.one("Cannot be read (lost): The driver has lost the card.")

    assert found.required


async def test_a_card_whose_memory_cannot_be_read_is_missing(world: World) -> None:
    world.probe.reading = LOST

    found = await world.one("Its memory cannot be read")

    assert not passed([found])


async def test_a_smaller_card_than_the_ceiling_is_refused_with_the_right_figures(world: World) -> None:
    world.probe.card = dataclasses.replace(CARD, total_mib=16380)

    found = await world.one("but the card has only")

    assert found.required
    assert found.fix == ("Set gpu.total_mib to 16380 and gpu.ceiling_mib to 15561 or less in the configuration.")


async def test_a_larger_card_than_configured_is_only_a_warning(world: World) -> None:
    world.probe.card = dataclasses.replace(CARD, total_mib=24564)

    found = await world.one("gpu.total_mib says")

    assert found.state == "warning"


async def test_a_ceiling_above_the_protective_tier_is_a_warning(world: World) -> None:
    world.configure(watchdog=dataclasses.replace(world.settings.watchdog, protect_pct=92.0))

    found = await world.one("is above watchdog.protect_pct")

    assert (found.state, found.fix) == ("warning", "Set gpu.ceiling_mib to 18837 or less.")


@pytest.mark.parametrize(("mode", "state"), [(True, "ok"), (False, "warning"), (None, "note")])
async def test_persistence_mode_is_told(world: World, mode: bool | None, state: str) -> None:
    world.probe.card = dataclasses.replace(CARD, persistence=mode)

    found = await world.one("ersistence mode")

    assert found.state == state


async def test_docker_away_is_told_once_and_the_containers_are_left_open(world: World) -> None:
    world.docker.away = True

    findings = await world.findings()

    assert [each.part for each in findings if each.ok is False and each.part != "Machine"] == ["Docker"]
    assert sum(each.text == "Could not be looked at without Docker." for each in findings) == 4


async def test_a_missing_container_is_named(world: World) -> None:
    del world.docker.states["comfyui"]

    found = await world.one("There is no such container.")

    assert (found.part, found.required) == ("Container comfyui", True)
    assert "workloads.comfyui.container" in found.fix


@pytest.mark.parametrize("policy", [RestartPolicy.ALWAYS, RestartPolicy.UNLESS_STOPPED, RestartPolicy.ON_FAILURE])
async def test_a_gpu_container_that_docker_restarts_is_refused_with_the_command_that_mends_it(
    world: World, policy: RestartPolicy
) -> None:
    world.docker.states["comfyui"] = container("comfyui", policy)

    found = await world.one("REFUSED")

    assert found.required
    assert f'restart policy is "{policy.value}"' in found.text
    assert found.fix.startswith("docker update --restart=no comfyui ")


async def test_a_container_without_vram_may_be_kept_up_by_docker(world: World) -> None:
    world.docker.states["open-webui"] = container("open-webui", RestartPolicy.ALWAYS)

    found = await world.one('restart policy "always"')

    assert found.ok


async def test_a_model_that_is_not_there_comes_with_the_command_that_fetches_it(world: World) -> None:
    world.ollama.models = ("mistral:latest",)

    found = await world.one("does not have llama3:8b")

    assert found.fix == "docker exec ollama ollama pull llama3:8b"


async def test_a_model_without_a_tag_is_its_latest(world: World) -> None:
    world.ollama.models = ("mistral:latest",)
    world.configure(chat=dataclasses.replace(world.settings.chat, model="mistral"))

    found = await world.one("mistral is there.")

    assert found.ok


async def test_ollama_away_while_its_container_is_down_is_in_order(world: World) -> None:
    world.ollama.away = True
    world.docker.states["ollama"] = container("ollama", running=False)

    found = await world.one("Ollama and its models could not be looked at")

    assert (found.state, passed(await world.findings())) == ("note", True)


async def test_ollama_away_while_its_container_runs_is_missing(world: World) -> None:
    world.ollama.away = True

    found = await world.one("Ollama does not answer")

    assert (found.required, found.fix.startswith("docker logs ollama")) == (True, True)


async def test_a_data_folder_that_is_a_file_is_refused(world: World, tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    world.configure(data_dir=tmp_path / "file")

    found = await world.one("cannot be written")

    assert found.required


async def test_a_data_folder_that_is_not_there_yet_is_left_unmade(world: World, tmp_path: Path) -> None:
    world.configure(data_dir=tmp_path / "a" / "b")

    found = await world.one("BD-1 will make it")

    assert found.ok
    assert not (tmp_path / "a").exists()


async def test_the_check_leaves_nothing_in_the_data_folder(world: World, tmp_path: Path) -> None:
    folder = tmp_path / "data"
    folder.mkdir()
    world.configure(data_dir=folder)

    found = await world.one("can be written")

    assert (found.ok, list(folder.iterdir())) == (True, [])


async def test_a_bot_that_sees_only_its_own_processes_is_warned(world: World) -> None:
    world.processes.sees = False

    found = await world.one("Only this container's own processes")

    assert (found.state, "pid: host" in found.fix) == ("warning", True)


async def test_a_guest_is_told_where_the_kernel_parameters_belong(world: World) -> None:
    (world.proc / "cpuinfo").write_text("flags : fpu hypervisor lahf_lm\n")

    found = await world.one("belong on the hypervisor")

    assert (found.state, found.required) == ("note", False)


@pytest.mark.parametrize(("gib", "state"), [(11.6, "ok"), (12.0, "ok"), (15.6, "note")])
async def test_a_guest_with_much_memory_is_told_of_the_stall(world: World, gib: float, state: str) -> None:
    (world.proc / "cpuinfo").write_text("flags : fpu hypervisor lahf_lm\n")
    (world.proc / "meminfo").write_text(f"MemTotal:       {int(gib * 1024 * 1024)} kB\nMemFree: 1 kB\n")

    found = await world.one(f"{gib} GiB of memory")

    assert found.state == state


@pytest.mark.parametrize(
    ("cmdline", "missing"),
    [
        ("quiet intel_iommu=on pcie_aspm=off pci=noaer nmi_watchdog=1", ""),
        ("pci=nommconf,noaer pcie_aspm=off nmi_watchdog=1", ""),
        ("quiet pcie_aspm=off nmi_watchdog=0", "pci=noaer, nmi_watchdog=1"),
    ],
)
async def test_a_machine_that_is_no_guest_is_asked_for_the_parameters(world: World, cmdline: str, missing: str) -> None:
    (world.proc / "cmdline").write_text(cmdline)

    found = await world.one("The kernel runs with")

    assert (found.state, missing in found.text) == ("warning" if missing else "ok", True)


FINDINGS = st.builds(
    Finding,
    part=st.text("abc DE", min_size=1, max_size=20),
    ok=st.sampled_from([True, False, None]),
    required=st.booleans(),
    text=st.text("abcdefgh .:", min_size=1, max_size=200).map(lambda text: f"x{text}"),
    fix=st.text("abcdefgh -", max_size=120),
)


@given(st.lists(FINDINGS, max_size=8), st.integers(0, 200))
def test_no_row_of_the_table_is_wider_than_it_may_be(findings: list[Finding], width: int) -> None:
    table = render_table(findings, colour=False, width=width)
    part = max((len(each.part) for each in findings), default=0)

    widest = max(len(line) for line in table.split("\n"))

    longest_word = max((len(word) for each in findings for word in each.fix.split()), default=0)
    assert widest <= max(width, 50, part + 31, part + 14 + longest_word)


@given(st.lists(FINDINGS, max_size=8))
def test_colours_change_nothing_but_the_colour(findings: list[Finding]) -> None:
    plain, coloured = (render_table(findings, colour=colour, width=100) for colour in (False, True))

    for code in ("\033[32m", "\033[31;1m", "\033[33m", "\033[36m", "\033[0m"):
        coloured = coloured.replace(code, "")
    assert coloured == plain


@given(st.lists(FINDINGS, max_size=8))
def test_the_json_the_table_and_the_verdict_agree(findings: list[Finding]) -> None:
    content = json.loads(to_json(findings))

    assert content["ok"] == passed(findings)
    assert ("Everything required is there." in render_table(findings, colour=False, width=100)) == content["ok"]
    assert [each["text"] for each in content["findings"]] == [each.text for each in findings]


def test_the_table_reads_as_it_should() -> None:
    findings = [
        Finding("Docker", ok=True, required=True, text="Engine 29.0 answers."),
        Finding("Card", ok=False, required=True, text="Cannot be read.", fix="nvidia-smi must work."),
        Finding("Card", ok=None, required=False, text="Persistence mode cannot be read."),
    ]

    assert render_table(findings, colour=False, width=80) == (
        "ok       Docker  Engine 29.0 answers.\n"
        "MISSING  Card    Cannot be read.\n"
        "                 -> nvidia-smi must work.\n"
        "note             Persistence mode cannot be read.\n"
        "\n"
        "1 required thing is missing."
    )
