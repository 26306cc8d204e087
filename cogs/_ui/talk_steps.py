"""What people do to a conversation by a command, in a server's channel and in a direct message alike."""

from dataclasses import replace

import discord

from bd1.core.access import may_chat, may_use
from bd1.services.house import Services
from cogs._ui.asker import person_anywhere, person_of, refusal_of
from cogs._ui.context_view import context_embed
from cogs._ui.hearing import NO_DMS
from cogs._ui.turns import places_of, would_be_told

_RESET = "The conversation begins anew here: nothing above this line is told to the model any more."
_FORGOTTEN = (
    "I have erased what I kept about you ({count}).{open} What you wrote lies on Discord alone: delete it there if it "
    "shall go too, or use `/chat reset` so that the model is not told of it."
)
_TAKEN_BACK = " What you still waited for is taken back."


async def may_steer(interaction: discord.Interaction, services: Services) -> bool:
    """Whether this person may talk to the model, by the roles they hold at home; told so when not."""
    settings = services.settings.discord
    person = await person_anywhere(interaction.client, interaction.user, interaction.guild_id, settings)
    if may_chat(settings, person):
        return True
    if interaction.type is not discord.InteractionType.autocomplete:
        why = NO_DMS if interaction.guild_id is None and not settings.allow_dms else refusal_of(person)
        await interaction.response.send_message(why, ephemeral=True)
    return False


async def begin_anew(interaction: discord.Interaction, services: Services) -> None:
    """Nothing said so far is told to the model any more."""
    if interaction.channel_id is not None:
        await services.memory.reset(interaction.channel_id, interaction.id)
    await interaction.response.send_message(_RESET)


async def show_context(interaction: discord.Interaction, services: Services) -> None:
    """Shows what would be told to the model now, to this person alone."""
    await interaction.response.defer(ephemeral=True)
    me, channel, settings = interaction.client.user, interaction.channel, services.settings
    if me is None or channel is None:
        return
    person = await person_anywhere(interaction.client, interaction.user, interaction.guild_id, settings.discord)
    question = await would_be_told(channel, interaction.user, interaction.id, services, me)
    question = replace(question, may_look=may_use(settings.discord, person))
    prompt = services.planner.plan(question, await services.chat.beside(question))
    embed = context_embed(
        question,
        prompt,
        services.memory.persona(*places_of(channel)),
        settings.chat,
        services.planner.factor(question.model or settings.chat.model),
    )
    await interaction.edit_original_response(embed=embed)


async def forget_person(interaction: discord.Interaction, services: Services) -> None:
    """Takes back this person's open questions, and erases what is kept about them."""
    await interaction.response.defer(ephemeral=True)
    open_ones = await services.chat.withdraw(interaction.user.id, person_of(interaction).name)
    count = await services.memory.forget(interaction.user.id)
    told = _FORGOTTEN.format(
        count=f"{count} entries" if count != 1 else "1 entry", open=_TAKEN_BACK if open_ones else ""
    )
    await interaction.edit_original_response(content=told)
