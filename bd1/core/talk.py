"""Which posts of a channel make one conversation, and how they become turns. Pure: it is given what was read.

The one rule: in a direct message, a thread or a chat channel the conversation is the place, its last posts since the
last reset; everywhere else it is the chain of replies above the question. What one person wrote in several posts, with
nobody between, is one turn; so are the parts of one answer.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from bd1.core.conversation import Attached, Said
from bd1.core.speakers import names_apart

SPLIT_S = 30.0
"""What one person posts within so many seconds, with nobody between, was meant as one message."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Post:
    """One message of a channel, as a person reads it. `answers` is the post of the same channel that it replies to.

    `is_mine`: written by the bot. `counts` is false for what is no part of any conversation, as a command's answer.
    """

    id: int
    author_id: int
    speaker: str
    at_s: float
    text: str
    is_mine: bool = False
    answers: int | None = None
    counts: bool = True
    files: tuple[Attached, ...] = ()


@dataclass(frozen=True, slots=True)
class Seen:
    """What was read of a channel so far. `posts` holds `None` for one that is known to be gone.

    `previous` leads from a post to the one right before it, where both were read.
    """

    posts: Mapping[int, Post | None]
    previous: Mapping[int, int] = field(default_factory=dict)

    def before(self, post: Post) -> Post | None:
        """The post right before; `None` where that was not read, or there is none."""
        return self.posts.get(self.previous.get(post.id, 0))


@dataclass(frozen=True, slots=True)
class Chain:
    """A chain of replies, oldest first, as far as it was read.

    `missing` is the post that has to be read to go on; `None` when the chain is complete. `is_cut` when there was more
    of it than was wanted.
    """

    posts: tuple[Post, ...]
    missing: int | None = None
    is_cut: bool = False


def chain_of(question: Post, seen: Seen, *, most: int, begun: int = 0) -> Chain:
    """The chain of replies above `question`, `most` posts at most, and none up to the post `begun`."""
    found: list[Post] = []
    post = question
    while True:
        parts = _parts(post, seen, begun)
        found += reversed(parts)
        above = next((part.answers for part in parts if part.answers is not None), None)
        if len(found) > most or (len(found) == most and above is not None and above > begun):
            return Chain(tuple(reversed(found[:most])), is_cut=True)
        if above is None or above <= begun:
            return Chain(tuple(reversed(found)))
        if above not in seen.posts:
            return Chain(tuple(reversed(found)), missing=above)
        next_up = seen.posts[above]
        if next_up is None:
            return Chain(tuple(reversed(found)))
        post = next_up


def _parts(post: Post, seen: Seen, begun: int) -> list[Post]:
    """The parts of one message, oldest first, that end in `post`; at most one of them replies to anything."""
    parts = [post]
    while (before := seen.before(parts[0])) is not None and before.id > begun and _belongs(before, parts[0]):
        if before.answers is not None and any(part.answers not in {None, before.id, before.answers} for part in parts):
            break
        parts.insert(0, before)
    return parts


def _belongs(first: Post, second: Post) -> bool:
    """Whether two neighbours are parts of one message, or of one answer."""
    if not (first.counts and second.counts) or first.author_id != second.author_id:
        return False
    if second.is_mine:
        return second.answers in {None, first.id}
    if second.answers is not None and second.answers > first.id:
        return False  # what it replies to came between, even if that is gone by now
    answers = {post.answers for post in (first, second)} - {None, first.id}
    return len(answers) < 2 and second.at_s - first.at_s <= SPLIT_S


def window_of(question: Post, earlier: Sequence[Post], *, most: int, begun: int = 0) -> tuple[Post, ...]:
    """The last posts of a place, the question included: `most` at most, and none up to the post `begun`."""
    posts = [post for post in earlier if post.counts and begun < post.id < question.id]
    posts.sort(key=lambda post: post.id)
    return (*posts[len(posts) - most + 1 :], question) if most > 1 else (question,)


def turns_of(posts: Iterable[Post]) -> tuple[Said, ...]:
    """The posts of one conversation, oldest first, as turns; what says nothing is left out.

    People of one name are told apart.
    """
    told = list(posts)
    names = names_apart({post.author_id: post.speaker for post in told})
    turns: list[Said] = []
    last: Post | None = None
    for post in told:
        if not post.counts or not (post.text or post.files):
            continue
        if last is not None and _belongs(last, post):
            before = turns.pop()
            text = "\n".join(text for text in (before.text, post.text) if text)
            turns.append(Said(before.role, text, before.speaker, (*before.files, *post.files)))
        else:
            turns.append(Said("assistant" if post.is_mine else "user", post.text, names[post.author_id], post.files))
        last = post
    return tuple(turns)
