"""What the model is sent: the newest first, within the context, and no silent loss."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bd1.core.conversation import PICTURE_TOKENS, Attached, Said, estimate_tokens, fit

files = st.lists(st.builds(Attached, st.sampled_from(["a.py", "b.md"]), st.text(max_size=300)), max_size=2).map(tuple)
messages = st.lists(
    st.builds(
        Said,
        role=st.sampled_from(["user", "assistant"]),
        text=st.text(max_size=300),
        speaker=st.sampled_from(["Han", "Leia", "Chopper"]),
        files=files,
    ),
    max_size=12,
)
personas = st.text(max_size=200)
contexts = st.tuples(st.integers(min_value=1, max_value=600), st.integers(min_value=0, max_value=400))
factors = st.floats(min_value=0.6, max_value=4)


@given(personas, messages, contexts, factors)
def test_whatever_is_sent_stays_within_the_context_whose_frame_fits(
    persona: str, said: list[Said], sizes: tuple[int, int], factor: float
) -> None:
    prompt = fit(persona, said, num_ctx=sizes[0], max_answer_tokens=sizes[1], factor=factor)
    frame = 8 + estimate_tokens(persona) + estimate_tokens("")
    if said and frame * factor <= sizes[0] - sizes[1] - factor:
        assert prompt.tokens * factor <= sizes[0] - sizes[1]


@given(personas, messages, contexts)
def test_the_newest_message_is_sent_whole_or_its_cut_is_told(
    persona: str, said: list[Said], sizes: tuple[int, int]
) -> None:
    prompt = fit(persona, said, num_ctx=sizes[0], max_answer_tokens=sizes[1])
    if not said:
        return
    role, text = prompt.turns[-1]
    assert role == said[-1].role
    if role == "assistant":
        assert said[-1].text.endswith(text) or text.endswith("```")
        return
    whole = said[-1].text in text and all(file.text in text for file in said[-1].files)
    assert whole or prompt.notes


@given(personas, messages, contexts)
def test_what_is_sent_and_what_is_left_out_is_everything_in_order(
    persona: str, said: list[Said], sizes: tuple[int, int]
) -> None:
    prompt = fit(persona, said, num_ctx=sizes[0], max_answer_tokens=sizes[1])
    assert len(prompt.turns) + prompt.left_out == len(said)
    for (role, text), message in zip(prompt.turns[:-1], said[prompt.left_out :], strict=False):
        assert role == message.role
        assert message.text in text


@given(personas, messages)
def test_nothing_is_left_out_of_a_context_that_is_large_enough(persona: str, said: list[Said]) -> None:
    prompt = fit(persona, said, num_ctx=10**6, max_answer_tokens=100)
    assert (prompt.left_out, prompt.notes) == (0, ())


@given(st.text(max_size=400), st.text(max_size=400))
def test_the_estimate_never_shrinks_as_the_text_grows(first: str, second: str) -> None:
    assert estimate_tokens(first + second) >= estimate_tokens(first)
    assert estimate_tokens(first) * 3 >= len(first.encode())


@pytest.mark.parametrize(
    ("texts", "told"),
    [
        (["Say hello in five words."], 15),
        (["", "What is the capital of France?"], 24),
        (["Count: one two three four five six"], 17),
        (["Répète: ça va ✓ 日本 🦙"], 29),
        (["I am 30. JSON."], 17),
        (["Hi"], 10),
    ],
)
def test_the_estimate_is_no_less_than_what_a_real_server_counted(texts: list[str], told: int) -> None:
    said = [Said("user", text) for text in texts[1:] or texts]
    assert fit(texts[0] if texts[1:] else "", said, num_ctx=9999, max_answer_tokens=9).tokens >= told


def test_people_are_named_only_where_several_speak() -> None:
    alone = fit("p", [Said("user", "hi", "Han"), Said("assistant", "yes", "BD-1")], num_ctx=999, max_answer_tokens=9)
    assert [text for _, text in alone.turns] == ["hi", "yes"]
    said = [Said("user", "hi", "Han"), Said("assistant", "yes", "BD-1"), Said("user", "and me", "Leia")]
    together = fit("p", said, num_ctx=999, max_answer_tokens=9)
    assert [text for _, text in together.turns] == ["Han: hi", "yes", "Leia: and me"]


def test_the_oldest_go_first() -> None:
    said = [Said("user", letter * 300, "Han") for letter in "abc"]
    prompt = fit("", said, num_ctx=8 + 8 + 2 * 108, max_answer_tokens=0)
    assert [text[0] for _, text in prompt.turns] == ["b", "c"]
    assert prompt.left_out == 1


def test_a_file_comes_below_its_message_in_a_fence_that_it_cannot_close() -> None:
    said = [Said("user", "look", "Han", (Attached("a.md", "``` code ```"),))]
    (turn,) = fit("", said, num_ctx=999, max_answer_tokens=9).turns
    assert turn[1] == "look\n\na.md:\n````\n``` code ```\n````"


def test_a_file_that_is_too_long_is_cut_before_the_message_and_that_is_told() -> None:
    said = [Said("user", "look " * 20, "Han", (Attached("log.txt", "line of log\n" * 500), Attached("b.txt", "b")))]
    prompt = fit("", said, num_ctx=600, max_answer_tokens=0)
    assert prompt.turns[0][1].startswith("look look")
    assert prompt.turns[0][1].count("line of log\n") > 50
    assert "Of log.txt only the beginning" in prompt.notes[0]
    assert prompt.tokens <= 600


def test_a_picture_takes_its_room() -> None:
    said = [Said("user", letter * 300, "Han") for letter in "ab"]
    sizes = {"num_ctx": PICTURE_TOKENS + 16 + 2 * 108, "max_answer_tokens": 0}
    assert fit("", said, **sizes).left_out == 0
    assert fit("", said, **sizes, pictures=1).left_out == 0
    assert fit("", said, **sizes, pictures=2).left_out == 1


def test_a_model_that_makes_more_tokens_of_a_text_is_sent_less_of_it() -> None:
    said = [Said("user", letter * 300, "Han") for letter in "abcd"]
    kept = [len(fit("", said, num_ctx=1000, max_answer_tokens=0, factor=factor).turns) for factor in (1.0, 3.0)]
    assert kept == [4, 2]
