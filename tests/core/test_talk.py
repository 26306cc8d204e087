"""One rule of what a conversation is; nothing of another one ever gets in."""

import itertools

import pytest

from bd1.core.talk import SPLIT_S, Chain, Post, Seen, chain_of, turns_of, window_of
from tests.core.talk_world import Asked, TalkWorld

HAN, LEIA, BOT = 2, 3, 1


def post(number: int, who: int, text: str, answers: int | None = None, at_s: float = 0.0) -> Post:
    names = {HAN: "Han", LEIA: "Leia", BOT: "BD-1"}
    return Post(id=number, author_id=who, speaker=names[who], at_s=at_s, text=text, is_mine=who == BOT, answers=answers)


def seen(*posts: Post, gone: frozenset[int] = frozenset()) -> Seen:
    previous = {later.id: earlier.id for earlier, later in itertools.pairwise(posts)}
    return Seen({each.id: None if each.id in gone else each for each in posts}, previous)


def texts(chain: Chain) -> list[str]:
    return [each.text for each in chain.posts]


def read(asked: Asked) -> tuple[Post, ...]:
    if asked.place.is_window:
        return window_of(asked.question, asked.before, most=20, begun=asked.begun)
    return chain_of(asked.question, seen(*asked.before), most=20, begun=asked.begun).posts


@pytest.mark.parametrize("number", range(200))
def test_no_secret_of_another_conversation_gets_in(number: int) -> None:
    world = TalkWorld(number)
    world.run(60)
    assert len(world.asked) > 10
    for asked in world.asked:
        said = turns_of(read(asked))
        words = {line.split()[0] for turn in said for line in turn.text.split("\n")}
        assert words == {asked.conversation}
        assert said[-1].text.endswith(asked.question.text)


@pytest.mark.parametrize("number", range(20))
def test_an_answer_that_is_replied_to_is_always_part_of_the_conversation(number: int) -> None:
    world = TalkWorld(number)
    world.run(60)
    replies = [asked for asked in world.asked if asked.question.answers and not asked.place.is_window]
    assert replies
    for asked in replies:
        assert asked.question.answers in {each.id for each in read(asked)}


def test_a_chain_leads_over_parts_of_an_answer_and_of_a_question() -> None:
    posts = [
        post(1, HAN, "one"),
        post(2, BOT, "two a", 1),
        post(3, BOT, "two b", 2),
        post(4, LEIA, "chatter"),
        post(5, HAN, "three a"),
        post(6, HAN, "three b", 3),
    ]
    chain = chain_of(posts[-1], seen(*posts), most=20)
    assert texts(chain) == ["one", "two a", "two b", "three a", "three b"]
    turns = turns_of(chain.posts)
    assert [(turn.role, turn.text) for turn in turns] == [
        ("user", "one"),
        ("assistant", "two a\ntwo b"),
        ("user", "three a\nthree b"),
    ]


def test_what_has_to_be_read_is_named_and_what_is_gone_ends_the_chain() -> None:
    question = post(9, HAN, "q", 7)
    assert chain_of(question, seen(question), most=20).missing == 7
    gone = seen(post(7, BOT, "a"), question, gone=frozenset({7}))
    assert texts(chain_of(question, gone, most=20)) == ["q"]


def test_a_long_chain_is_cut_and_says_so() -> None:
    posts = [post(number, HAN if number % 2 else BOT, str(number), number - 1 or None) for number in range(1, 10)]
    chain = chain_of(posts[-1], seen(*posts), most=4)
    assert (texts(chain), chain.is_cut) == (["6", "7", "8", "9"], True)
    assert not chain_of(posts[3], seen(*posts), most=4).is_cut


def test_a_reset_ends_a_chain_and_a_window() -> None:
    posts = [post(number, HAN if number % 2 else BOT, str(number), number - 1 or None) for number in range(1, 8)]
    assert texts(chain_of(posts[-1], seen(*posts), most=20, begun=4)) == ["5", "6", "7"]
    assert [each.text for each in window_of(posts[-1], posts, most=20, begun=4)] == ["5", "6", "7"]


def test_a_window_holds_the_last_posts_before_the_question() -> None:
    posts = [post(number, HAN, str(number)) for number in range(1, 10)]
    assert [each.text for each in window_of(posts[5], posts, most=3)] == ["4", "5", "6"]
    assert [each.text for each in window_of(posts[5], posts, most=1)] == ["6"]


@pytest.mark.parametrize(
    ("second", "together"),
    [
        (post(2, HAN, "b", at_s=SPLIT_S), True),
        (post(2, HAN, "b", at_s=SPLIT_S + 1), False),
        (post(2, LEIA, "b", at_s=1), False),
        (post(9, HAN, "b", answers=0, at_s=1), True),
        (post(9, HAN, "b", answers=5, at_s=1), False),
    ],
)
def test_what_one_person_posts_shortly_after_each_other_is_one_turn(second: Post, together: bool) -> None:
    assert len(turns_of([post(1, HAN, "a"), second])) == (1 if together else 2)


def test_two_replies_to_different_messages_are_two_questions() -> None:
    first, second = post(5, HAN, "a", answers=1), post(6, HAN, "b", answers=2, at_s=1)
    assert len(turns_of([first, second])) == 2
    assert texts(chain_of(second, seen(post(1, BOT, "x"), post(2, BOT, "y", 0), first, second), most=9)) == ["y", "b"]


def test_answers_to_different_questions_are_different_turns() -> None:
    posts = [post(1, HAN, "a"), post(2, LEIA, "b"), post(3, BOT, "to a", 1), post(4, BOT, "to b", 2)]
    assert [turn.text for turn in turns_of(posts)] == ["a", "b", "to a", "to b"]


def test_what_says_nothing_is_no_turn() -> None:
    assert turns_of([post(1, HAN, "a"), post(2, BOT, ""), post(3, HAN, "b", at_s=99)])[-1].text == "b"
