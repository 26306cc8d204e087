"""A model that stops in the middle of each answer until it is let go on, and what stands on Discord in the end."""

import asyncio
from collections import Counter
from collections.abc import AsyncGenerator, Mapping, Sequence
from typing import Any

from bd1.sim.discord.model import Message
from bd1.sim.discord.server import LoopbackDiscord

BEGUN, DONE = "begun on", "done with"


class HesitantBrain:
    """Answers "begun on X ...", waits, then "done with X", where X is the last word of the question.

    `asked` counts what each question was begun how often, over all lives of the bot.
    """

    def __init__(self) -> None:
        self.asked: Counter[str] = Counter()
        self.may_end = asyncio.Event()

    async def answer(self, _model: str, messages: Sequence[Mapping[str, Any]]) -> AsyncGenerator[str, None]:
        name = str(messages[-1]["content"]).split()[-1]
        self.asked[name] += 1
        yield f"{BEGUN} {name}"
        await self.may_end.wait()
        yield f", {DONE} {name}"


def answers_to(discord: LoopbackDiscord, question: Message) -> list[Message]:
    """The bot's messages below a question that are there."""
    found = [message for message in discord.messages(question.channel_id) if message.author_id == discord.bot.id]
    wanted = {question.id}
    for message in found:
        if message.reference is not None and message.reference.message_id in wanted:
            wanted.add(message.id)
    return [message for message in found if message.id in wanted and not message.deleted]


def offered(message: Message) -> set[str]:
    """What the buttons below a message do."""
    ids = [button["custom_id"] for row in message.components for button in row["components"]]
    return {custom_id.split(":")[2] for custom_id in ids}


def is_over(discord: LoopbackDiscord, question: Message) -> bool:
    """Whether a question has an end that can be seen, and nothing else dangles below it."""
    answers = answers_to(discord, question)
    return (
        bool(answers)
        and "delete" in offered(answers[-1])
        and not any({"stop", "cancel"} & offered(it) for it in answers)
    )
