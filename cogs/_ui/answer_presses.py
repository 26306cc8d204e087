"""What happens when a button below an answer is pressed: permission, one call of a service.

Found by its id like every button, so it works on messages of an earlier run too.
"""

import asyncio
import io
from collections.abc import Sequence
from typing import Literal, cast

import discord

from bd1.core.access import is_operator, may_chat
from bd1.core.stream import units
from bd1.errors import ChatUnavailable
from cogs._ui.answer_sheet import readable
from cogs._ui.answer_view import answer_buttons
from cogs._ui.asker import may_switch, person_anywhere, person_of, refusal_of, services_of
from cogs._ui.asking import ask_again
from cogs._ui.press_ids import ANSWER
from cogs._ui.presses import Pressed
from cogs._ui.switch_start import ask_for_switch
from cogs._ui.trouble import tell, tells_trouble

_ASKERS_ONLY = "Only whoever asked this, or an operator, may press this."
_OVER = "This answer is over already."
_NO_THINKING = "What the model thought is not kept any more."
_NO_CHANNEL = "I cannot see this channel any more."
_LONGEST_SHOWN = 1900
_LOOKS, _LOOK_EVERY_S = 20, 0.1
"""Discord waits three seconds for an answer to a press."""
_MOST_PARTS = 50
How = Literal["retry", "regenerate", "continue"]


class OnAnswer(Pressed, template=ANSWER):
    """Stop, cancel, ask again, continue, delete, look at the thinking, bring chat back."""

    @property
    def question_id(self) -> int:
        """Which question is meant."""
        return int(self.words["question"])

    @tells_trouble
    async def callback(self, interaction: discord.Interaction) -> None:
        how = self.words["how"]
        if how == "switch":
            await self._switch(interaction)
        elif how in {"stop", "cancel"} and services_of(interaction).chat.find(self.question_id):
            await self._stop(interaction)
        elif await self._may_press(interaction):
            await self._after(interaction, how)

    async def _stop(self, interaction: discord.Interaction) -> None:
        """Nothing is awaited before the model's connection is closed."""
        answer = services_of(interaction).chat.find(self.question_id)
        if answer is None or not _is_theirs(interaction, answer.question.asker_id):
            await tell(interaction, _ASKERS_ONLY if answer else _OVER)
            return
        answer.stop(person_of(interaction).name)
        await interaction.response.defer()

    async def _may_press(self, interaction: discord.Interaction) -> bool:
        if _is_theirs(interaction, await self._asker_id(interaction)):
            return True
        await tell(interaction, _ASKERS_ONLY)
        return False

    async def _asker_id(self, interaction: discord.Interaction) -> int | None:
        """Who asked; `None` when nobody knows any more."""
        chat = services_of(interaction).chat
        if answer := chat.find(self.question_id):
            return answer.question.asker_id
        entry = await chat.entry(self.question_id)
        return entry.asker_id if entry else None

    async def _after(self, interaction: discord.Interaction, how: str) -> None:
        if how in {"stop", "cancel"}:
            await tell(interaction, _OVER)
        elif how == "thinking":
            await self._show_thinking(interaction)
        elif how == "delete":
            await self._delete(interaction)
        elif refusal := await _why_not(interaction):
            await tell(interaction, refusal)
        else:
            await self._again(interaction, cast("How", how))

    async def _show_thinking(self, interaction: discord.Interaction) -> None:
        thinking = readable(await self._thinking(interaction)).strip()
        if not thinking:
            await tell(interaction, _NO_THINKING)
        elif units(thinking) <= _LONGEST_SHOWN:
            nobody = discord.AllowedMentions.none()
            await interaction.response.send_message(
                thinking, ephemeral=True, allowed_mentions=nobody, suppress_embeds=True
            )
        else:
            file = discord.File(io.BytesIO(thinking.encode()), "thinking.md")
            await interaction.response.send_message(file=file, ephemeral=True)

    async def _thinking(self, interaction: discord.Interaction) -> str:
        """What is kept of it; it is written down a moment after the answer's last edit can be seen."""
        chat = services_of(interaction).chat
        for _ in range(_LOOKS):
            entry = await chat.entry(self.question_id)
            if entry is None or not entry.is_open:
                return entry.thinking if entry else ""
            await asyncio.sleep(_LOOK_EVERY_S)
        return ""

    async def _delete(self, interaction: discord.Interaction) -> None:
        await interaction.response.defer()
        chat = services_of(interaction).chat
        entry, message, channel = await chat.entry(self.question_id), interaction.message, _channel(interaction)
        ids = {*entry.message_ids} if entry else set()
        if message is not None and message.id not in ids:  # below an answer that was given before the newest one
            ids = await self._parts(channel, message)
        for message_id in sorted(ids):
            try:
                await channel.get_partial_message(message_id).delete()
            except discord.NotFound:
                continue  # somebody was faster

    async def _again(self, interaction: discord.Interaction, how: How) -> None:
        await interaction.response.defer()
        await ask_again(interaction.client, await _place(interaction), self.question_id, how)
        await interaction.edit_original_response(view=answer_buttons(self.question_id, self._left(interaction, how)))

    def _left(self, interaction: discord.Interaction, how: How) -> tuple[str, ...]:
        """What an answer still offers once another one was asked for: what was thought is kept of the newest alone."""
        rows = interaction.message.components if interaction.message else []
        pressed = (ANSWER.fullmatch(item.custom_id or "") for item in _buttons(rows))
        kept = {"thinking", "delete"} if how == "continue" else {"delete"}
        return tuple(found["how"] for found in pressed if found and found["how"] in kept)

    async def _parts(self, channel: discord.PartialMessageable, last: discord.Message) -> set[int]:
        """The messages of an answer, of which this is the last: each replies to the one above it."""
        ids, above = {last.id}, last.reference
        while above and above.message_id not in {None, self.question_id} and len(ids) < _MOST_PARTS:
            try:
                part = await channel.fetch_message(above.message_id or 0)
            except discord.NotFound:
                break
            if part.author != last.author or part.components:
                break  # the end of another answer, from which this one went on
            ids.add(part.id)
            above = part.reference
        return ids

    async def _switch(self, interaction: discord.Interaction) -> None:
        """The switch is shown in a message of its own: the question's own goes on telling how that stands."""
        if await may_switch(interaction):
            mode = self.mode(interaction)
            await interaction.response.defer(thinking=True)
            await ask_for_switch(interaction, mode)


