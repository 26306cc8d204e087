"""Ollama's errors as sentences: what went wrong and what to do. Pure; it must not know the SDK or the network."""

import json
from dataclasses import dataclass

from bd1.errors import Bd1Error, ChatBusy, ChatRefused, ChatUnavailable, ModelMissing, ToolsRefused

LONGEST_QUOTE = 240
"""Characters of the server's own words shown to a person: an HTML page or a stack trace is cut here."""

MID_STREAM = -1
"""The status of an error that came as a line of a stream, after the headers had promised success."""

GATEWAYS = frozenset({502, 503, 504})
"""What a reverse proxy answers, with a page of its own, while the server behind it is away."""


@dataclass(frozen=True, slots=True)
class Asked:
    """Whom was asked for what: the address, and the model where the question named one."""

    url: str
    model: str | None = None


def from_status(asked: Asked, status: int, told: object) -> Bd1Error:
    """The error behind an HTTP status (or `MID_STREAM`) and whatever the server put into its `error` field."""
    words = plain_words(told)
    if words.startswith("pull "):
        return ChatRefused(
            f"{asked.model} could not be fetched ({words}). Check its name, and whether the Ollama server reaches the "
            "network."
        )
    if status == MID_STREAM:
        return ChatRefused(f"The model broke off in the middle of its answer ({words}). Ask again: Ollama reloads it.")
    if status == 404 and asked.model and words.startswith("model "):
        return ModelMissing(
            f"The model {asked.model} is not on the Ollama server. Fetch it with `ollama pull {asked.model}`, "
            "or name another one in config.yaml (chat.model)."
        )
    if status == 403 and not words:
        return ChatRefused(
            f"Ollama turns away the host name in {asked.url}. Use its IP address in config.yaml (chat.ollama_url), "
            "or let Ollama listen on all addresses (OLLAMA_HOST=0.0.0.0)."
        )
    if status == 503 and words.startswith("server busy"):
        return ChatBusy("Ollama is busy: its queue is full. Try again in a minute.")
    return _other(asked, status, told, words)


def _other(asked: Asked, status: int, told: object, words: str) -> Bd1Error:
    if status in GATEWAYS and (not words or _is_a_page(told)):
        return unreachable(asked)
    if not words or _is_a_page(told) or status in {404, 405} or status < 400:
        return not_ollama(asked, f"HTTP {status}")
    if words.endswith("does not support tools"):
        return ToolsRefused(f"{asked.model} cannot ask for facts. Set chat.tools to false in config.yaml.")
    return ChatRefused(f"Ollama refused the request ({words}). Try again, and read its log if this goes on.")


def unreachable(asked: Asked) -> ChatUnavailable:
    """Nothing listens there, or no connection came about in time."""
    return ChatUnavailable(
        f"Ollama cannot be reached at {asked.url}. Start it, or correct the address in config.yaml (chat.ollama_url)."
    )


def broken(asked: Asked) -> ChatUnavailable:
    """The connection was there and is gone."""
    return ChatUnavailable(f"The connection to Ollama at {asked.url} broke. Ask again once it runs.")


def silent(asked: Asked, waited_s: float, *, began: bool) -> ChatUnavailable:
    """Nothing came for `waited_s`; `began` says whether something had come before."""
    if began:
        return ChatUnavailable(
            f"Ollama went silent for {waited_s:g} s in the middle of its answer. Ask again, "
            "and restart Ollama if this goes on."
        )
    return ChatUnavailable(
        f"Ollama at {asked.url} gave no answer within {waited_s:g} s. It may be busy for somebody else: try again, "
        "and restart it if this goes on."
    )


def unfinished(asked: Asked) -> ChatRefused:
    """The stream ended cleanly, but without its last line."""
    return ChatRefused(f"The answer of {asked.model} ended before it was complete. Ask again.")


def not_ollama(asked: Asked, seen: str) -> ChatUnavailable:
    """Something answered, but not in Ollama's language."""
    return ChatUnavailable(
        f"What answers at {asked.url} does not speak like Ollama ({seen}). "
        "Correct the address in config.yaml (chat.ollama_url), or update Ollama."
    )


def plain_words(told: object) -> str:
    """The innermost text of an error: llama-server's arrive as JSON within JSON, to any depth."""
    while True:
        inner = _parsed(told) if isinstance(told, str) else told
        if not isinstance(inner, dict):
            break
        told = inner.get("error") or inner.get("message") or ""
    words = " ".join(str(told or "").split()).rstrip(".")
    return words if len(words) <= LONGEST_QUOTE else words[: LONGEST_QUOTE - 1] + "…"


def _parsed(text: str) -> object:
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return None


def _is_a_page(told: object) -> bool:
    return isinstance(told, str) and told.lstrip().startswith("<")
