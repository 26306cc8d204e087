"""What the model is sent: the newest first, within the context, and no silent loss."""

from hypothesis import given
from hypothesis import strategies as st

from bd1.core.conversation import Said, estimate_tokens, fit

messages = st.lists(
    st.builds(
        Said,
        role=st.sampled_from(["user", "assistant"]),
        text=st.text(max_size=300),
        speaker=st.sampled_from(["Han", "Leia", "Chopper"]),
    ),
    max_size=12,
)
personas = st.text(max_size=200)
contexts = st.tuples(st.integers(min_value=1, max_value=600), st.integers(min_value=0, max_value=400))


@given(personas, messages, contexts)
def test_the_newest_message_is_always_sent_whole(persona: str, said: list[Said], sizes: tuple[int, int]) -> None:
    prompt = fit(persona, said, num_ctx=sizes[0], max_answer_tokens=sizes[1])
    if said:
        role, text = prompt.turns[-1]
        assert role == said[-1].role
        assert text.endswith(said[-1].text)


@given(personas, messages, contexts)
def test_more_than_the_newest_is_sent_only_within_the_budget(
    persona: str, said: list[Said], sizes: tuple[int, int]
) -> None:
    num_ctx, answer = sizes
    prompt = fit(persona, said, num_ctx=num_ctx, max_answer_tokens=answer)
    spent = estimate_tokens(persona) + sum(estimate_tokens(text) for _, text in prompt.turns)
    assert len(prompt.turns) <= 1 or spent + answer <= num_ctx


@given(personas, messages, contexts)
def test_what_is_sent_and_what_is_left_out_is_everything_in_order(
    persona: str, said: list[Said], sizes: tuple[int, int]
) -> None:
    prompt = fit(persona, said, num_ctx=sizes[0], max_answer_tokens=sizes[1])
    assert len(prompt.turns) + prompt.left_out == len(said)
    for (role, text), message in zip(prompt.turns, said[prompt.left_out :], strict=True):
        assert role == message.role
        assert text.endswith(message.text)


@given(personas, messages)
def test_nothing_is_left_out_of_a_context_that_is_large_enough(persona: str, said: list[Said]) -> None:
    assert fit(persona, said, num_ctx=10**6, max_answer_tokens=100).left_out == 0


@given(st.text(max_size=400), st.text(max_size=400))
def test_the_estimate_never_shrinks_as_the_text_grows(first: str, second: str) -> None:
    assert estimate_tokens(first + second) >= estimate_tokens(first)
    assert estimate_tokens(first) * 3 >= len(first.encode())


def test_people_are_named_only_where_several_speak() -> None:
    alone = fit("p", [Said("user", "hi", "Han"), Said("assistant", "yes", "BD-1")], num_ctx=999, max_answer_tokens=9)
    assert [text for _, text in alone.turns] == ["hi", "yes"]
    said = [Said("user", "hi", "Han"), Said("assistant", "yes", "BD-1"), Said("user", "and me", "Leia")]
    together = fit("p", said, num_ctx=999, max_answer_tokens=9)
    assert [text for _, text in together.turns] == ["Han: hi", "yes", "Leia: and me"]


def test_the_oldest_go_first() -> None:
    said = [Said("user", letter * 300, "Han") for letter in "abc"]
    prompt = fit("", said, num_ctx=8 + 2 * 108, max_answer_tokens=0)
    assert [text[0] for _, text in prompt.turns] == ["b", "c"]
    assert prompt.left_out == 1