async def _why_not(interaction: discord.Interaction) -> str | None:
    """Why this person may not ask at all by now: who pressed may have lost the right since. `None` where they may."""
    settings = services_of(interaction).settings.discord
    person = await person_anywhere(interaction.client, interaction.user, interaction.guild_id, settings)
    return None if may_chat(settings, person) else refusal_of(person)


def _is_theirs(interaction: discord.Interaction, asker_id: int | None) -> bool:
    if interaction.user.id == asker_id:
        return True
    return is_operator(services_of(interaction).settings.discord, person_of(interaction))


def _channel(interaction: discord.Interaction) -> discord.PartialMessageable:
    if interaction.channel_id is None:
        raise ChatUnavailable(_NO_CHANNEL)
    return interaction.client.get_partial_messageable(interaction.channel_id, guild_id=interaction.guild_id)


async def _place(interaction: discord.Interaction) -> discord.abc.Messageable:
    """The channel as it truly is: what is told to the model and as whom depends on whether it is a thread."""
    channel, client = _channel(interaction), interaction.client
    if interaction.guild_id is None:
        return channel
    try:
        found = client.get_channel(channel.id) or await client.fetch_channel(channel.id)
    except (discord.NotFound, discord.Forbidden):
        raise ChatUnavailable(_NO_CHANNEL) from None
    return found if isinstance(found, discord.abc.Messageable) else channel


def _buttons(rows: Sequence[object]) -> list[discord.Button]:
    children = [child for row in rows if isinstance(row, discord.ActionRow) for child in row.children]
    return [child for child in children if isinstance(child, discord.Button)]
