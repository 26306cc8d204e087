"""Reads of a channel what belongs to one conversation: few reads, bounded ones, and nothing that was deleted since.

The rule itself is `core.talk`; what becomes of what was read is `turns`.
"""

import itertools
from dataclasses import replace
from typing import Any

import discord

from bd1.core.talk import Chain, Post, Seen, chain_of, window_of
from bd1.services.house import Services
from cogs._ui.readable_text import User, name_of, said_text

_PAGE = 50
_MOST_READS = 4
_SAID = (discord.MessageType.default, discord.MessageType.reply)


class ChannelReader:
    """What was read of one channel for one conversation, which ends in the post `asked`."""

    def __init__(self, channel: Any, asked: Post | discord.Message, services: Services, me: User) -> None:
        self.channel = channel
        self._question = asked if isinstance(asked, discord.Message) else None
        self._services = services
        self._me = me
        self.messages: dict[int, discord.Message] = {}
        self._posts: dict[int, Post | None] = {}
        self._previous: dict[int, int] = {}
        self._most = services.settings.chat.history_messages
        self._begun = services.memory.begun(channel.id)
        self.asked = self._take(asked) if isinstance(asked, discord.Message) else asked

    async def chain(self) -> Chain:
        """The chain of replies above the question."""
        if self._services.settings.discord.message_content:  # else the parts that mention nobody cannot be read anyway
            await self._page(self.asked.id)
        for _ in range(_MOST_READS):
            chain = chain_of(self.asked, Seen(self._posts, self._previous), most=self._most, begun=self._begun)
            if chain.missing is None:
                return chain
            await self._page(chain.missing + 1)  # the missing one comes first, and what it replies to may lie below it
            self._posts.setdefault(chain.missing, None)
        return chain_of(
            self.asked,
            Seen({**self._posts, chain.missing or 0: None}, self._previous),
            most=self._most,
            begun=self._begun,
        )

    async def last_answer(self) -> Post | None:
        """The newest thing that I said in this channel and that counts; `None` where there is none."""
        await self._page(self.asked.id)
        mine = [post for post in self._posts.values() if post and post.is_mine and post.counts and post.text]
        return max(mine, key=lambda post: post.id, default=None)

    def go_on_from(self, answer: Post) -> None:
        """As if what was asked replied to this answer."""
        self.asked = replace(self.asked, answers=answer.id)

    async def place(self) -> Chain:
        """The last posts of the place, and what the question replies to if that is older.

        Of a question that was answered again the answers before the newest are left out.
        """
        page = await self._page(self.asked.id, self._most)
        is_full = len(page) == self._most
        replied_to = {post.answers for post in self._posts.values() if post and post.answers}
        outdated = await self._services.chat.outdated_ids({*page, *replied_to})
        earlier = [post for post in self._posts.values() if post is not None and post.id not in outdated]
        posts = window_of(self.asked, earlier, most=self._most, begun=self._begun)
        if not is_full and (starter := await self._starter()):
            posts = (starter, *posts)
        replied = self._posts.get(self.asked.answers or 0)
        is_older = replied is not None and replied.id > self._begun and replied not in posts
        return Chain((replied, *posts) if replied and is_older else posts, is_cut=is_full and min(page) > self._begun)

    async def _page(self, before_id: int, most: int = _PAGE) -> list[int]:
        """Reads the posts before an id, the newest first; what may not be read stays unread."""
        page: list[discord.Message] = []
        before = discord.Object(before_id)
        try:
            page = [message async for message in self.channel.history(limit=most, before=before)]
        except discord.HTTPException:
            return []
        ids = [self._take(message).id for message in page]
        self._previous.update(itertools.pairwise([before_id, *ids]))
        return ids

    async def _starter(self) -> Post | None:
        """The message a thread was opened on, which lies in the channel above."""
        thread = self.channel
        if self._begun or not isinstance(thread, discord.Thread) or not isinstance(thread.parent, discord.TextChannel):
            return None
        try:
            return self._take(thread.starter_message or await thread.parent.fetch_message(thread.id))
        except discord.HTTPException:
            return None  # a thread without one, or it is gone

    def _take(self, message: discord.Message) -> Post:
        self.messages[message.id] = message
        post = _post(message, self._me)
        self._posts[message.id] = post
        if post.answers is not None and post.answers not in self._posts and message.reference is not None:
            replied: object = message.reference.cached_message
            if message is self._question:  # it has only just come; an older one may not know what was deleted since
                replied = message.reference.resolved or replied
            if isinstance(replied, discord.DeletedReferencedMessage):
                self._posts[post.answers] = None
            elif isinstance(replied, discord.Message):
                self._take(replied)
        return post


def _post(message: discord.Message, me: User) -> Post:
    return Post(
        id=message.id,
        author_id=message.author.id,
        speaker=name_of(message.author),
        at_s=message.created_at.timestamp(),
        text=said_text(message, me),
        is_mine=message.author.id == me.id,
        answers=_answers(message),
        counts=message.type in _SAID and message.interaction_metadata is None,
    )


def _answers(message: discord.Message) -> int | None:
    """The message of the same channel that this one replies to; a forwarded message is no reply."""
    reference = message.reference
    if reference is None or is_forward(message) or reference.channel_id != message.channel.id:
        return None
    return reference.message_id


def is_forward(message: discord.Message) -> bool:
    return message.reference is not None and message.reference.type is discord.MessageReferenceType.forward
