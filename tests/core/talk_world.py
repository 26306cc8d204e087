"""A server in which many conversations go on at once, each with a secret word of its own in every message."""

import random
from dataclasses import dataclass, field

from bd1.core.talk import Post

BOT = 1
PEOPLE = {2: "Han", 3: "Leia", 4: "Chopper", 5: "Lando"}
PASSER_BY = 6
_GAPS_S = (1, 3, 10, 45, 400)


@dataclass
class Place:
    """A channel. Where it `is_window`, everything said in it is one conversation."""

    name: str
    is_window: bool
    posts: list[Post] = field(default_factory=list)
    gone: set[int] = field(default_factory=set)
    begun: int = 0


@dataclass(frozen=True)
class Asked:
    """A question as it was asked, and which conversation it belongs to."""

    place: Place
    question: Post
    conversation: str
    before: tuple[Post, ...]
    begun: int


class TalkWorld:
    """Whoever talks, in an order that chance decides. Every text holds the word of its conversation."""

    def __init__(self, seed: int) -> None:
        self._chance = random.Random(seed)  # noqa: S311 a test's dice
        self._now_s, self._ids = 1000.0, 100
        self.places = [
            Place("bridge", is_window=False),
            Place("general", is_window=False),
            Place("chat", is_window=True),
            Place("thread", is_window=True),
            Place("dm", is_window=True),
        ]
        self._conversations = 0
        self._of: dict[int, str] = {}
        self.asked: list[Asked] = []

    def run(self, steps: int) -> None:
        for _ in range(steps):
            self._now_s += self._chance.choice(_GAPS_S)
            place = self._chance.choice(self.places)
            act = self._chance.random()
            if act < 0.06 and place.posts:
                place.begun = place.posts[-1].id
            elif act < 0.12 and place.posts:
                self._delete(place)
            elif act < 0.3 and not place.is_window:
                self._chatter(place)
            else:
                self._ask(place)

    def _delete(self, place: Place) -> None:
        """Anything but what alone stands between two messages of one person: those would be one message then."""
        left = [p for p in place.posts if p.id not in place.gone]
        number = self._chance.randrange(len(left)) if left else 0
        around = left[max(number - 1, 0) : number + 2 : 2]
        if left and len({p.author_id for p in around}) == len(around):
            place.gone.add(left[number].id)

    def _chatter(self, place: Place) -> None:
        self._post(place, self._chance.choice([*PEOPLE]), "chatter", None)

    def _ask(self, place: Place) -> None:
        who = 2 if place.name == "dm" else self._chance.choice([*PEOPLE])
        answers = [p for p in place.posts if p.is_mine and p.id not in place.gone and p.id > place.begun]
        above = self._chance.choice(answers) if answers and self._chance.random() < 0.6 else None
        word = f"{place.name}{place.begun}" if place.is_window else (self._of[above.id] if above else self._new_word())
        last = next((p for p in reversed(place.posts) if p.id not in place.gone), None)
        if last is not None and last.author_id == who:  # with nobody between it would be part of the question
            self._post(place, PASSER_BY, word if place.is_window else "chatter", None)
        for _ in range(self._chance.choice((0, 0, 1, 2))):
            self._post(place, who, word, None)
            self._now_s += 2
        question = self._post(place, who, word, above.id if above else None)
        self.asked.append(
            Asked(place, question, word, tuple(p for p in place.posts if p.id not in place.gone), place.begun)
        )
        self._answer(place, word, question)

    def _answer(self, place: Place, word: str, question: Post) -> None:
        above = question.id
        for _ in range(self._chance.choice((1, 1, 2))):
            above = self._post(place, BOT, word, above).id

    def _new_word(self) -> str:
        self._conversations += 1
        return f"secret{self._conversations}"

    def _post(self, place: Place, who: int, word: str, answers: int | None) -> Post:
        self._ids += 1
        speaker = "BD-1" if who == BOT else PEOPLE.get(who, "Ezra")
        post = Post(
            id=self._ids,
            author_id=who,
            speaker=speaker,
            at_s=self._now_s,
            text=f"{word} {self._ids}",
            is_mine=who == BOT,
            answers=answers,
        )
        self._of[post.id] = word
        place.posts.append(post)
        return post
