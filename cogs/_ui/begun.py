"""What an answer says so far that is to be continued, read off Discord, where alone it lies."""

from collections.abc import Sequence

import discord

from bd1.errors import ChatUnavailable, FileUnreadable
from cogs._ui.attachments import fetch
from cogs._ui.readable_text import User, said_text

_GONE = "A part of the answer is gone, so I cannot go on from its end. Regenerate answers your question anew."
_MOST_BYTES = 1024 * 1024


async def begun_text(channel: discord.abc.Messageable, part_ids: Sequence[int], me: User) -> str:
    """What these messages say, those of several answers where it was continued before.

    Raises `ChatUnavailable` where one of them is gone.
    """
    answers: list[list[str]] = [[]]
    for part_id in part_ids:
        try:
            part = await channel.fetch_message(part_id)
            if part.attachments:  # the whole answer lies in its file, and ends there
                answers[-1] = [(await fetch(part.attachments[0].url, _MOST_BYTES))[0].decode("utf-8", "replace")]
            else:
                answers[-1].append(said_text(part, me))
        except (discord.NotFound, FileUnreadable):
            raise ChatUnavailable(_GONE) from None
        if part.components:  # buttons stand below the end of an answer
            answers.append([])
    return "\n".join(text for answer in answers for text in answer if text)
