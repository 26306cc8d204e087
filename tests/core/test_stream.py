"""Splitting a growing answer into Discord messages."""

import re

from hypothesis import given
from hypothesis import strategies as st

from bd1.core.stream import LIMIT, split, units

_TEXT = st.lists(
    st.sampled_from(["word ", "\n", "\n\n", "A sentence. ", "```python\n", "```\n", "🦊", "x" * 300, "    code()\n"]),
    max_size=120,
).map("".join)


@given(_TEXT)
def test_no_part_is_longer_than_discord_allows_or_blank(text: str) -> None:
    parts = split(text)
    assert all(units(part) <= LIMIT for part in parts)
    assert all(part.strip() for part in parts)


@given(_TEXT, st.integers(0, 4000))
def test_parts_before_the_last_never_change_while_the_text_grows(text: str, cut: int) -> None:
    earlier, later = split(text[:cut]), split(text)
    assert earlier[:-1] == later[: max(len(earlier) - 1, 0)]


@given(_TEXT)
def test_every_part_has_its_fences_closed(text: str) -> None:
    for part in split(text):
        fences = [line for line in part.split("\n") if line.strip().startswith("```")]
        assert len(fences) % 2 == 0


@given(_TEXT)
def test_no_word_is_lost_or_doubled(text: str) -> None:
    def words(value: str) -> str:
        return re.sub(r"```\w*|\s", "", value)

    assert words("".join(split(text))) == words(text)


def test_a_short_text_is_one_part_unchanged() -> None:
    assert split("Hello, there.") == ("Hello, there.",)


def test_a_cut_code_block_is_opened_again_with_its_language() -> None:
    first, second = split("```python\n" + "print('droid')\n" * 200 + "```")[:2]
    assert first.endswith("\n```")
    assert second.startswith("```python\n")
