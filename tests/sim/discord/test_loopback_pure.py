"""The arithmetic below the loopback Discord: permissions, buckets, ids, mentions, sessions."""

import json

from hypothesis import given
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test

from bd1.sim.discord.components import numbered, walk
from bd1.sim.discord.limits import Bucket, Buckets
from bd1.sim.discord.mentions import EVERYBODY, mentions_in, parse_allowed
from bd1.sim.discord.permissions import (
    EVERY,
    NONE,
    Overwrite,
    OverwriteKind,
    Permission,
    base_permissions,
    channel_permissions,
)
from bd1.sim.discord.sessions import Session
from bd1.sim.discord.settings import Limit
from bd1.sim.discord.snowflake import Snowflakes, created_at, snowflake_at

EVERYONE, MEMBER = 1, 99
ROLES = [2, 3, 4]
permissions = st.sampled_from(list(Permission)).map(Permission) | st.integers(0, int(EVERY)).map(Permission)
ordinary = permissions.map(lambda held: held & ~Permission.ADMINISTRATOR)
overwrites = st.lists(
    st.builds(
        Overwrite,
        st.sampled_from([EVERYONE, *ROLES, MEMBER]),
        st.sampled_from(OverwriteKind),
        allow=permissions,
        deny=permissions,
    ),
    unique_by=lambda overwrite: (overwrite.kind, overwrite.target_id),
)
role_ids = st.lists(st.sampled_from(ROLES), unique=True)


def in_channel(base: Permission, given_overwrites: list[Overwrite], held_roles: list[int]) -> Permission:
    return channel_permissions(base, given_overwrites, everyone_id=EVERYONE, role_ids=held_roles, member_id=MEMBER)


@given(permissions, st.lists(permissions), st.booleans())
def test_owners_and_administrators_may_do_everything(
    everyone: Permission, roles: list[Permission], owner: bool
) -> None:
    held = base_permissions(everyone, roles, owner=owner)
    administrator = any(Permission.ADMINISTRATOR in role for role in (everyone, *roles))
    assert (held == EVERY) or not (owner or administrator)
    assert all(role in held for role in (everyone, *roles))


@given(overwrites, role_ids)
def test_overwrites_do_not_bind_an_administrator(given_overwrites: list[Overwrite], held_roles: list[int]) -> None:
    assert in_channel(Permission.ADMINISTRATOR, given_overwrites, held_roles) == EVERY


@given(ordinary, overwrites, role_ids)
def test_who_cannot_see_can_do_nothing(
    base: Permission, given_overwrites: list[Overwrite], held_roles: list[int]
) -> None:
    held = in_channel(base, given_overwrites, held_roles)
    assert Permission.VIEW_CHANNEL in held or held == NONE
    assert Permission.SEND_MESSAGES in held or not held & (Permission.ATTACH_FILES | Permission.EMBED_LINKS)


@given(ordinary, overwrites, role_ids)
def test_the_member_has_the_last_word_and_roles_allow_before_they_deny(
    base: Permission, given_overwrites: list[Overwrite], held_roles: list[int]
) -> None:
    seen = base | Permission.VIEW_CHANNEL
    by_target = {(o.kind, o.target_id): o for o in given_overwrites}
    own = by_target.get((OverwriteKind.MEMBER, MEMBER))
    of_roles = [by_target[kind] for role in held_roles if (kind := (OverwriteKind.ROLE, role)) in by_target]
    bit = Permission.VIEW_CHANNEL
    held = in_channel(seen, given_overwrites, held_roles)
    if own is not None and (own.allow | own.deny) & bit:
        assert (bit in held) == (bit in own.allow)
    elif any(bit in overwrite.allow for overwrite in of_roles):
        assert bit in held
    elif any(bit in overwrite.deny for overwrite in of_roles):
        assert bit not in held


@given(ordinary, overwrites, role_ids)
def test_the_order_of_roles_and_overwrites_does_not_matter(
    base: Permission, given_overwrites: list[Overwrite], held_roles: list[int]
) -> None:
    shuffled = sorted(given_overwrites, key=lambda o: (o.target_id * 7919) % 31)
    assert in_channel(base, given_overwrites, held_roles) == in_channel(base, shuffled, held_roles[::-1])


