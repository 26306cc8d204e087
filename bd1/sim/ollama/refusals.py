"""How Ollama says no: status, words and content type as recorded from the real server; it decides nothing."""

import json

from aiohttp import web

from bd1.sim.ollama.models import full_name

JSON_TYPE = "application/json; charset=utf-8"
BARE_JSON_TYPE = "application/json"
"""The type of errors that the real server hands on from its runner or from a download."""


class Refusal(Exception):
    """A request that ends in an error before the first byte of an answer. `str()` is its text."""

    def __init__(self, status: int, text: str, content_type: str = JSON_TYPE) -> None:
        super().__init__(text)
        self.status = status
        self.content_type = content_type


def as_response(refusal: Refusal) -> web.Response:
    """The refusal as it goes over the wire."""
    return web.Response(
        status=refusal.status, body=encode({"error": str(refusal)}), headers={"Content-Type": refusal.content_type}
    )


def encode(value: object) -> bytes:
    """JSON as Go writes it: no blanks, letters as they are, what HTML and JavaScript would trip over escaped."""
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    for character in "<>&\u2028\u2029":
        text = text.replace(character, f"\\u{ord(character):04x}")
    return text.encode()


def not_found(name: str) -> Refusal:
    return Refusal(404, f"model '{name}' not found")


def not_shown(name: str) -> Refusal:
    """/api/show names what it looked for, the others what they were asked for."""
    return not_found(full_name(name))


def busy() -> Refusal:
    return Refusal(503, "server busy, please try again.  maximum pending requests exceeded")


def out_of_memory() -> Refusal:
    return Refusal(500, "llama runner process has terminated: cudaMalloc failed: out of memory")


def from_runner(message: str, kind: str, **more: int) -> str:
    """An error of the runner, which the server passes on as JSON inside JSON."""
    return encode({"error": {"code": 400, "message": message, "type": kind, **more}}).decode()


def too_long(tokens: int, num_ctx: int) -> Refusal:
    text = f"request ({tokens} tokens) exceeds the available context size ({num_ctx} tokens), try increasing it"
    return Refusal(400, from_runner(text, "exceed_context_size_error", n_prompt_tokens=tokens, n_ctx=num_ctx))


def sees_nothing() -> Refusal:
    text = "Multimodal data provided, but model does not support multimodal requests."
    return Refusal(400, from_runner(text, "invalid_request_error"), BARE_JSON_TYPE)
