"""Overruling the gate: a form that asks why, then a second question with the figures. It starts nothing itself."""

from datetime import datetime, timedelta

import discord

from bd1.core.progress import Forecast
from cogs._ui.asker import services_of
from cogs._ui.controls import control, controls
from cogs._ui.foreign import footnote, plain, sentence
from cogs._ui.press_ids import override_id
from cogs._ui.trouble import tell, tells_trouble
from cogs._ui.words import mib_words, moment, unknown_mib

_SHORTEST, _LONGEST = 10, 200
_FORM_OPEN_S = 600.0
_VALID = timedelta(minutes=2)
_NAME, _REASON = 90, 900
_COLOUR = 0xDA373C
_MARK = "Reason: "
_TOO_SHORT = f"Please say in at least {_SHORTEST} characters why. It is kept with the switch, for everybody to read."


class OverrideForm(discord.ui.Modal):
    """Asks why the gate shall be overruled; what follows is asked once more, below the figures."""

    def __init__(self, target: str, message_id: int) -> None:
        """`message_id` is the refusal; the switch goes on in it."""
        super().__init__(title="Override the refusal", timeout=_FORM_OPEN_S)
        self._target = target
        self._message_id = message_id
        self.reason: discord.ui.TextInput[OverrideForm] = discord.ui.TextInput(
            custom_id="reason",
            style=discord.TextStyle.paragraph,
            min_length=_SHORTEST,
            max_length=_LONGEST,
            placeholder="Why is it safe to start it all the same?",
        )
        self.add_item(discord.ui.Label(text="Reason, kept with the switch", component=self.reason))

    @tells_trouble
    async def on_submit(self, interaction: discord.Interaction) -> None:
        """Shows the figures and asks again."""
        reason = " ".join(self.reason.value.split())
        if len(reason) < _SHORTEST:
            await tell(interaction, _TOO_SHORT)
            return
        await interaction.response.defer(ephemeral=True, thinking=True)
        services = services_of(interaction)
        forecast = await services.director.preview(self._target)
        unsafe = services.director.unsafe
        embed = last_question(
            self._target, forecast, reason, unsafe.reason if unsafe else "", services.settings.gpu.ceiling_mib
        )
        embed.add_field(name="Valid until", value=moment(interaction.created_at + _VALID, "T"))
        await interaction.edit_original_response(embed=embed, view=last_buttons(self._target, self._message_id))


def last_question(target: str, forecast: Forecast, reason: str, refusal: str, ceiling_mib: int) -> discord.Embed:
    """What would be started on what, and why the gate said no. The reason is read back from the foot when pressed."""
    coming_mib = sum(share.mib or 0 for share in forecast.starts)
    going_mib = sum(share.mib or 0 for share in forecast.stops)
    together_mib = None if forecast.used_mib is None else forecast.used_mib - going_mib + coming_mib
    lines = [
        f"In use now: **{unknown_mib(forecast.used_mib)}**",
        f"Idle level: {mib_words(forecast.idle_mib)}",
        f"To be started: **{mib_words(coming_mib)}** declared",
        f"Together: **{unknown_mib(together_mib)}**",
        f"Ceiling: {mib_words(ceiling_mib)}, and no word passes it",
        "\nIf what is on the card grows, the host may lock up.",
    ]
    if refusal:
        lines.insert(0, f"⛔ {sentence(refusal, _REASON)}\n")
    title = f"Start {plain(target, _NAME)} all the same?"
    embed = discord.Embed(title=title, description="\n".join(lines), colour=_COLOUR)
    return embed.set_footer(text=_MARK + footnote(reason, _LONGEST))


def last_buttons(target: str, message_id: int) -> discord.ui.View | None:
    """The second word, and none to take it back: who does not press starts nothing."""
    return controls(control("Start anyway", override_id(message_id, target), discord.ButtonStyle.danger))


def reason_in(question: discord.Message) -> str | None:
    """The reason that a last question was asked with; `None` when it does not say."""
    foot = question.embeds[0].footer.text if question.embeds else None
    return foot.removeprefix(_MARK) if foot and foot.startswith(_MARK) else None


def is_too_late(asked_at: datetime, pressed_at: datetime) -> bool:
    """Whether a last question is no longer valid. Both times are Discord's, so the host's clock plays no part."""
    return pressed_at - asked_at > _VALID
