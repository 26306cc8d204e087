"""How the simulated Ollama reads requests: durations, names, broken JSON, and what of a conversation fits."""

import math
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bd1.sim.ollama.asks import Ask, parse_body, parse_chat, parse_generate, parse_keep_alive
from bd1.sim.ollama.prompts import cut_to, prompt_tokens
from bd1.sim.ollama.refusals import Refusal, encode


@pytest.mark.parametrize(
    ("sent", "seconds"),
    [
        (None, None),
        (0, 0.0),
        ("0", 0.0),
        (30, 30.0),
        (1.5, 1.5),
        ("10m", 600.0),
        ("1h30m", 5400.0),
        ("250ms", 0.25),
        ("1.5h", 5400.0),
        ("+5s", 5.0),
        (-1, math.inf),
        ("-1s", math.inf),
        ("-5m", math.inf),
    ],
)
def test_keep_alive_is_seconds_or_a_duration_and_negative_is_for_ever(sent: object, seconds: float | None) -> None:
    assert parse_keep_alive(sent) == seconds


@pytest.mark.parametrize("sent", ["abc", "", "10", "5 m", "m5", "1h-3m", True, [], {}])
def test_any_other_keep_alive_is_refused(sent: object) -> None:
    with pytest.raises(Refusal, match=r"[dD]uration") as caught:
        parse_keep_alive(sent)
    assert caught.value.status == 400


def outcome(parse: Callable[[], Any]) -> Any:
    """What came of it; the status alone when it was refused."""
    try:
        return parse()
    except Refusal as refusal:
        return refusal.status


@given(st.text(max_size=12) | st.integers() | st.floats(allow_nan=False) | st.booleans())
def test_a_keep_alive_is_understood_or_refused_and_nothing_else(sent: object) -> None:
    seconds = outcome(lambda: parse_keep_alive(sent))
    assert seconds == 400 or seconds >= 0


@given(st.binary(max_size=40) | st.text(max_size=40).map(str.encode))
def test_any_body_is_understood_or_refused_and_nothing_else(body: bytes) -> None:
    result = outcome(lambda: parse_chat(parse_body(body)))
    assert result == 400 or result.model


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=4),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["role", "content", "images"]), inner),
    max_leaves=6,
)
NAMES = ["model", "messages", "options", "keep_alive", "stream", "tools", "prompt", "images", "system", "format"]


@pytest.mark.parametrize("parse", [parse_chat, parse_generate])
@settings(max_examples=200)
@given(fields=st.dictionaries(st.sampled_from(NAMES), JSON))
def test_any_json_is_understood_or_refused_and_nothing_else(
    parse: Callable[[dict[str, Any]], Ask], fields: dict[str, object]
) -> None:
    result = outcome(lambda: parse(parse_body(encode({"model": "m", **fields}))))
    assert result == 400 or result.model


def test_the_oldest_messages_go_first_and_the_systems_words_stay() -> None:
    system, old, new = ({"role": role, "content": "x" * 400} for role in ("system", "user", "user"))
    assert prompt_tokens([system, old, new]) == 5 + 3 * 104
    assert cut_to([system, old, new], 250, truncate=True) == ((system, new), 213)
    assert cut_to([system, old, new], 400, truncate=True) == ((system, old, new), 317)
    assert cut_to([new], 50, truncate=True) == ((new,), 50)
    with pytest.raises(Refusal, match="exceeds the available context size"):
        cut_to([system, old, new], 250, truncate=False)
