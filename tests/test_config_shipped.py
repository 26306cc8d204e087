"""The shipped config.yaml loads, documents every key with its real default, and a slip in a key is answered with it."""

import dataclasses
import difflib
import re
import tempfile
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import assume, given
from hypothesis import strategies as st

from bd1.config import load
from bd1.config_schema import keys
from bd1.config_yaml import KeyPath, read
from bd1.core.settings import (
    AlertSettings,
    ChatSettings,
    DiscordSettings,
    GpuSettings,
    Mode,
    RestartPolicy,
    Settings,
    SwitchSettings,
    WatchdogSettings,
    Workload,
    WorkloadKind,
)
from bd1.errors import ConfigError

SHIPPED = Path(__file__).parent.parent / "config.yaml"
TEXT = SHIPPED.read_text(encoding="utf-8")
SECTIONS: dict[KeyPath, type] = {
    ("discord",): DiscordSettings,
    ("gpu",): GpuSettings,
    ("workloads", "ollama"): Workload,
    ("modes", "chat"): Mode,
    ("watchdog",): WatchdogSettings,
    ("switch",): SwitchSettings,
    ("alerts",): AlertSettings,
    ("chat",): ChatSettings,
}
DOCUMENTED = [(path, section, key) for path, section in SECTIONS.items() for key in keys(section)]
NOTE = re.compile(r"\s#\s(?P<unit>[^#;]+?)(?:; default (?P<default>\S.*)|; (?P<required>required))$")


def shipped() -> Settings:
    return load(SHIPPED, {})


def note_of(path: KeyPath) -> re.Match[str]:
    """The note at the end of a key's line: unit, and default or "required"."""
    line = TEXT.split("\n")[read(SHIPPED).lines[path] - 1]
    found = NOTE.search(line)
    assert found, f"no unit and default at the end of: {line}"
    return found


def test_the_shipped_file_loads_as_it_is() -> None:
    settings = shipped()

    assert list(settings.workloads) == ["ollama", "comfyui", "open-webui", "anythingllm"]
    assert {name: mode.workloads for name, mode in settings.modes.items()} == {
        "chat": ("ollama", "open-webui", "anythingllm"),
        "image": ("comfyui",),
        "idle": (),
    }


def test_the_shipped_card_is_an_rtx_4000_ada_with_its_tiers() -> None:
    settings = shipped()

    assert (settings.gpu.total_mib, settings.gpu.ceiling_mib) == (20475, 19451)
    limits = settings.watchdog
    assert (limits.warn_pct, limits.alert_pct, limits.protect_pct) == (80, 90, 95)


def test_the_two_gpu_workloads_do_not_fit_together_and_never_restart_by_themselves() -> None:
    settings = shipped()
    on_card = [workload for workload in settings.workloads.values() if workload.uses_gpu]

    assert {workload.name: workload.vram_mib for workload in on_card} == {"ollama": 12000, "comfyui": 8000}
    assert sum(workload.vram_mib for workload in on_card) > settings.gpu.ceiling_mib
    assert all(workload.allowed_restart == (RestartPolicy.NO,) for workload in on_card)


def test_bd1_brings_up_chat_at_its_start() -> None:
    assert shipped().switch.start_mode == "chat"


def test_the_data_folder_lies_beside_the_file() -> None:
    assert shipped().data_dir == SHIPPED.parent / "data"


@pytest.mark.parametrize("section", [*SECTIONS.values(), Settings])
def test_every_setting_is_a_key_of_the_file(section: type) -> None:
    names = {field.name for field in dataclasses.fields(section)}

    assert set(keys(section)) == names - ({"name"} if section in {Workload, Mode} else set())


@pytest.mark.parametrize(("path", "section", "key"), DOCUMENTED, ids=str)
def test_every_key_is_documented_with_its_real_default(path: KeyPath, section: type, key: str) -> None:
    note = note_of((*path, key))
    field = next(field for field in dataclasses.fields(section) if field.name == key)

    if field.default is dataclasses.MISSING:
        assert note["required"]
    elif note["default"] == "as here":
        here = getattr(getattr(shipped(), str(path[0])), key)
        assert here == field.default
    else:
        assert as_typed(note["default"]) == plain(field.default)


def as_typed(written: str) -> Any:
    return yaml.safe_load(written)


def plain(value: Any) -> Any:
    """A default as YAML would hold it."""
    if isinstance(value, tuple):
        return [plain(item) for item in value]
    return str(value) if isinstance(value, RestartPolicy | WorkloadKind) else value


@pytest.mark.parametrize("key", ["data_dir", "docker_url"])
def test_the_keys_outside_the_sections_are_documented_too(key: str) -> None:
    note = note_of((key,))

    assert note["required"] if key == "data_dir" else note["default"] == "null"


@pytest.mark.parametrize(("path", "section", "key"), DOCUMENTED, ids=str)
def test_every_key_or_its_group_has_a_sentence_above_it(path: KeyPath, section: type, key: str) -> None:
    lines = TEXT.split("\n")
    above = read(SHIPPED).lines[*path, key] - 2
    while lines[above].strip() and not lines[above].lstrip().startswith("#"):
        above -= 1

    assert lines[above].lstrip().startswith("#"), f"{section.__name__}.{key} stands without a reason"


