"""From Discord's messages to the question that the chat service is asked, by the one rule of what a conversation is."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import discord

from bd1.core.answer import Question
from bd1.core.talk import Chain, Post, turns_of
from bd1.errors import ChatUnavailable
from bd1.services.house import Services
from cogs._ui.attachments import Attachments, read_attachments
from cogs._ui.channel_reader import ChannelReader, is_forward
from cogs._ui.readable_text import User

_PICTURE = "(a picture)"
"""What a message says to the model that is nothing but a picture."""
_NOTHING = "There is nothing in your message that I can read. Please write your question in it."
_NOTE = 300
_FORWARDED = "I cannot read forwarded messages. Please copy what matters into your message."


def is_place_of_talk(channel: Any, services: Services) -> bool:
    """Whether the place is the conversation (a direct message, a thread, a chat channel), not a chain of replies."""
    settings = services.settings.discord
    if getattr(channel, "guild", None) is None or isinstance(channel, discord.Thread):
        return True
    return settings.message_content and channel.id in settings.chat_channel_ids


def places_of(channel: Any) -> tuple[int, ...]:
    """A channel, then what it lies in: where to look for what was set for a place."""
    return (channel.id, channel.parent_id) if isinstance(channel, discord.Thread) else (channel.id,)


async def read_question(message: discord.Message, services: Services, me: User) -> Question:
    """The question that `message` asks, with its conversation.

    What is gone or may not be read is left out; the conversation then begins below it. Raises `ChatUnavailable` where
    nothing can be read of the question, nor of what another person said right before.
    """
    reader = ChannelReader(message.channel, message, services, me)
    chain = await reader.place() if is_place_of_talk(message.channel, services) else await reader.chain()
    question = await _question(reader, chain, message.author, services)
    if is_forward(message):
        question = replace(question, notes=(*question.notes, _FORWARDED))
    if not question.said or question.said[-1].role == "assistant":
        raise ChatUnavailable(" ".join(question.notes) or _NOTHING)
    return _with_cut(question, chain, services)


async def would_be_told(channel: Any, person: User, at_id: int, services: Services, me: User) -> Question:
    """What would be told to the model if this person went on here now, before the words they would say.

    Where replies make the conversation, as if they replied to my last answer.
    """
    asked = Post(id=at_id, author_id=person.id, speaker=person.display_name, at_s=0.0, text="")
    reader = ChannelReader(channel, asked, services, me)
    if is_place_of_talk(channel, services):
        chain = await reader.place()
    elif (answer := await reader.last_answer()) is not None:
        reader.go_on_from(answer)
        chain = await reader.chain()
    else:
        chain = Chain(())
    return _with_cut(await _question(reader, chain, person, services), chain, services)


def _with_cut(question: Question, chain: Chain, services: Services) -> Question:
    """What was not even looked at is told, apart from what does not fit into the context."""
    return replace(question, read_last=services.settings.chat.history_messages) if chain.is_cut else question


def _with_files(posts: Sequence[Post], attached: Attachments) -> list[Post]:
    """The posts with the texts attached to them; a long answer of mine lies whole in its file, not in the messages."""
    found: list[Post] = []
    for post in posts:
        files = attached.texts.get(post.id, ())
        if post.is_mine and files:
            while found and found[-1].is_mine:
                found.pop()
            found.append(replace(post, text=files[-1].text))
        else:
            text = post.text or (_PICTURE if post.id in attached.seen else "")
            found.append(replace(post, text=text, files=files))
    return found


def _new(posts: Sequence[Post]) -> set[int]:
    """The messages that came after my last answer: whatever is wrong with their files was not told yet."""
    last = max((post.id for post in posts if post.is_mine), default=0)
    return {post.id for post in posts if post.id > last}


async def _question(reader: ChannelReader, chain: Chain, person: User, services: Services) -> Question:
    places = places_of(reader.channel)
    persona, model = services.memory.persona(*places), services.memory.model(places, person.id)
    newest_first = [reader.messages[post.id] for post in reversed(chain.posts) if post.id in reader.messages]
    files = await read_attachments(newest_first, services, model, _new(chain.posts))
    return Question(
        id=reader.asked.id,
        channel_id=reader.channel.id,
        asker_id=person.id,
        asker=person.display_name,
        said=turns_of(_with_files(chain.posts, files)),
        persona=None if persona.channel_id is None else persona.text,
        model=model,
        pictures=tuple(files.pictures),
        notes=tuple(files.notes),
    )
