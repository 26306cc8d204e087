"""Splitting a growing answer into Discord messages: ten thousand documents, and what each rule means."""

import random
import re
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bd1.core.stream import LIMIT, Growing, closed, join, split, units
from tests.core.documents import document, fence, inline, listing, table, tidy_blocks

DOCUMENTS = 10_000
ROUNDS = 20
"""The documents are tried in so many tests, each of another limit."""
LIMITS = (2000, 400, 300, 250)


def is_in_one(block: str, parts: tuple[str, ...]) -> bool:
    return any(block in part for part in parts)


def assert_balanced(shown: str) -> None:
    """What Discord sees: every block of code of a message ends in it."""
    assert closed(shown) == shown


def assert_whole_characters(parts: tuple[str, ...]) -> None:
    for part in parts[1:]:
        first = part[0]
        assert not "\udc00" <= first <= "\udfff"
        assert unicodedata.combining(first) == 0 or len(part) > 1
        assert first not in "\u200d\ufe0f"


@pytest.mark.parametrize("round_number", range(ROUNDS))
def test_ten_thousand_documents_are_cut_by_the_rules(round_number: int) -> None:
    limit = LIMITS[round_number % len(LIMITS)]
    share = DOCUMENTS // ROUNDS
    for seed in range(round_number * share, (round_number + 1) * share):
        text = document(seed)
        parts = split(text, limit)
        assert join(parts) == text, seed
        assert all(units(part.shown) <= limit for part in parts), seed
        for part in parts:
            assert_balanced(part.shown)
        grown = random.Random(seed).randint(0, len(text))  # noqa: S311 documents, not secrets
        assert split(text[:grown], limit)[:-1] == parts[: max(len(split(text[:grown], limit)) - 1, 0)], seed


@given(st.integers(0, 10**9), st.integers(0, 6000))
def test_parts_before_the_last_never_change_while_the_text_grows(seed: int, cut: int) -> None:
    text = document(seed)
    earlier, later = split(text[:cut], 300), split(text, 300)
    assert earlier[:-1] == later[: max(len(earlier) - 1, 0)]


@given(st.integers(0, 10**9))
def test_the_parts_before_the_last_never_change_at_any_single_token(seed: int) -> None:
    text = document(seed)[:900]
    settled: tuple[object, ...] = ()
    for size in range(0, len(text), 3):
        now = split(text[:size], 260)[:-1]
        assert now[: len(settled)] == settled
        settled = now


@given(st.integers(0, 10**9), st.lists(st.integers(0, 6000), max_size=8))
def test_a_text_cut_while_it_grows_is_cut_like_the_whole_of_it(seed: int, sizes: list[int]) -> None:
    text, growing = document(seed), Growing(300)
    for size in [*sorted(sizes), len(text), len(text)]:
        assert growing.parts(text[:size]) == split(text[:size], 300)


@given(st.text())
def test_any_text_at_all_is_rebuilt_exactly(text: str) -> None:
    assert join(split(text, 200)) == text
    assert all(units(part.shown) <= 200 for part in split(text, 200))


@given(st.integers(0, 10**9))
def test_blocks_that_fit_are_never_cut(seed: int) -> None:
    blocks = [block for block in tidy_blocks(seed) if units(block) <= 1700]
    parts = tuple(part.body for part in split("\n\n".join(blocks)))
    for block in blocks:
        if not re.match(r"[A-Z]", block):
            assert is_in_one(block, parts), block


def test_a_short_text_is_one_part_unchanged() -> None:
    assert [part.shown for part in split("Hello, there.")] == ["Hello, there."]
    assert split("") == ()


def test_a_text_of_exactly_the_limit_is_one_message() -> None:
    assert [part.shown for part in split("x" * LIMIT)] == ["x" * LIMIT]
    assert len(split("x" * LIMIT + "y")) == 2
    assert len(split("🦊" * 1000)) == 1
    assert len(split("🦊" * 1000 + "!")) == 2


def test_a_cut_block_of_code_is_opened_again_with_its_language() -> None:
    first, second = split("```python\n" + "print('droid')\n" * 200 + "```")[:2]
    assert first.shown.endswith("print('droid')\n```")
    assert second.shown.startswith("```python\nprint('droid')")


def test_a_fence_of_tildes_and_a_longer_one_are_closed_as_they_were_opened() -> None:
    for run in ("~~~", "````"):
        first, second = split(f"{run}md\n" + "```\nquoted\n```\n" * 200 + run)[:2]
        assert first.shown.endswith(f"\n{run}")
        assert second.shown.startswith(f"{run}md\n")


def test_a_fence_in_a_list_is_opened_again_where_it_stood() -> None:
    first, second = split("1. run this:\n   ```sh\n" + "   echo droid\n" * 200 + "   ```\n2. done")[:2]
    assert first.shown.endswith("   echo droid\n   ```")
    assert second.shown.startswith("   ```sh\n   echo droid")


def test_a_fence_that_is_never_closed_is_closed_below_each_message() -> None:
    parts = split("Look:\n```c\n" + "int x;\n" * 500)
    assert len(parts) > 1
    assert all(part.shown.endswith("\n```") for part in parts)


def test_no_empty_block_of_code_is_shown_where_only_the_end_of_one_is_left() -> None:
    for lines in range(100, 140):
        code = "```\n" + "x = 1234567890123\n" * lines + "```\n\nThat is all."
        assert "```\n```" not in "".join(part.shown for part in split(code))


def test_cuts_are_made_at_a_paragraph_then_a_sentence_then_a_word() -> None:
    assert split("One. Two.\n\n" + "a" * 150, 160)[0].shown.endswith("a")
    assert split("a " * 50 + "\n\n" + "b " * 60, 200)[0].shown == ("a " * 50).strip()
    assert split("a" * 150 + ". " + "b" * 100, 200)[0].shown == "a" * 150 + "."
    assert split("a" * 150 + " " + "b" * 100, 200)[0].shown == "a" * 150


def test_a_heading_goes_with_what_it_stands_above() -> None:
    first, second = split("word " * 50 + "\n\n## Next\n\n" + "more " * 60, 400)
    assert first.shown.endswith("word")
    assert second.shown.startswith("## Next\n\nmore")


def test_an_emoji_or_an_accent_is_never_cut_in_two() -> None:
    for cluster in ("👩‍🚀", "👍🏽", "🇩🇪", "e\u0301", "🏳️‍🌈"):
        for before in range(5):
            parts = split("x" * before + cluster * 300, 200)
            whole = tuple(part.shown.removeprefix("x" * before) for part in parts)
            assert all(part == cluster * (len(part) // len(cluster)) for part in whole), cluster


@pytest.mark.parametrize("kind", [listing, table, fence, inline])
def test_what_belongs_together_moves_to_the_next_message_whole(kind: object) -> None:
    assert callable(kind)
    for seed in range(200):
        block = str(kind(random.Random(seed)))  # noqa: S311 documents, not secrets
        text = "word " * 60 + "\n\n" + block + "\n\n" + "more " * 60
        assert is_in_one(block, tuple(part.body for part in split(text, 1000))), seed


def test_long_answers_are_cut_in_no_time_worth_speaking_of() -> None:
    text = "\n\n".join("\n\n".join(tidy_blocks(seed)) for seed in range(60))
    assert len(text) > 20_000
    assert join(split(text)) == text
