"""Finds what stands in a channel already, for a post that was cut short before anybody noted that it had arrived.

Discord knows a nonce again only for minutes; after a longer death the channel itself is the only witness.
"""

from collections.abc import Callable, Collection

import discord

_LOOK_BACK = 100
"""Messages: one request. A post that was cut short is among the last of its channel."""


async def standing_message(
    channel: discord.PartialMessageable, me: int, mark: str, but: Collection[int | None]
) -> discord.Message | None:
    """The message by `me` with this mark in its footer, other than those in `but`; `None`: there is none.

    Raises what discord.py raises when Discord cannot be asked.
    """

    def is_it(message: discord.Message) -> bool:
        return message.id not in but and any((embed.footer.text or "").endswith(mark) for embed in message.embeds)

    return await _find(channel, me, is_it)


async def standing_line(channel: discord.PartialMessageable, me: int, line: str) -> discord.Message | None:
    """The message by `me` that is this very line; `None`: there is none."""
    return await _find(channel, me, lambda message: message.content == line.strip())


async def _find(
    channel: discord.PartialMessageable, me: int, is_it: Callable[[discord.Message], bool]
) -> discord.Message | None:
    async for message in channel.history(limit=_LOOK_BACK):
        if message.author.id == me and is_it(message):
            return message
    return None
