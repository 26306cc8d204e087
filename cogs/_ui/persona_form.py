"""The form for who the bot is in a place. It asks for the right once more when it is sent."""

import discord

from bd1.services.memory import EVERYWHERE
from cogs._ui.asker import may_set_persona, services_of
from cogs._ui.trouble import tell, tells_trouble

_LONGEST = 4000
_FORM_OPEN_S = 900.0


class PersonaForm(discord.ui.Modal):
    """Shows the persona of a place, and takes another one, or none."""

    def __init__(self, channel_id: int, text: str) -> None:
        """`channel_id` is `EVERYWHERE` for the whole bot; `text` is what holds there now."""
        super().__init__(title="Who I am " + _where(channel_id), timeout=_FORM_OPEN_S)
        self._channel_id = channel_id
        self.text: discord.ui.TextInput[PersonaForm] = discord.ui.TextInput(
            custom_id="persona",
            style=discord.TextStyle.paragraph,
            default=text[:_LONGEST],
            max_length=_LONGEST,
            required=False,
            placeholder="You are BD-1, a friendly and concise assistant.",
        )
        self.add_item(discord.ui.Label(text="What the model is told; empty: as elsewhere", component=self.text))

    @tells_trouble
    async def on_submit(self, interaction: discord.Interaction) -> None:
        """Keeps it."""
        if not await may_set_persona(interaction):
            return
        text = self.text.value.strip()
        await services_of(interaction).memory.set_persona(self._channel_id, text)
        if text:
            await tell(interaction, f"From the next question on this is who I am {_where(self._channel_id)}.")
        else:
            await tell(interaction, f"I have no persona of its own {_where(self._channel_id)} any more.")


def _where(channel_id: int) -> str:
    return "everywhere" if channel_id == EVERYWHERE else "in this channel"
