"""The floor that the idle bot is measured against: a discord.py `commands.Bot` with one slash command."""

import logging
import os
import sys

import discord
import yarl
from discord.ext import commands
from discord.gateway import DiscordWebSocket
from discord.http import Route

Route.BASE, DiscordWebSocket.DEFAULT_GATEWAY = sys.argv[1], yarl.URL(sys.argv[2])


class Bare(commands.Bot):
    def __init__(self) -> None:
        intents = discord.Intents(guilds=True, guild_messages=True, dm_messages=True)
        super().__init__(commands.when_mentioned, help_command=None, intents=intents, max_messages=200)

    async def setup_hook(self) -> None:
        guild = discord.Object(int(sys.argv[3]))
        self.tree.copy_global_to(guild=guild)
        await self.tree.sync(guild=guild)

    async def on_ready(self) -> None:
        print("ready", flush=True)


bot = Bare()


@bot.tree.command(description="Answers.")
async def ping(interaction: discord.Interaction) -> None:
    await interaction.response.send_message("pong")


bot.run(os.environ["BD1_DISCORD_TOKEN"], log_level=logging.ERROR)
