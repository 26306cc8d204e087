"""What a model may ask for: its calls are read strictly, and what it is told stays short, whoever wrote the words."""

import json
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bd1.core.conversation import Said, fit
from bd1.core.gpu import CardIdentity, Fault, GpuDetails, GpuSample, ProbeFailure
from bd1.core.holders import Attribution, Holder
from bd1.core.incidents import Incident, Line
from bd1.core.tiers import Tier
from bd1.core.tools import (
    GPU_STATUS,
    MOST_COUNT,
    NOT_KNOWN,
    RECENT_INCIDENTS,
    TOOLS,
    TOOLS_TOKENS,
    CardFacts,
    ToolCall,
    Wanted,
    as_understood,
    card_words,
    declared,
    incidents_words,
    models_words,
    plain,
    read_call,
)

NOW = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
LONGEST = 4000
"""Characters of one answer to the model, with every mark of it escaped."""

names = st.one_of(st.sampled_from([tool.name for tool in TOOLS]), st.text(max_size=300))
leaves = st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), st.text(max_size=20))
arguments = st.one_of(
    leaves,
    st.lists(leaves, max_size=3),
    st.dictionaries(st.one_of(st.just("count"), st.text(max_size=9)), leaves, max_size=3),
)
foreign = st.text(max_size=400)


@given(names, arguments)
def test_whatever_a_model_asks_for_is_one_of_the_three_facts_or_gets_one_short_sentence(
    name: str, told: object
) -> None:
    read = read_call(ToolCall(name, told))
    if isinstance(read, Wanted):
        assert read.tool in TOOLS
        assert read.tool.name == name
        assert 1 <= read.count <= MOST_COUNT
    else:
        assert read.endswith(".")
        assert read.isprintable()
        assert len(read) < 200


@given(names, arguments)
def test_of_a_call_only_what_was_understood_goes_back_to_the_model(name: str, told: object) -> None:
    kept = as_understood(ToolCall(name, told))
    assert len(kept.name) <= 60
    assert kept.arguments == {} or kept.arguments == {"count": told["count"] if told else 3}  # type: ignore[index]


@pytest.mark.parametrize("name", ["switch", "gpu_mode", "unload", "kill", "", "GPU_STATUS", "gpu_status "])
def test_there_is_no_tool_that_acts(name: str) -> None:
    told = read_call(ToolCall(name, {}))
    assert isinstance(told, str)
    assert "There are gpu_status, loaded_models, recent_incidents, and they only tell." in told


@pytest.mark.parametrize(
    "told", [{"count": 0}, {"count": 6}, {"count": True}, {"count": "3"}, {"count": 2.0}, {"n": 1}, [3]]
)
def test_a_count_is_a_whole_number_within_its_bounds(told: object) -> None:
    assert read_call(ToolCall("recent_incidents", told)) == (
        "recent_incidents takes one argument, count: a whole number from 1 to 5."
    )


def test_arguments_may_be_left_out_and_others_are_none_of_it() -> None:
    assert read_call(ToolCall("gpu_status", None)) == Wanted(GPU_STATUS)
    assert read_call(ToolCall("gpu_status", {"count": 2})) == "gpu_status takes no arguments."
    assert read_call(ToolCall("recent_incidents", {"count": 5})) == Wanted(RECENT_INCIDENTS, 5)


def test_only_the_incidents_are_said_to_take_a_count() -> None:
    takes = {tool.name: list(declared(tool)["function"]["parameters"]["properties"]) for tool in TOOLS}
    assert takes == {"gpu_status": [], "loaded_models": [], "recent_incidents": ["count"]}


def card(**more: object) -> CardFacts:
    fields: dict[str, object] = {
        "reading": GpuSample(1.0, 20475, 15352, details=GpuDetails(temperature_c=41)),
        "age_s": 0.25,
        "identity": CardIdentity(0, "GPU-1", "RTX 4000 Ada", 20475, "570"),
        "attribution": Attribution((Holder("ollama", "ollama", 4700, (1,)),), 0),
        "tier": Tier.NORMAL,
        "ceiling_mib": 19000,
        "mode": "chat",
        "switching_to": None,
    }
    return CardFacts(**fields | more)  # type: ignore[arg-type]


