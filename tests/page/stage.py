"""What the page's tests stand on: a loopback Discord, a simulated machine, a scripted bot and a browser."""

import warnings
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from typing import Any

from playwright.async_api import Browser, ConsoleMessage, Page, ViewportSize, expect

from bd1.sim.discord.model import Message
from bd1.sim.discord.server import LoopbackDiscord
from bd1.sim.discord.world import Draft
from bd1.sim.world import World

with warnings.catch_warnings():
    warnings.simplefilter("ignore", DeprecationWarning)  # discord.py imports audioop on Python 3.11
    import discord
    from discord import app_commands

LAPTOP: ViewportSize = {"width": 1440, "height": 900}
PHONE: ViewportSize = {"width": 390, "height": 844}
PATIENCE_MS = 10_000
MODELS = ("gemma3:12b", "mistral-small", "qwen3:8b")


EMBED: dict[str, Any] = {
    "title": "Card: **full**",
    "description": "See <#1100000000000000011>.",
    "color": 0xF08C45,
    "fields": [
        {"name": "One", "value": "1", "inline": True},
        {"name": "Two", "value": "2", "inline": True},
        {"name": "Three", "value": "3", "inline": True},
        {"name": "Wide", "value": "- a\n- b", "inline": False},
    ],
    "footer": {"text": "watchdog"},
}
ROW: dict[str, Any] = {
    "type": 1,
    "components": [
        {"type": 2, "style": 1, "label": "Go", "custom_id": "go", "emoji": {"name": "🚀"}},
        {"type": 2, "style": 4, "label": "Stop", "custom_id": "stop", "disabled": True},
        {"type": 2, "style": 5, "label": "Manual", "url": "https://example.org/"},
    ],
}
SELECT: dict[str, Any] = {
    "type": 1,
    "components": [
        {"type": 3, "custom_id": "pick", "placeholder": "Pick one", "options": [{"label": "A", "value": "a"}]}
    ],
}


class ScriptedBot(discord.Client):
    """Answers as the tests expect: commands with live and with optional choices, a button, a select, a form."""

    def __init__(self, guild: discord.Object) -> None:
        super().__init__(intents=discord.Intents(guilds=True, guild_messages=True), guild_ready_timeout=0.05)
        self.tree = app_commands.CommandTree(self)
        self._guild = guild
        commands: tuple[app_commands.Command[Any, ..., None], ...] = (_status, _model, _paint, _menu)
        for command in commands:
            self.tree.add_command(command, guild=guild)

    async def setup_hook(self) -> None:
        await self.tree.sync(guild=self._guild)


class _Count(discord.ui.View):
    @discord.ui.button(label="Count: 0", custom_id="count")
    async def count(self, interaction: discord.Interaction, button: discord.ui.Button["_Count"]) -> None:
        button.label = f"Count: {int(str(button.label).rpartition(' ')[2]) + 1}"
        await interaction.response.edit_message(view=self)


class _Why(discord.ui.Modal, title="Why?"):
    reason: discord.ui.TextInput["_Why"] = discord.ui.TextInput(label="Reason", custom_id="reason")
    more: discord.ui.TextInput["_Why"] = discord.ui.TextInput(
        label="More", custom_id="more", required=False, style=discord.TextStyle.paragraph
    )

    async def on_submit(self, interaction: discord.Interaction) -> None:
        await interaction.response.send_message(f"Because: {self.reason}.")


class _Menu(discord.ui.View):
    @discord.ui.select(
        custom_id="dishes",
        placeholder="What shall it be?",
        min_values=1,
        max_values=3,
        options=[discord.SelectOption(label=label) for label in ("Soup", "Stew", "Cake")],
    )
    async def choose(self, interaction: discord.Interaction, select: discord.ui.Select["_Menu"]) -> None:
        await interaction.response.send_message(f"You get {' and '.join(select.values)}.")

    @discord.ui.button(label="Complain", custom_id="complain")
    async def complain(self, interaction: discord.Interaction, _button: discord.ui.Button["_Menu"]) -> None:
        await interaction.response.send_modal(_Why())


@app_commands.command(name="menu", description="What there is to eat")
async def _menu(interaction: discord.Interaction) -> None:
    await interaction.response.send_message("Choose.", view=_Menu(timeout=None))


@app_commands.command(name="paint", description="Paints the wall")
@app_commands.choices(colour=[app_commands.Choice(name=name, value=name) for name in ("red", "blue")])
async def _paint(interaction: discord.Interaction, colour: str = "white") -> None:
    await interaction.response.send_message(f"It is {colour} now.")


@app_commands.command(name="status", description="What the card is doing")
async def _status(interaction: discord.Interaction) -> None:
    await interaction.response.send_message("All is well.", view=_Count(), ephemeral=True)


@app_commands.command(name="model", description="Choose the chat model")
@app_commands.describe(name="Which model", reason="Why")
async def _model(interaction: discord.Interaction, name: str, reason: str = "none") -> None:
    await interaction.response.send_message(f"Now {name}, because: {reason}.")


@_model.autocomplete("name")
async def _models(_interaction: discord.Interaction, typed: str) -> list[app_commands.Choice[str]]:
    return [app_commands.Choice(name=model, value=model) for model in MODELS if typed in model]


@dataclass
class Stage:
    """The loopback Discord, the simulated machine behind the bench, and what the page complained of."""

    server: LoopbackDiscord
    world: World
    browser: Browser
    complaints: list[str] = field(default_factory=list)
    stack: AsyncExitStack = field(default_factory=AsyncExitStack)

    def bot_says(self, content: str, **more: Any) -> Message:
        """Has the bot write to #bridge, without its gateway."""
        channel = self.server.channel("bridge")
        return self.server.world.post(self.server.bot.id, channel, Draft(content=content, **more))

    def bot_edits(self, message: Message, content: str) -> None:
        """Has the bot change what it wrote."""
        self.server.world.edit(message, {"content": content})

    async def look(self, viewport: ViewportSize = LAPTOP, **context: Any) -> Page:
        """Opens the page in a fresh profile, and waits until it shows #bridge. What it complains of is kept."""
        profile = await self.browser.new_context(viewport=viewport, **context)
        self.stack.push_async_callback(profile.close)
        page = await profile.new_page()
        page.set_default_timeout(PATIENCE_MS)
        page.on("console", self._hear)
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        await page.goto(self.server.page_url)
        await expect(page.locator("#channel-title")).to_have_text("bridge")
        return page

    def _hear(self, message: ConsoleMessage) -> None:
        if message.type in {"error", "warning"}:
            self.complaints.append(message.text)
