"""Every wrong configuration is refused with its file, line, key and a sentence that says what to write instead."""

from pathlib import Path

import pytest
import yaml

from bd1.config import load
from bd1.errors import ConfigError

TEXT = (Path(__file__).parent.parent / "config.yaml").read_text(encoding="utf-8")


def refusal(text: str, folder: Path) -> list[str]:
    """What `load` says of this text, line by line; empty when it accepts it."""
    path = folder / "config.yaml"
    path.write_text(text, encoding="utf-8")
    try:
        load(path, {})
    except ConfigError as refused:
        return str(refused).replace(f"{folder}/", "").split("\n")
    return []


def changed(old: str, new: str) -> str:
    """The shipped text with one passage replaced."""
    assert TEXT.count(old) == 1, f"{old!r} must be in the shipped file exactly once"
    return TEXT.replace(old, new)


MISTAKES = yaml.safe_load(Path(__file__).with_name("config_refused.yaml").read_text(encoding="utf-8"))


@pytest.mark.parametrize("mistake", [pytest.param(mistake, id=name) for name, mistake in MISTAKES.items()])
def test_a_mistake_is_told_in_one_line_with_its_place_and_the_way_out(mistake: dict[str, str], tmp_path: Path) -> None:
    old, new = mistake["change"], mistake["into"]
    line = (TEXT[: TEXT.index(old)] + new.rstrip("\n")).count("\n") + 1

    assert refusal(changed(old, new), tmp_path) == [f"config.yaml:{line}: {mistake['said']}"]


def line_of(text: str, start: str) -> int:
    return next(number for number, line in enumerate(text.split("\n"), 1) if line.startswith(start))


def test_what_is_missing_is_told_on_the_line_of_its_section(tmp_path: Path) -> None:
    text = changed("    container: open-webui\n", "    kind: other\n")

    line = line_of(text, "  open-webui:")
    assert refusal(text, tmp_path) == [f"config.yaml:{line}: workloads.open-webui.container: is required but missing"]


def test_a_missing_section_is_told_without_complaints_about_what_refers_to_it(tmp_path: Path) -> None:
    text = TEXT[: TEXT.index("workloads:\n  ollama:")] + TEXT[TEXT.index("modes:\n") :]

    first = line_of(text, "discord:")
    assert refusal(text, tmp_path) == [f"config.yaml:{first}: workloads: is required but missing"]


def test_an_empty_section_of_workloads_is_refused(tmp_path: Path) -> None:
    text = TEXT[: TEXT.index("  ollama:\n")] + TEXT[TEXT.index("# Modes") :]

    line = line_of(text, "workloads:")
    assert refusal(text, tmp_path) == [f"config.yaml:{line}: workloads: is empty: name at least one"]


def test_a_workload_that_is_a_list_is_refused(tmp_path: Path) -> None:
    start, end = TEXT.index("    container: anythingllm\n"), TEXT.index("# Modes")
    text = TEXT[:start] + "    - anythingllm\n" + TEXT[end:]

    line = line_of(text, "  anythingllm:")
    said = "workloads.anythingllm: must be a section with keys of its own; it is a list"
    assert refusal(text, tmp_path) == [f"config.yaml:{line}: {said}"]


def test_a_margin_as_large_as_the_lowest_tier_is_blamed_on_the_margin(tmp_path: Path) -> None:
    text = changed("  warn_pct: 80 ", "  warn_pct: 5 ")

    line = line_of(text, "  rearm_margin_pct:")
    said = "watchdog.rearm_margin_pct: must be below warn_pct: 5 is not below 5 per cent"
    assert refusal(text, tmp_path) == [f"config.yaml:{line}: {said}"]


def test_a_gate_that_takes_longer_than_a_switch_may_wait_is_refused(tmp_path: Path) -> None:
    text = changed("  gate_samples: 3 ", "  gate_samples: 20 ").replace(
        "  gate_interval_s: 0.2 ", "  gate_interval_s: 3 "
    )

    line = line_of(text, "  release_timeout_s:")
    said = "must be longer than gate_samples x gate_interval_s (60 seconds), or no switch can ever pass"
    assert refusal(text, tmp_path) == [f"config.yaml:{line}: switch.release_timeout_s: {said}"]


def test_a_tolerance_above_the_ceiling_is_refused(tmp_path: Path) -> None:
    text = changed("  tolerance_mib: 256 ", "  tolerance_mib: 16000 ").replace(
        "ceiling_mib: 19451 ", "ceiling_mib: 16000 "
    )

    line = line_of(text, "  tolerance_mib:")
    said = "gpu.tolerance_mib: must be below ceiling_mib: 16000 MiB is not less than 16000 MiB"
    assert refusal(text, tmp_path) == [f"config.yaml:{line}: {said}"]


def test_a_key_that_stands_twice_is_refused_with_the_line_of_the_first(tmp_path: Path) -> None:
    text = changed("  index: 0 ", "  uuid: null\n  index: 0 ")

    first, second = line_of(text, "  uuid:"), line_of(text, "  index:") + 1
    said = f"gpu.uuid: this key is already on line {first}: keep one of the two"
    assert refusal(text, tmp_path) == [f"config.yaml:{second}: {said}"]


def test_more_modes_than_discord_can_offer_are_refused(tmp_path: Path) -> None:
    text = changed("  idle:\n", "".join(f"  m{n}: {{workloads: [comfyui]}}\n" for n in range(23)) + "  idle:\n")

    line = line_of(text, "modes:")
    assert refusal(text, tmp_path) == [f"config.yaml:{line}: modes: has 26 modes; Discord can offer 25 at most"]


def test_merging_keys_is_refused(tmp_path: Path) -> None:
    text = changed("  index: 0 ", "  <<: {index: 1}\n  index: 0 ")

    line = line_of(text, "  <<:")
    assert refusal(text, tmp_path) == [f"config.yaml:{line}: gpu: merging with << is not supported: write the keys out"]


def test_all_mistakes_are_told_at_once_in_the_order_of_the_file(tmp_path: Path) -> None:
    text = changed("  index: 0 ", "  indx: 0 ").replace("  alert_pct: 90 ", "  alert_pct: 70 ")
    text = text.replace("    workloads: [comfyui]", "    workloads: [comfy]").replace(
        "num_ctx: 8192 ", "num_ctx: lots "
    )

    keys = [line.split(": ")[1] for line in refusal(text, tmp_path)]

    assert keys == ["gpu.indx", "modes.image.workloads[0]", "watchdog.alert_pct", "chat.num_ctx"]