def test_the_card_is_told_with_its_true_figures_and_what_is_unknown_is_left_out() -> None:
    assert json.loads(card_words(card())) == {
        "card": "RTX 4000 Ada",
        "seconds_ago": 0.2,
        "mode": "chat",
        "vram_used_mib": 5123,
        "vram_total_mib": 20475,
        "vram_used_pct": 25.0,
        "temperature_c": 41,
        "state": "normal",
        "ceiling_mib": 19000,
        "held_by": [{"who": "ollama", "mib": 4700}],
    }
    bare = json.loads(card_words(card(reading=GpuSample(1.0, 20475, 15352), attribution=None)))
    assert not {"temperature_c", "held_by", "utilisation_pct", "power_w"} & bare.keys()


def test_a_card_that_cannot_be_read_is_told_as_such_and_an_unseen_one_is_not_known() -> None:
    told = json.loads(card_words(card(reading=ProbeFailure(1.0, Fault.LOST, "The card fell off the bus."))))
    assert (told["state"], told["why"]) == ("cannot be read", "The card fell off the bus.")
    assert "vram_used_mib" not in told
    assert card_words(card(reading=None)) == NOT_KNOWN


@given(st.lists(foreign, max_size=40))
def test_foreign_names_never_make_an_answer_long_or_more_than_one_line(labels: list[str]) -> None:
    holders = tuple(Holder(label, None, 10, (7,)) for label in labels)
    incident = Incident("1", "k", "".join(labels), Tier.WARN, NOW, (Line(NOW, "".join(labels)),))
    for told in (
        card_words(card(attribution=Attribution(holders, None))),
        models_words([(label, 4700, None) for label in labels]),
        incidents_words([incident] * 9, MOST_COUNT, NOW),
    ):
        assert len(told) <= LONGEST
        assert told.isprintable()
        json.loads(told)


@given(foreign, st.integers(min_value=1, max_value=80))
def test_plain_text_is_one_printable_line_within_its_limit(text: str, most: int) -> None:
    assert len(plain(text, most)) <= most
    assert plain(text, most).isprintable()


def test_incidents_come_newest_first_with_how_long_ago_they_were() -> None:
    began = [NOW - timedelta(minutes=minutes) for minutes in (90, 60, 30)]
    first, second, third = (
        Incident(str(n), "k", f"Story {n}", Tier.ALERT, at, (Line(at, "VRAM is full."),)) for n, at in enumerate(began)
    )
    told = json.loads(incidents_words([first, second, third], 2, NOW))["incidents"]
    assert [row["title"] for row in told] == ["Story 2", "Story 1"]
    assert (told[0]["began_min_ago"], told[0]["ended_min_ago"], told[0]["last"]) == (30, "goes on", "VRAM is full.")
    assert incidents_words([], 3, NOW) == "There was no incident."


def test_models_are_told_with_when_they_leave() -> None:
    told = json.loads(models_words([("llama3:8b", 4700, 4.6), ("qwen3:4b", 2500, None)]))
    assert told["loaded"] == [
        {"name": "llama3:8b", "vram_mib": 4700, "leaves_in_min": 5},
        {"name": "qwen3:4b", "vram_mib": 2500, "leaves_in_min": "never"},
    ]


def test_what_goes_along_takes_its_room_out_of_the_conversation() -> None:
    said = [Said("user", "word " * 100, "Han") for _ in range(9)]
    without = fit("", said, num_ctx=2000, max_answer_tokens=400)
    with_tools = fit("", said, num_ctx=2000, max_answer_tokens=400, beside=TOOLS_TOKENS)
    assert with_tools.left_out > without.left_out
    assert with_tools.beside == TOOLS_TOKENS
    assert with_tools.tokens <= 1600
