"""Whether a story ended as it must. Pure: it compares what happened with what was expected, and says what differs."""

from collections.abc import Iterable, Iterator

from bd1.sim.scenarios.story import Expect, Happened, Story

MOST_MESSAGES = 3
"""For any one incident."""


def faults(story: Story, happened: Happened) -> tuple[str, ...]:
    """What is not as it must be, one sentence for each thing; empty when all is well."""
    expect = story.expect
    return (*_of_the_card(expect, happened), *_of_the_feed(expect, happened), *_of_the_people(expect, happened))


def _of_the_card(expect: Expect, happened: Happened) -> Iterator[str]:
    if happened.peak_pct >= expect.peak_below_pct:
        yield f"VRAM rose to {happened.peak_pct:.1f} %, and {expect.peak_below_pct:g} % was the limit."
    yield from _differs("BD-1 ended", happened.ended, expect.ends)
    yield from _differs("latched off are", happened.latched_off, expect.latched_off)
    if (happened.unsafe is not None) is not expect.is_unsafe:
        yield f"The card is {'unsafe: ' + happened.unsafe if happened.unsafe else 'not told to be unsafe'}."
    if (happened.quarantine is not None) is not expect.is_quarantined:
        yield f"The card is {'in' if happened.quarantine else 'not in'} quarantine."
    if happened.mode != expect.mode:
        yield f"The mode is {happened.mode or 'unknown'} in the end, expected was {expect.mode or 'unknown'}."


def _of_the_feed(expect: Expect, happened: Happened) -> Iterator[str]:
    yield from _differs("incidents told are", (told.key for told in happened.told), expect.tells)
    text = "\n".join(told.text for told in happened.told)
    yield from (f"Nobody was told: {words}." for words in expect.words if words not in text)
    if happened.messages > expect.messages:
        yield f"{happened.messages} messages were posted, {expect.messages} were allowed."
    for told in happened.told:
        if told.messages > MOST_MESSAGES:
            yield f"{told.messages} messages were posted for the one incident {told.key}."
    if expect.acts_within_s is not None:
        after_s = happened.acted_after_s
        if after_s is None:
            yield "BD-1 did nothing and said nothing."
        elif after_s > expect.acts_within_s:
            yield f"BD-1 acted after {after_s:.2f} s, {expect.acts_within_s:g} s were allowed."


def _of_the_people(expect: Expect, happened: Happened) -> Iterator[str]:
    if happened.switches != expect.switches:
        yield f"The switches ended as {_listed(happened.switches)}, expected was {_listed(expect.switches)}."
    if len(happened.answers) != len(expect.answers):
        yield f"{len(happened.answers)} questions were answered, expected were {len(expect.answers)}."
    for answer, words in zip(happened.answers, expect.answers, strict=False):
        if words not in answer:
            yield f"The answer was {answer!r}, expected was {words!r} in it."


def _differs(words: str, found: Iterable[str], expected: Iterable[str]) -> Iterator[str]:
    if set(found_ := sorted(set(found))) != set(expected):
        yield f"{words[0].upper()}{words[1:]} {_listed(found_)}, expected was {_listed(sorted(expected))}."


def _listed(names: Iterable[str]) -> str:
    return ", ".join(names) or "none"