def test_no_line_is_too_long_to_read() -> None:
    assert max(len(line) for line in TEXT.split("\n")) <= 120


SCHEMA_KEYS = sorted({(*path, key) for path, _, key in DOCUMENTED} | {(key,) for key in keys(Settings)})
LETTERS = "abcdefghijklmnopqrstuvwxyz_"


@st.composite
def slips(draw: st.DrawFn, word: str) -> str:
    """The word after one edit: a letter more, less, another, or two swapped."""
    at = draw(st.integers(0, len(word) - 1))
    letter = draw(st.sampled_from(LETTERS))
    edits = [word[:at] + letter + word[at:], word[:at] + word[at + 1 :], word[:at] + letter + word[at + 1 :]]
    if at:
        edits.append(word[: at - 1] + word[at] + word[at - 1] + word[at + 1 :])
    return draw(st.sampled_from(edits))


@given(st.data())
def test_one_slip_in_any_key_is_answered_with_the_key_that_was_meant(data: st.DataObject) -> None:
    path = data.draw(st.sampled_from(SCHEMA_KEYS))
    meant = str(path[-1])
    slip = data.draw(slips(meant))
    section = SECTIONS.get(path[:-1], Settings)
    assume(slip not in keys(section))
    assume(all(likeness(slip, meant) > likeness(slip, other) for other in keys(section) if other != meant))
    lines = TEXT.split("\n")
    number = read(SHIPPED).lines[path]
    lines[number - 1] = lines[number - 1].replace(f"{meant}:", f"{slip}:", 1)

    with tempfile.TemporaryDirectory() as folder:
        said = refusal("\n".join(lines), Path(folder))

    place = ".".join([*map(str, path[:-1]), slip])
    assert f'config.yaml:{number}: {place}: unknown key; did you mean "{meant}"?' in said


def likeness(slip: str, key: str) -> float:
    return difflib.SequenceMatcher(None, key, slip).ratio()


def refusal(text: str, folder: Path) -> list[str]:
    path = folder / "config.yaml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(ConfigError) as refused:
        load(path, {})
    return str(refused.value).replace(f"{folder}/", "").split("\n")


IDS = st.lists(st.integers(10**16, 10**20 - 1), max_size=3)


@given(
    guilds=IDS,
    alert=st.none() | st.integers(10**16, 10**20 - 1),
    total=st.integers(20_000, 90_000),
    interval=st.floats(0.1, 60, allow_nan=False),
    tiers=st.lists(st.integers(10, 100), min_size=3, max_size=3, unique=True).map(sorted),
    persona=st.text(st.characters(codec="utf-8", categories=("L", "N", "P", "Zs")), max_size=200),
    context=st.integers(4096, 1_000_000),
)
def test_what_is_written_is_what_is_read(
    guilds: list[int], alert: int | None, total: int, interval: float, tiers: list[int], persona: str, context: int
) -> None:
    content = yaml.safe_load(TEXT)
    content["discord"] |= {"guild_ids": [str(number) for number in guilds], "alert_channel_id": alert}
    content["gpu"]["total_mib"] = total
    content["gpu"]["ceiling_mib"] = 20_000
    content["watchdog"] |= dict(zip(("warn_pct", "alert_pct", "protect_pct"), tiers, strict=True))
    content["watchdog"]["interval_s"] = interval
    content["chat"] |= {"persona": persona, "num_ctx": context}

    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "config.yaml"
        path.write_text(yaml.safe_dump(content, allow_unicode=True), encoding="utf-8")
        settings = load(path, {})

    assert (settings.discord.guild_ids, settings.discord.alert_channel_id) == (tuple(guilds), alert)
    assert (settings.gpu.total_mib, settings.watchdog.interval_s) == (total, interval)
    assert (settings.chat.persona, settings.chat.num_ctx) == (persona, context)


def test_sections_with_only_defaults_may_be_left_out(tmp_path: Path) -> None:
    path = tmp_path / "config.yaml"
    path.write_text(
        "workloads: {ollama: {container: ollama, kind: ollama}}\nmodes: {chat: {workloads: [ollama]}}\n"
        "chat: {workload: ollama}\ndata_dir: /srv/bd1\ngpu:\n",
        encoding="utf-8",
    )

    settings = load(path, {})

    assert (settings.gpu, settings.watchdog, settings.switch) == (GpuSettings(), WatchdogSettings(), SwitchSettings())
    assert settings.discord == DiscordSettings()
    assert settings.workloads["ollama"] == Workload(name="ollama", container="ollama", kind=WorkloadKind.OLLAMA)
    assert settings.data_dir == Path("/srv/bd1")


def test_an_id_of_zero_stands_for_none_yet(tmp_path: Path) -> None:
    text = TEXT.replace("  guild_ids: [] ", "  guild_ids: [0] ").replace("_channel_id: null ", "_channel_id: 0 ")
    path = tmp_path / "config.yaml"
    path.write_text(text, encoding="utf-8")

    discord = load(path, {}).discord

    assert (discord.guild_ids, discord.alert_channel_id) == ((), None)
