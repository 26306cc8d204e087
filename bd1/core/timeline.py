"""The card's last hours as a value: what was used when, where nobody could see, and which mode was on.

It stays small however long and fast the card is looked at, and decides nothing. What was not seen is a gap: never 0,
never drawn through. Times are wall time in seconds since 1970.
"""

import itertools
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

KEPT_S = 7200.0
FINE_SPANS = 900
"""The newest looks stay apart by a second: a quarter of an hour of them, and more where they were rarer."""

FINE_S = 1.0
COARSE_S = 10.0
_COARSE_SPANS = 1000
_MODES = 200


@dataclass(frozen=True, slots=True)
class Span:
    """A few looks that lie close together. The levels are `None` when none of them saw the card.

    `has_gap`: at least one of them did not see it. `first_mib` and `last_mib` are what was seen first and last.
    """

    from_s: float
    to_s: float
    low_mib: int | None
    high_mib: int | None
    first_mib: int | None
    last_mib: int | None
    has_gap: bool

    @classmethod
    def of(cls, at_s: float, used_mib: int | None) -> "Span":
        """A single look; `None` for one that failed."""
        return cls(at_s, at_s, used_mib, used_mib, used_mib, used_mib, used_mib is None)

    def then(self, later: "Span") -> "Span":
        """Both in one: no peak, no low and no gap is lost."""
        return Span(
            self.from_s,
            max(self.to_s, later.to_s),
            min(_known(self.low_mib, later.low_mib), default=None),
            max(_known(self.high_mib, later.high_mib), default=None),
            later.first_mib if self.first_mib is None else self.first_mib,
            self.last_mib if later.last_mib is None else later.last_mib,
            self.has_gap or later.has_gap,
        )


@dataclass(frozen=True, slots=True)
class Stretch:
    """A piece of time."""

    from_s: float
    to_s: float


@dataclass(frozen=True, slots=True)
class Band:
    """How long a mode was on; `name` is `None` while no mode, or an unknown one, was."""

    from_s: float
    to_s: float
    name: str | None


@dataclass(frozen=True, slots=True)
class Timeline:
    """What is remembered. Looks further apart than `patience_s` have a gap between them.

    `newest` is the span that still grows, `fine` are those before it and `coarse` the oldest, all in order.
    """

    patience_s: float
    newest: Span | None = None
    fine: tuple[Span, ...] = ()
    coarse: tuple[Span, ...] = ()
    modes: tuple[tuple[float, str | None], ...] = ()
    """Since when which mode has been on, oldest first."""

    def with_look(self, at_s: float, used_mib: int | None) -> "Timeline":
        """One more look; `None` for one that failed. It is never earlier than the one before it."""
        newest = self.newest
        if newest is None:
            return replace(self, newest=Span.of(at_s, used_mib))
        look = Span.of(max(at_s, newest.to_s), used_mib)
        if look.from_s - newest.from_s < FINE_S:
            return replace(self, newest=newest.then(look))
        fine, coarse = (*self.fine, newest), self.coarse
        if len(fine) > FINE_SPANS:
            coarse = self._aged(coarse, fine[0], look.to_s - KEPT_S)
            fine = fine[1:]
        return replace(self, newest=look, fine=fine, coarse=coarse)

    def _aged(self, coarse: tuple[Span, ...], span: Span, oldest_s: float) -> tuple[Span, ...]:
        last = coarse[-1] if coarse else None
        if last and span.from_s - last.from_s < COARSE_S and span.from_s - last.to_s <= self.patience_s:
            coarse = (*coarse[:-1], last.then(span))
        else:
            coarse = (*coarse, span)
        kept = coarse[-_COARSE_SPANS:]
        return kept[next((n for n, one in enumerate(kept) if one.to_s >= oldest_s), len(kept)) :]

    def with_mode(self, at_s: float, name: str | None) -> "Timeline":
        """From `at_s` on this mode is on. Nothing changes when it was already."""
        if self.modes and self.modes[-1][1] == name:
            return self
        return replace(self, modes=(*self.modes, (at_s, name))[-_MODES:])

    def shifted(self, by_s: float) -> "Timeline":
        """The same on a wall clock that was set: what was seen a minute ago stays a minute ago."""
        return replace(
            self,
            newest=None if self.newest is None else _shifted(self.newest, by_s),
            fine=tuple(_shifted(span, by_s) for span in self.fine),
            coarse=tuple(_shifted(span, by_s) for span in self.coarse),
            modes=tuple((at_s + by_s, name) for at_s, name in self.modes),
        )

    def spans(self, from_s: float, to_s: float) -> tuple[Span, ...]:
        """What is known of that time, in order."""
        newest = () if self.newest is None else (self.newest,)
        every = (*self.coarse, *self.fine, *newest)
        return tuple(span for span in every if span.to_s >= from_s and span.from_s <= to_s)

    def runs(self, from_s: float, to_s: float) -> tuple[tuple[Span, ...], ...]:
        """What was seen, cut wherever something was not: a line may be drawn through a run, and through no more."""
        found: list[list[Span]] = []
        previous: Span | None = None
        for span in self.spans(from_s, to_s):
            if span.high_mib is not None:
                if previous is None or previous.has_gap or span.has_gap or self._lie_apart(previous, span):
                    found.append([])
                found[-1].append(span)
            previous = span
        return tuple(tuple(run) for run in found)

    def gaps(self, from_s: float, to_s: float) -> tuple[Stretch, ...]:
        """Where the card was not seen. One failed look makes its whole span a gap."""
        spans = self.spans(from_s, to_s)
        edges = [Span.of(from_s, 0), *spans, Span.of(to_s, 0)]
        found = [
            Stretch(before.to_s, after.from_s)
            for before, after in itertools.pairwise(edges)
            if self._lie_apart(before, after)
        ]
        for number, span in enumerate(spans, start=1):
            if span.has_gap:
                found.append(_unseen(edges[number - 1], span, edges[number + 1]))
        return tuple(_joined(found))

    def bands(self, from_s: float, to_s: float) -> tuple[Band, ...]:
        """Which mode was on in that time, as far as it is known."""
        ends = [*(at_s for at_s, _ in self.modes[1:]), to_s]
        every = (Band(at_s, end_s, name) for (at_s, name), end_s in zip(self.modes, ends, strict=False))
        inside = (replace(band, from_s=max(band.from_s, from_s), to_s=min(band.to_s, to_s)) for band in every)
        return tuple(band for band in inside if band.to_s > band.from_s)

    def _lie_apart(self, before: Span, after: Span) -> bool:
        return after.from_s - before.to_s > self.patience_s


def _unseen(before: Span, span: Span, after: Span) -> Stretch:
    """Where nothing of the span was seen, the gap reaches to the looks around it."""
    if span.high_mib is None:
        return Stretch(min(before.to_s, span.from_s), max(after.from_s, span.to_s))
    return Stretch(span.from_s, span.to_s)


def _joined(stretches: Iterable[Stretch]) -> Iterator[Stretch]:
    last: Stretch | None = None
    for stretch in sorted(stretches, key=lambda one: one.from_s):
        if last is not None and stretch.from_s <= last.to_s:
            last = Stretch(last.from_s, max(last.to_s, stretch.to_s))
            continue
        if last is not None:
            yield last
        last = stretch
    if last is not None:
        yield last


def _known(*levels: int | None) -> Sequence[int]:
    return [level for level in levels if level is not None]


def _shifted(span: Span, by_s: float) -> Span:
    return replace(span, from_s=span.from_s + by_s, to_s=span.to_s + by_s)
