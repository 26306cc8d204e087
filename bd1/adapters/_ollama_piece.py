"""A piece of an answer as Ollama streams it; apart, so that it can be known before the SDK is imported."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Piece:
    """Some words of an answer that goes on."""

    text: str = ""
    thinking: str = ""
