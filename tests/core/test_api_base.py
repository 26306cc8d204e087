"""Where a workload's API begins, known from its health address alone."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bd1.core.settings import HEALTH_PATHS, Workload, WorkloadKind, api_base

OLLAMA, COMFYUI, OTHER = WorkloadKind.OLLAMA, WorkloadKind.COMFYUI, WorkloadKind.OTHER


@pytest.mark.parametrize(
    ("kind", "health_url", "base"),
    [
        (OLLAMA, "http://127.0.0.1:11434/api/version", "http://127.0.0.1:11434"),
        (COMFYUI, "http://127.0.0.1:8188/system_stats", "http://127.0.0.1:8188"),
        (COMFYUI, "http://127.0.0.1:8188/system_stats/", "http://127.0.0.1:8188"),
        (COMFYUI, "http://127.0.0.1:8188/api/system_stats", "http://127.0.0.1:8188/api"),
        (COMFYUI, "https://box.lan/pictures/system_stats", "https://box.lan/pictures"),
        (COMFYUI, "http://127.0.0.1:8188", "http://127.0.0.1:8188"),
        (OLLAMA, "http://127.0.0.1:11434/", "http://127.0.0.1:11434"),
        (OLLAMA, "http://box.lan/health", None),
        (COMFYUI, "http://box.lan/api/version", None),
        (OTHER, "http://127.0.0.1:3000/", None),
    ],
)
def test_the_api_begins_where_the_health_address_says(kind: WorkloadKind, health_url: str, base: str | None) -> None:
    assert api_base(health_url, kind) == base
    assert Workload(name="a", container="a", kind=kind, health_url=health_url).base_url == base


def test_without_a_health_address_nobody_knows_where_the_api_begins() -> None:
    assert Workload(name="a", container="a", kind=COMFYUI).base_url is None


@given(
    kind=st.sampled_from(list(HEALTH_PATHS)),
    server=st.from_regex(r"https?://[a-z.]{1,9}(:[0-9]{1,5})?", fullmatch=True),
    folders=st.lists(st.from_regex(r"/[a-z_]{1,6}", fullmatch=True), max_size=3).map("".join),
)
def test_the_health_path_of_a_kind_leads_back_to_where_its_api_begins(
    kind: WorkloadKind, server: str, folders: str
) -> None:
    assert api_base(server + folders + HEALTH_PATHS[kind], kind) == server + folders
