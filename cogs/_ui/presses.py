"""What happens when a button of a switch is pressed: permission, one call of a service, one view.

Every button is found by its id, so it works on messages of an earlier run too.
"""

import re
from datetime import timedelta
from typing import Any, Self, cast

import discord

from bd1.core.progress import Override, Patience
from bd1.errors import SwitchRefused, TooLate
from cogs._ui.asker import may_answer_for, may_switch, person_of, services_of
from cogs._ui.baseline_view import accepted_embed
from cogs._ui.forecast_view import never_mind_embed
from cogs._ui.override_form import OverrideForm, is_too_late, reason_in
from cogs._ui.press_ids import ACCEPT, CARD, MODE, OVERRIDE, REARM, REFUSED, SWITCH, named
from cogs._ui.rearm_view import NO_QUARANTINE, rearmed_embed
from cogs._ui.switch_start import ask_for_switch, begin
from cogs._ui.trouble import tell, tells_trouble
from cogs._ui.words import mib_words

_FRESH = timedelta(minutes=10)
"""How long a question about work under way stays true enough to be answered."""
_NO_MODE = "The configuration has no such mode any more. Look with `/gpu mode`."
_NO_WORKLOAD = "The configuration has no such workload any more. Look with `/gpu status`."
_ANOTHER_QUARANTINE = "The card was put into quarantine anew since then. Look with `/gpu rearm card`."
_EXPIRED = "Two minutes have passed, and the card may be another one by now. Press Override… once more."
_BEGUN = "The switch begins. The message of the refusal shows how it goes."


class Pressed(discord.ui.DynamicItem[discord.ui.Button[Any]], template="(?!)"):
    """A button that was pressed, with the words of its id."""

    def __init__(self, button: discord.ui.Button[Any], words: dict[str, str]) -> None:
        super().__init__(button)
        self.words = words

    @classmethod
    async def from_custom_id(
        cls, _interaction: discord.Interaction, item: discord.ui.Item[Any], match: re.Match[str]
    ) -> Self:
        return cls(cast("discord.ui.Button[Any]", item), match.groupdict())

    def mode(self, interaction: discord.Interaction) -> str:
        """The mode that the id means. Raises `SwitchRefused` when the configuration has it no more."""
        mode = named(self.words["mode"], services_of(interaction).settings.modes)
        if mode is None:
            raise SwitchRefused(_NO_MODE)
        return mode


class BeforeSwitch(Pressed, template=MODE):
    """Let them finish, cut and switch, or never mind."""

    @tells_trouble
    async def callback(self, interaction: discord.Interaction) -> None:
        asker_id, how = int(self.words["asker"]), self.words["how"]
        if how == "no":
            if await may_answer_for(interaction, asker_id):
                by = person_of(interaction).name
                await interaction.response.edit_message(embed=never_mind_embed(self.mode(interaction), by), view=None)
        elif await may_switch(interaction):
            if how == "cut" and _is_stale(interaction):
                await ask_for_switch(interaction, self.mode(interaction))  # others may be at work by now
            else:
                patience = Patience.CUT if how == "cut" else Patience.ASK
                await begin(interaction, self.mode(interaction), patience=patience)


def _is_stale(interaction: discord.Interaction) -> bool:
    question = interaction.message
    return question is not None and interaction.created_at - (question.edited_at or question.created_at) > _FRESH


class DuringSwitch(Pressed, template=SWITCH):
    """Cancel a switch under way, or answer what it asks."""

    @tells_trouble
    async def callback(self, interaction: discord.Interaction) -> None:
        director, by = services_of(interaction).director, person_of(interaction).name
        how, job_id = self.words["how"], self.words["job"]
        job = director.job
        asker_id = job.progress.by_id if job and job.progress.id == job_id else None
        if not await may_answer_for(interaction, asker_id):
            return
        if how == "cancel":
            director.cancel(job_id, by)
        else:
            director.choose(job_id, Patience.WAIT if how == "wait" else Patience.CUT, by)
        await interaction.response.defer()


