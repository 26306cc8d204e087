"""What a message says, as people read it: names where Discord sends numbers. It reads nothing but the message."""

import re
from datetime import UTC, datetime

import discord

from cogs._ui.foreign import one_line
from cogs._ui.notice_marks import answer_in

_LONGEST_NAME = 32
_SMALL = "-# "
_ID = r"\d{15,21}"
_RAW = re.compile(
    rf"<(?:@!?(?P<person>{_ID})|@&(?P<role>{_ID})|\#(?P<channel>{_ID})|a?:(?P<emoji>\w{{2,32}}):{_ID}"
    rf"|/(?P<command>[^:<>\n]{{1,100}}):{_ID}|t:(?P<at>-?\d{{1,12}})(?::[tTdDfFR])?)>"
)
"""What Discord shows otherwise than it is written."""

User = discord.User | discord.Member | discord.ClientUser


def said_text(message: discord.Message, me: User) -> str:
    """What a message says, without the mention of `me` or my role; of my own messages without footers and notices."""
    text = message.content
    if message.author.id == me.id:  # to the letter: it is compared with what the model said
        return answer_in("\n".join(line for line in text.split("\n") if not line.startswith(_SMALL)).strip()).strip()
    mine = message.guild.self_role if message.guild else None
    for mention in (f"<@{me.id}>", f"<@!{me.id}>", *([f"<@&{mine.id}>"] if mine else [])):
        text = text.replace(mention, "")
    return _RAW.sub(lambda found: _read(found, message), text).strip()


def name_of(person: User) -> str:
    """A display name that cannot be taken for the end of a line or of a name."""
    return one_line(person.display_name.replace(":", " "))[:_LONGEST_NAME] or "?"


def _read(found: re.Match[str], message: discord.Message) -> str:
    guild = message.guild
    match found.lastgroup:
        case "person":
            number = int(found["person"])
            person = discord.utils.get(message.mentions, id=number) or (guild.get_member(number) if guild else None)
            return f"@{name_of(person) if person else 'somebody'}"
        case "role":
            role = guild.get_role(int(found["role"])) if guild else None
            return f"@{one_line(role.name) if role else 'role'}"
        case "channel":
            channel = guild.get_channel_or_thread(int(found["channel"])) if guild else None
            return f"#{one_line(channel.name) if channel else 'channel'}"
        case "emoji":
            return f":{found['emoji']}:"
        case "command":
            return f"/{found['command']}"
    return _moment(found)


def _moment(found: re.Match[str]) -> str:
    try:
        return f"{datetime.fromtimestamp(int(found['at']), UTC):%Y-%m-%d %H:%M} UTC"
    except (OverflowError, ValueError, OSError):
        return found[0]
