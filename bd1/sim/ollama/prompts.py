"""How much of a prompt fits, and what it costs in tokens, by estimate; pure."""

from collections.abc import Mapping, Sequence
from typing import Any

from bd1.sim.ollama.refusals import too_long

CHARACTERS_PER_TOKEN = 4
TOKENS_PER_MESSAGE = 4
TOKENS_AROUND = 5
"""What a chat template adds to each message and to the whole."""


def text_tokens(text: str) -> int:
    """What `text` costs."""
    return -(-len(text) // CHARACTERS_PER_TOKEN)


def prompt_tokens(messages: Sequence[Mapping[str, Any]]) -> int:
    """What a conversation costs."""
    texts = (str(message.get("content") or "") for message in messages)
    return TOKENS_AROUND + sum(TOKENS_PER_MESSAGE + text_tokens(text) for text in texts)


def cut_to(
    messages: Sequence[Mapping[str, Any]], num_ctx: int, *, truncate: bool
) -> tuple[tuple[Mapping[str, Any], ...], int]:
    """What is left of a conversation in `num_ctx` tokens, and what that costs.

    As in the real server the oldest go first and silently, the system's words stay, and the last message is cut
    itself. Raises `Refusal` where the client forbade all that.
    """
    kept = list(messages)
    if prompt_tokens(kept) > num_ctx and not truncate:
        raise too_long(prompt_tokens(kept), num_ctx)
    while prompt_tokens(kept) > num_ctx:
        droppable = next((place for place, told in enumerate(kept[:-1]) if told.get("role") != "system"), None)
        if droppable is None:
            return tuple(kept), num_ctx
        del kept[droppable]
    return tuple(kept), prompt_tokens(kept)
