"""The one message of a switch: edited about once a second, posted anew where it cannot be edited any more."""

import asyncio
import logging
from dataclasses import replace
from typing import Any

import discord

from bd1.core.progress import Progress
from bd1.ports import Clock
from bd1.services.screens import Screen
from bd1.services.switch import SwitchJob
from cogs._ui.asker import services_of
from cogs._ui.switch_view import switch_buttons, switch_embed
from cogs._ui.trouble import UNREACHABLE

_LOG = logging.getLogger(__name__)
_PACE_S = 1.25
"""Edits share a bucket of about five in five seconds; four of them leave one for the last edit, which never waits."""
_HEAD_START_S = 0.3
"""After this a switch usually knows its steps, and whether it can be cancelled; before, there is nothing to read."""
_LAST_TRIES, _RETRY_S = 6, 10.0
"""The end is shown again and again, for Discord may be away just then; the alert channel hears of it in any case."""
_TOKEN_EXPIRED = 50027
_MOVED = "-# This switch goes on in a newer message below."


class SwitchMessage:
    """The answer to a command or a press, or `message` where that is another one.

    Once it is deleted or its token has expired, the switch goes on in a message of the channel. A viewer that cannot
    be reached never disturbs the switch.
    """

    def __init__(self, interaction: discord.Interaction, message: discord.PartialMessage | None = None) -> None:
        self._interaction = interaction
        self._message: discord.PartialMessage | discord.Message | None = message
        self._answer_id: int | None = None
        self._is_reached = True

    async def follow(self, job: SwitchJob, clock: Clock) -> None:
        """Shows the newest snapshot about once a second until the end, the running step's seconds too."""
        end = asyncio.create_task(_ended(job), name="end of a switch")
        try:
            await asyncio.wait({end}, timeout=_HEAD_START_S)
            while not job.is_over and not self._is_closed:
                await self.show(replace(job.progress, elapsed_s=clock.monotonic() - job.progress.started_s))
                await asyncio.wait({end}, timeout=_PACE_S)
        finally:
            end.cancel()
        for _ in range(_LAST_TRIES):
            if self._is_closed or await self.show(job.progress):
                return
            await asyncio.sleep(_RETRY_S)

    @property
    def _is_closed(self) -> bool:
        """Whether this bot has ended; the next one starts with messages of its own."""
        return self._interaction.client.is_closed()

    async def show(self, progress: Progress) -> bool:
        """Shows a snapshot with the buttons that go with it; false when Discord could not be reached."""
        shown = {"embed": switch_embed(progress), "view": switch_buttons(progress)}
        try:
            try:
                await self._edit(shown)
            except discord.HTTPException as trouble:
                is_expired = trouble.code == _TOKEN_EXPIRED
                if not is_expired and not isinstance(trouble, discord.NotFound):
                    raise
                await self._move(shown, is_expired=is_expired)
        except UNREACHABLE as trouble:
            if self._is_reached:
                _LOG.warning("the progress of a switch cannot be shown: %s", trouble)
            self._is_reached = False
            return False
        self._is_reached = True
        self._note(progress)
        return True

    def _note(self, progress: Progress) -> None:
        """Remembers which message has to show the end, so that it does although this bot may not live to that."""
        screens, channel_id = services_of(self._interaction).screens, self._interaction.channel_id
        message_id = self._message.id if self._message else self._answer_id
        if message_id is None or channel_id is None:
            return
        if progress.outcome is None:
            screens.open(Screen(message_id, channel_id, progress.id))
        else:
            screens.close(message_id)

    async def _edit(self, shown: dict[str, Any]) -> None:
        if self._message:
            await self._message.edit(**shown)
        else:
            self._answer_id = (await self._interaction.edit_original_response(**shown)).id

    async def _move(self, shown: dict[str, Any], *, is_expired: bool) -> None:
        """Goes on in a new message; one whose token has expired stays, and says where."""
        channel_id = self._interaction.channel_id
        if channel_id is None:
            return
        channel = self._interaction.client.get_partial_messageable(channel_id)
        if self._answer_id is not None:
            services_of(self._interaction).screens.close(self._answer_id)
        self._message = await channel.send(**{key: value for key, value in shown.items() if value is not None})
        if is_expired and self._answer_id is not None:
            await channel.get_partial_message(self._answer_id).edit(content=_MOVED, view=None)


async def _ended(job: SwitchJob) -> None:
    async for _ in job.watch():
        pass
