"""What a model thinks is parted from what it answers, however the text comes cut."""

import itertools
from collections.abc import Iterable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bd1.core.thinking import Parted, Parting

WHOLE = "<think>It is full.\nI say so.</think>\n\nThe card is full."


def parted(pieces: Iterable[str], *, opens_unsaid: bool = False) -> tuple[str, str]:
    """The thinking and the answer of a text that comes in these pieces."""
    parting = Parting(opens_unsaid=opens_unsaid)
    came = sum((parting.feed(piece) for piece in pieces), Parted()) + parting.end()
    return came.thinking, came.text


def cuts(text: str) -> list[list[str]]:
    """Twelve ways to cut a text with two tags: where they begin, end and in their middles, and into single letters."""
    opening, closing = text.index("<think>"), text.index("</think>")
    places = [(1,), (3,), (6,), (7,), (closing,), (closing + 1,), (closing + 4,), (closing + 7,), (closing + 8,)]
    several = [(opening + 2, closing + 3), (opening + 7, closing + 8, closing + 9)]
    return [*(at(text, place) for place in (*places, *several)), [*text]]


def at(text: str, places: tuple[int, ...]) -> list[str]:
    ends = [0, *places, len(text)]
    return [text[start:end] for start, end in itertools.pairwise(ends)]


@pytest.mark.parametrize("pieces", cuts(WHOLE), ids=range(1, 13))
def test_twelve_ways_of_cutting_give_the_same_thinking_and_the_same_answer(pieces: list[str]) -> None:
    assert parted(pieces) == ("It is full.\nI say so.", "The card is full.")


@pytest.mark.parametrize(
    ("text", "thinking", "answer"),
    [
        ("<thinking>a</thinking>b", "a", "b"),
        ("<reasoning>a</reasoning> b", "a", "b"),
        ("\n<THINK>a</Think>b", "a", "b"),
        ("[THINK]a[/THINK]b", "a", "b"),
        ("◁think▷a◁/think▷b", "a", "b"),
        ("<|channel|>analysis<|message|>a<|end|><|start|>assistant<|channel|>final<|message|>b", "a", "b"),
        ("<|channel>thought\na<channel|>b", "\na", "b"),
        ("<|begin_of_thought|>a<|end_of_thought|>\n<|begin_of_solution|>b", "a", "b"),
        ("<think>a</think><think>c</think>b", "ac", "b"),
        ("<think></think>b", "", "b"),
        ("</think>b", "", "b"),
        ("<think>never closed", "never closed", ""),
        ("<think>a <think>b</think> c</think>d", "a <think>b</think> c", "d"),
        ("<think>the tag <think> is mine</think>d", "the tag <think> is mine</think>", "d"),
        ("<think >a</think\t>b", "a", "b"),
        ("Sure!\n<think>a</think>\nb", "a", "Sure!\nb"),
        ("Sure!\n  <think>never closed", "never closed", "Sure!\n"),
        ("<think>a</think>b\n<think>c</think>d", "ac", "b\nd"),
        ("I reason.\n</think>\n\nb", "I reason.\n", "b"),
        ("I reason.</think>\nb", "I reason.", "b"),
        ("I reason.\n\n</think> b", "I reason.\n\n", "b"),
        ("I reason.</think>", "I reason.", ""),
        ("Write </think> so.\nb", "", "Write </think> so.\nb"),
        ("Write `</think>\n` so.", "", "Write `</think>\n` so."),
        ("```\nif a:\n</think>\n```\nb", "", "```\nif a:\n</think>\n```\nb"),
        ("~~~\n<think>\n~~~\n<think>a</think>b", "a", "~~~\n<think>\n~~~\nb"),
        ("<think>a</think>b\n</think>\nc", "a", "b\n</think>\nc"),
        ("a\n<thin", "", "a\n<thin"),
        ("a\n  ", "", "a\n  "),
        ("<think>a</think>Write ```\n<think>b</think>\n``` so.", "a", "Write ```\n<think>b</think>\n``` so."),
        ("```html\n<think>b</think>\n```", "", "```html\n<think>b</think>\n```"),
        ("I <think> so.", "", "I <think> so."),
        ("<thin", "", "<thin"),
        ("  plain", "", "  plain"),
        ("< think>", "", "< think>"),
        ("", "", ""),
    ],
)
def test_marks_of_open_models_part_thinking_from_the_answer_and_code_is_code(
    text: str, thinking: str, answer: str
) -> None:
    assert parted([text]) == (thinking, answer)
    assert parted(text) == (thinking, answer)


TAGS = ["<think>", "</think>", "<thinking>", "</thinking>", "<|channel|>analysis<|message|>", "<|end|>", "[think]"]
WORDS = ["[/think]", "<|start|>assistant", "<", "th", "ink>", "</", "```", "a", "Ünï", "İ", "🚀", "\n", " "]
tagged = st.lists(st.sampled_from([*TAGS, *WORDS]), max_size=12).map("".join)


@given(tagged, st.lists(st.integers(0, 80), max_size=12))
def test_any_chunking_gives_the_same_thinking_and_the_same_answer(text: str, places: list[int]) -> None:
    assert parted(at(text, tuple(sorted(min(place, len(text)) for place in places)))) == parted([text])
    assert parted(text) == parted([text])


@given(st.text(), st.text())
def test_no_thinking_ever_leaks_into_the_answer_and_no_answer_is_lost(thought: str, answer: str) -> None:
    inner = thought.replace("<", "").replace("think>", "")
    said = "A" + answer
    assert parted(f"<think>{inner}</think>{said}") == (inner, said)


@given(st.text())
def test_a_text_without_marks_is_the_answer_as_it_is(text: str) -> None:
    plain = "A" + text
    assert parted(plain) == ("", plain)


@pytest.mark.parametrize(
    ("text", "thinking", "answer"),
    [
        ("I reason.\n</think>\n\nb", "I reason.\n", "b"),
        ("I reason and </think>b", "I reason and ", "b"),
        ("<think>a</think>b", "a", "b"),
        ("I only answer.\n", "I only answer.\n", "I only answer.\n"),
        ("a<think>b", "a<think>b", "a<think>b"),
        ("", "", ""),
    ],
)
def test_a_model_known_to_leave_the_opening_mark_out_thinks_until_it_says_that_it_is_done(
    text: str, thinking: str, answer: str
) -> None:
    assert parted([text], opens_unsaid=True) == (thinking, answer)
    assert parted(text, opens_unsaid=True) == (thinking, answer)


@given(tagged, st.lists(st.integers(0, 80), max_size=12), st.booleans())
def test_what_was_told_is_only_taken_back_as_a_whole(text: str, places: list[int], opens_unsaid: bool) -> None:
    parting, told = Parting(opens_unsaid=opens_unsaid), ""
    for piece in at(text, tuple(sorted(min(place, len(text)) for place in places))):
        came = parting.feed(piece)
        told = came.text if came.recalls else told + came.text
    came = parting.end()
    told = came.text if came.recalls else told + came.text
    assert told == parted([text], opens_unsaid=opens_unsaid)[1]
