"""What would be told to the model, as one embed for whoever asked: each turn with its tokens, and what is left out."""

import discord

from bd1.core.answer import Question
from bd1.core.conversation import Prompt, estimate_tokens
from bd1.core.settings import ChatSettings
from bd1.services.memory import EVERYWHERE, Persona
from cogs._ui.foreign import plain, sentence
from cogs._ui.limits import first_lines, last_lines

_COLOUR = 0x5865F2
_TURNS, _TURN, _WORDS, _NOTE = 3000, 160, 80, 300
_MODEL, _PERSONA = 60, 300
_NOTHING = "Nothing: the next question begins a new conversation here."


def context_embed(
    question: Question, prompt: Prompt, persona: Persona, settings: ChatSettings, factor: float
) -> discord.Embed:
    """The plan of the prompt; `factor` is how many tokens the model makes of an estimated one."""
    lines = [_turn(role, text, factor) for role, text in prompt.turns]
    embed = discord.Embed(
        title="What I would tell the model now",
        description=last_lines(lines, _TURNS, _TURN) or _NOTHING,
        colour=_COLOUR,
    )
    planned = round(prompt.tokens * factor)
    room = settings.num_ctx - settings.max_answer_tokens
    tools = f" ({round(prompt.beside * factor)} of them for the facts it may ask for)" if prompt.beside else ""
    tokens = f"about {planned}{tools} of {room}, and {settings.max_answer_tokens} for the answer"
    embed.add_field(name="Tokens", value=tokens)
    embed.add_field(name="Model", value=plain(question.model or settings.model, _MODEL))
    embed.add_field(name=f"Persona ({_where(persona)})", value=plain(persona.text, _PERSONA), inline=False)
    if left := _left_out(question, prompt):
        embed.add_field(name="Left out", value=left, inline=False)
    return embed


def _turn(role: str, text: str, factor: float) -> str:
    tokens = round(estimate_tokens(text) * factor)
    return f"**{'me' if role == 'assistant' else 'you'}** ~{tokens}: {plain(text, _WORDS)}"


def _where(persona: Persona) -> str:
    if persona.channel_id is None:
        return "as configured"
    return "everywhere" if persona.channel_id == EVERYWHERE else "of this channel"


def _left_out(question: Question, prompt: Prompt) -> str:
    notes = [*question.notes, *prompt.notes]
    if question.read_last is not None:
        notes.append(f"everything but the last {question.read_last} messages (chat.history_messages)")
    if count := prompt.left_out:
        notes.insert(0, f"the {count} oldest messages" if count > 1 else "the oldest message")
    return first_lines([sentence(note, _NOTE) for note in notes], 1000, _NOTE)
