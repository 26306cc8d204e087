"""What a bot may do with an interaction: its first answer, the edits of that answer, and follow-ups.

Must not know HTTP: it takes checked bodies and raises Discord's refusals.
"""

from dataclasses import replace

from bd1.sim.discord.bodies import Body, check_edit, draft_from
from bd1.sim.discord.interactions import Answer, InteractionKind, Interactions, Invocation
from bd1.sim.discord.mentions import USERS_ONLY
from bd1.sim.discord.model import EPHEMERAL, LOADING, Json, Message, MessageKind, Reference
from bd1.sim.discord.refusals import form_refusal, refusal
from bd1.sim.discord.rules import Violation, check_callback
from bd1.sim.discord.world import Draft, World

_FITTING: dict[InteractionKind, frozenset[Answer]] = {
    InteractionKind.COMMAND: frozenset({Answer.MESSAGE, Answer.DEFERRED, Answer.MODAL}),
    InteractionKind.COMPONENT: frozenset(
        {Answer.MESSAGE, Answer.DEFERRED, Answer.DEFERRED_UPDATE, Answer.UPDATE, Answer.MODAL}
    ),
    InteractionKind.AUTOCOMPLETE: frozenset({Answer.CHOICES}),
    InteractionKind.MODAL: frozenset({Answer.MESSAGE, Answer.DEFERRED, Answer.DEFERRED_UPDATE, Answer.UPDATE}),
}


class Answers:
    """The bot's side of all interactions."""

    def __init__(self, world: World, interactions: Interactions) -> None:
        self._world = world
        self._interactions = interactions

    def first(self, invocation: Invocation, body: Body) -> None:
        """Takes the first answer. A body that breaks rules leaves the interaction as it was."""
        payload = body.object()
        violations = check_callback(payload)
        if violations:
            raise form_refusal(violations)
        answer = _fitting(invocation, payload)
        self._take(invocation, answer, payload.get("data") or {}, body)
        self._interactions.settle(invocation, answer)

    def _take(self, invocation: Invocation, answer: Answer, data: Json, body: Body) -> None:
        if answer is Answer.CHOICES:
            invocation.choices = list(data.get("choices") or ())
        elif answer is Answer.MODAL:
            invocation.modal = data
        elif answer is Answer.DEFERRED_UPDATE:
            invocation.message = invocation.source
        elif answer is Answer.UPDATE:
            invocation.message = invocation.source
            self.edit(invocation, invocation.source, data, body)
        elif answer is Answer.DEFERRED:
            flags = (data.get("flags") or 0) & EPHEMERAL | LOADING
            invocation.message = self._send(invocation, Draft(flags=flags), invocation.source)
        else:
            draft = draft_from(data, body.uploads, webhook=True)
            invocation.message = self._send(invocation, draft, invocation.source)

    def _send(self, invocation: Invocation, draft: Draft, answers_to: Message | None) -> Message:
        is_command = invocation.kind is InteractionKind.COMMAND and answers_to is None
        whole = replace(
            draft,
            reference=Reference(answers_to.channel_id, answers_to.id) if answers_to else None,
            kind=MessageKind.CHAT_INPUT_COMMAND if is_command else None,
            only_for=invocation.user_id if draft.flags & EPHEMERAL else None,
            origin=invocation.origin,
            allowed=replace(draft.allowed, replied_user=False),
        )
        return self._world.post(self._world.bot_id, invocation.channel, whole)

    def follow_up(self, invocation: Invocation, body: Body) -> Message:
        """Sends one more message; the first after a deferral becomes the deferred answer itself."""
        payload = body.object()
        original = invocation.message
        if original is not None and original.loading:
            self.edit(invocation, original, {k: v for k, v in payload.items() if k != "flags"}, body)
            return original
        draft = draft_from(payload, body.uploads, webhook=True)
        alive = original if original is not None and not original.deleted else None
        message = self._send(invocation, draft, alive)
        invocation.followups.append(message)
        return message

    def edit(self, invocation: Invocation, message: Message | None, changes: Json, body: Body) -> Message:
        """Changes the answer or a follow-up."""
        found = _alive(message)
        check_edit(found, changes, body.uploads, webhook=True)
        if found is invocation.message:
            invocation.updated = True
        self._world.edit(found, changes, body.uploads, otherwise=USERS_ONLY)
        return found

    def delete(self, message: Message | None) -> None:
        """Deletes the answer or a follow-up."""
        self._world.delete(_alive(message))

    @staticmethod
    def find(invocation: Invocation, message_id: int) -> Message:
        """One of the interaction's own messages; refuses any other (10008)."""
        own = [invocation.message, *invocation.followups]
        return _alive(next((message for message in own if message is not None and message.id == message_id), None))

    @staticmethod
    def original(invocation: Invocation) -> Message:
        """The answer itself; refuses when there is none any more (10008)."""
        return _alive(invocation.message)


def _alive(message: Message | None) -> Message:
    if message is None or message.deleted:
        raise refusal(10008)
    return message


def _fitting(invocation: Invocation, payload: Json) -> Answer:
    try:
        answer = Answer(payload.get("type", 0))
    except ValueError:
        answer = None
    updates = answer in {Answer.UPDATE, Answer.DEFERRED_UPDATE}
    if answer is None or answer not in _FITTING[invocation.kind] or (updates and invocation.source is None):
        raise form_refusal([Violation("type", "BASE_TYPE_CHOICES", "This answer does not fit this interaction.")])
    return answer