class AfterRefusal(Pressed, template=REFUSED):
    """Try again, kill what is in the way, or override."""

    @tells_trouble
    async def callback(self, interaction: discord.Interaction) -> None:
        if not await may_switch(interaction):
            return
        mode, how = self.mode(interaction), self.words["how"]
        if how == "again":
            await begin(interaction, mode)
        elif how == "kill":
            await self._kill(interaction, mode)
        elif interaction.message is not None:
            await interaction.response.send_modal(OverrideForm(mode, interaction.message.id))

    async def _kill(self, interaction: discord.Interaction, mode: str) -> None:
        services = services_of(interaction)
        workload = named(self.words["workload"], services.settings.workloads)
        if workload is None or interaction.message is None:
            raise SwitchRefused(_NO_WORKLOAD)
        await interaction.response.defer(ephemeral=True, thinking=True)
        remedy = await services.director.kill_holder(workload, person_of(interaction).name)
        await tell(interaction, remedy.text)
        if remedy.worked:
            await begin(interaction, mode, message=_elsewhere(interaction, interaction.message.id))


class StartAnyway(Pressed, template=OVERRIDE):
    """The second word of an override."""

    @tells_trouble
    async def callback(self, interaction: discord.Interaction) -> None:
        question = interaction.message
        if question is None or not await may_switch(interaction):
            return
        reason = reason_in(question)
        if reason is None or is_too_late(question.created_at, interaction.created_at):
            raise TooLate(_EXPIRED)
        override = Override(person_of(interaction).name, reason)
        message = _elsewhere(interaction, int(self.words["message"]))
        await begin(interaction, self.mode(interaction), override=override, message=message, begun=_BEGUN)


def _elsewhere(interaction: discord.Interaction, message_id: int) -> discord.PartialMessage | None:
    """Another message of this channel."""
    if interaction.channel_id is None:
        return None
    return interaction.client.get_partial_messageable(interaction.channel_id).get_partial_message(message_id)


class AcceptIdle(Pressed, template=ACCEPT):
    """Takes what the idle card holds now as its idle level."""

    @tells_trouble
    async def callback(self, interaction: discord.Interaction) -> None:
        if not await may_switch(interaction):
            return
        await interaction.response.defer()
        services, shown_mib = services_of(interaction), int(self.words["mib"])
        measured_mib = await services.idle_level.measure()
        if measured_mib is not None and measured_mib > shown_mib + services.settings.gpu.tolerance_mib:
            raise SwitchRefused(
                f"The idle card holds {mib_words(measured_mib)} by now, more than the {mib_words(shown_mib)} that you "
                "were asked about. Look again with `/gpu baseline`."
            )
        baseline = await services.idle_level.accept(person_of(interaction).name)
        await interaction.edit_original_response(embed=accepted_embed(baseline), view=None)


class LetRunAgain(Pressed, template=REARM):
    """Takes the latch off a workload, if the card is proved to be clean at this moment."""

    @tells_trouble
    async def callback(self, interaction: discord.Interaction) -> None:
        if not await may_switch(interaction):
            return
        services = services_of(interaction)
        name = named(self.words["workload"], services.settings.workloads)
        if name is None:
            raise SwitchRefused(_NO_WORKLOAD)
        await interaction.response.defer()
        measures = services.director.measures
        remedy = await measures.rearm(services.settings.workloads[name], person_of(interaction).name)
        if not remedy.worked:
            raise SwitchRefused(remedy.text)
        await interaction.edit_original_response(embed=rearmed_embed(remedy.text), view=None)


class LiftQuarantine(Pressed, template=CARD):
    """Takes the card out of quarantine, if it is proved to be clean at this moment."""

    @tells_trouble
    async def callback(self, interaction: discord.Interaction) -> None:
        if not await may_switch(interaction):
            return
        services, by = services_of(interaction), person_of(interaction).name
        held = services.hardware.quarantined
        if held is None:
            raise SwitchRefused(NO_QUARANTINE)
        if int(held.since.timestamp()) != int(self.words["since"]):
            raise SwitchRefused(_ANOTHER_QUARANTINE)
        await interaction.response.defer()
        if shut := await services.director.measures.why_shut():
            raise SwitchRefused(f"The card stays in quarantine: {shut}")
        await services.hardware.lift(by)
        lifted = f"{by} lifted the quarantine: the card was proved to be free."
        await interaction.edit_original_response(embed=rearmed_embed(lifted), view=None)


PRESSES = (BeforeSwitch, DuringSwitch, AfterRefusal, StartAnyway, AcceptIdle, LetRunAgain, LiftQuarantine)
"""Everything that can be pressed, for the bot to know."""
