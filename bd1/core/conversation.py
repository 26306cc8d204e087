"""From what was said to what the model is sent: newest first within the context window. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

_BYTES_PER_TOKEN = 3
_TOKENS_PER_TURN = 8


@dataclass(frozen=True, slots=True)
class Said:
    """One message of a conversation, oldest first in a sequence. `speaker` is the display name of a person."""

    role: Literal["user", "assistant"]
    text: str
    speaker: str = ""


@dataclass(frozen=True, slots=True)
class Prompt:
    """What goes to the model after the persona; `left_out` older messages did not fit."""

    turns: tuple[tuple[Literal["user", "assistant"], str], ...]
    left_out: int = 0


def estimate_tokens(text: str) -> int:
    """A conservative estimate: three bytes of UTF-8 a token (English text has about four), plus the turn's frame."""
    return -(-len(text.encode()) // _BYTES_PER_TOKEN) + _TOKENS_PER_TURN


def fit(persona: str, said: Sequence[Said], *, num_ctx: int, max_answer_tokens: int) -> Prompt:
    """Keeps the newest messages that fit into `num_ctx` beside the persona and the answer.

    The newest message is always kept, whole. Speakers are named only where more than one person speaks.
    """
    named = len({message.speaker for message in said if message.role == "user"}) > 1
    room = num_ctx - max_answer_tokens - estimate_tokens(persona)
    kept: list[tuple[Literal["user", "assistant"], str]] = []
    for message in reversed(said):
        text = f"{message.speaker}: {message.text}" if named and message.role == "user" else message.text
        room -= estimate_tokens(text)
        if kept and room < 0:
            break
        kept.append((message.role, text))
    kept.reverse()
    return Prompt(tuple(kept), left_out=len(said) - len(kept))