class BucketsOverTime(RuleBasedStateMachine):
    """A bucket against the plain statement of what it promises."""

    def __init__(self) -> None:
        super().__init__()
        self.limit = Limit(3, 5.0)
        self.bucket = Bucket(self.limit)
        self.now = 100.0
        self.allowed: list[float] = []

    @rule(seconds=st.floats(0, 7, allow_nan=False))
    def wait(self, seconds: float) -> None:
        self.now += seconds

    @rule()
    def ask(self) -> None:
        verdict = self.bucket.take(self.now)
        if verdict.allowed:
            self.allowed.append(self.now)
        assert 0 <= verdict.remaining < self.limit.requests
        assert verdict.allowed or verdict.remaining == 0
        assert 0 < verdict.reset_after_s <= self.limit.window_s

    @rule()
    def ask_again_after_waiting_as_told(self) -> None:
        refused = self.bucket.take(self.now)
        if refused.allowed:
            self.allowed.append(self.now)
        else:
            self.now += refused.reset_after_s + 1e-6
            assert self.bucket.take(self.now).allowed
            self.allowed.append(self.now)

    @invariant()
    def never_more_than_two_windows_worth_within_one_window(self) -> None:
        recent = [at for at in self.allowed if at > self.now - self.limit.window_s]
        assert len(recent) <= 2 * self.limit.requests


def test_a_bucket_keeps_its_promise_over_time() -> None:
    run_state_machine_as_test(BucketsOverTime)
    assert Bucket(Limit(1, 1.0)).take(0.0).allowed


def test_buckets_are_apart_by_route_and_place() -> None:
    buckets, limit = Buckets(), Limit(1, 60.0)
    asked = [("send", "1"), ("send", "2"), ("edit", "1"), ("send", "1")]
    assert [buckets.take(key, limit, 0.0).allowed for key in asked] == [True, True, True, False]


def test_a_thousand_tokens_do_not_fill_the_memory() -> None:
    buckets, limit = Buckets(capacity=2), Limit(1, 60.0)
    assert all(buckets.take(("hook", str(number)), limit, 0.0).allowed for number in range(1000))
    assert len(buckets._buckets) == 2


@given(st.lists(st.floats(1_500_000_000, 1_900_000_000), min_size=1, max_size=30))
def test_ids_rise_even_when_the_clock_does_not(times: list[float]) -> None:
    clock = iter(times)
    ids = Snowflakes(lambda: next(clock))
    made = [ids.next() for _ in times]
    assert made == sorted(set(made))


@given(st.integers(1_420_070_400_000, 4_000_000_000_000), st.integers(0, 4095))
def test_an_id_tells_its_time(unix_ms: int, step: int) -> None:
    assert round(created_at(snowflake_at(unix_ms, step)).timestamp() * 1000) == unix_ms


@given(st.text(alphabet="<@!&0123456789> everyonhr", max_size=60))
def test_nothing_is_reached_with_mentions_off(text: str) -> None:
    off = parse_allowed({"parse": []}, EVERYBODY)
    reached = mentions_in(text, off, users=range(1000), roles=range(1000), replied_to=5)
    assert (reached.users, reached.roles, reached.everyone) == ((), (), False)


def test_only_the_allowed_are_reached() -> None:
    text = "<@1> <@!2> <@&3> <@9> @here"
    allowed = parse_allowed({"parse": ["roles"], "users": ["2"], "replied_user": True}, EVERYBODY)
    reached = mentions_in(text, allowed, users={1, 2, 4}, roles={3}, replied_to=4)
    assert (reached.users, reached.roles, reached.everyone) == ((2, 4), (3,), False)


@given(st.lists(st.text(max_size=5), max_size=30), st.integers(1, 10), st.data())
def test_a_session_replays_exactly_what_was_missed_or_says_that_it_cannot(
    words: list[str], keep: int, data: st.DataObject
) -> None:
    session = Session(intents=0, keep=keep)
    for word in words:
        session.dispatch("WORD", word)
    after = data.draw(st.integers(0, len(words)))
    if session.can_replay(after):
        assert [json.loads(text)["d"] for text in session.missed(after)] == words[after:]
    else:
        assert len(words) - after > keep


def test_components_are_numbered_without_touching_given_numbers() -> None:
    row = {"type": 1, "components": [{"type": 2, "id": 1, "style": 1, "custom_id": "a"}, {"type": 2, "style": 1}]}
    [shown] = numbered([row])
    assert [part["id"] for part in walk([shown])] == [2, 1, 3]
    assert "id" not in row
