"""What a bot without the message-content intent gets to see of messages. Pure."""

from bd1.sim.discord.model import Json

MESSAGE_CONTENT = 1 << 15
_HIDDEN: Json = {"content": "", "embeds": [], "attachments": [], "components": []}


def readable(message: Json, bot_id: int, intents: int) -> Json:
    """A message's JSON as this bot may read it.

    Its own messages and those that mention it are whole in any case; the message one replies to is judged for itself.
    Direct messages are whole too: do not ask for them.
    """
    if intents & MESSAGE_CONTENT:
        return message
    answered = message.get("referenced_message")
    if answered is not None:
        message = message | {"referenced_message": readable(answered, bot_id, intents)}
    own = message["author"]["id"] == str(bot_id)
    mentioned = any(user["id"] == str(bot_id) for user in message["mentions"])
    return message if own or mentioned else message | _HIDDEN
