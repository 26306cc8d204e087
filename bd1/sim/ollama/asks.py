"""What a client asks of the simulated Ollama: a request's JSON as a checked value, or a `Refusal`; no state, no I/O."""

import base64
import binascii
import json
import math
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, overload

from bd1.sim.ollama.refusals import Refusal
from bd1.sim.ollama.runners import FOR_EVER

NAME = re.compile(r"[A-Za-z0-9][\w.-]*(/[A-Za-z0-9][\w.-]*){0,2}(:[\w.-]+)?")
DURATION = re.compile(r"(\d+(?:\.\d*)?|\.\d+)(ns|us|µs|ms|s|m|h)")
UNIT_S = {"ns": 1e-9, "us": 1e-6, "µs": 1e-6, "ms": 1e-3, "s": 1.0, "m": 60.0, "h": 3600.0}
OPTION_TYPES = {
    "temperature": "float32",
    "top_p": "float32",
    "repeat_penalty": "float32",
    "num_ctx": "integer",
    "num_predict": "integer",
    "seed": "integer",
    "top_k": "integer",
}
GO_KINDS = {str: "string", bool: "bool", int: "number", float: "number", list: "array", dict: "object"}
FIELD_TYPES: dict[str, tuple[type | tuple[type, ...], str]] = {
    "model": (str, "string"),
    "name": (str, "string"),
    "prompt": (str, "string"),
    "system": (str, "string"),
    "messages": (list, "[]api.Message"),
    "options": (dict, "map[string]interface {}"),
    "stream": (bool, "bool"),
    "tools": (list, "api.Tools"),
    "images": (list, "[]api.ImageData"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Ask:
    """A request for text. No `messages` means: only load, or with `keep_alive_s` 0 unload.

    `keep_alive_s` is `None` when it was not sent and `FOR_EVER` when negative; `num_predict` below 0 has no limit.
    """

    model: str
    messages: tuple[Mapping[str, Any], ...]
    stream: bool = True
    keep_alive_s: float | None = None
    num_ctx: int | None = None
    num_predict: int = -1
    stops: tuple[str, ...] = ()
    think: bool | str | None = None
    tools: tuple[Mapping[str, Any], ...] = ()
    format: Any = None
    truncate: bool = True
    raw: bool = False

    @property
    def has_images(self) -> bool:
        """Whether any message carries a picture."""
        return any(message.get("images") for message in self.messages)


def parse_body(body: bytes) -> dict[str, Any]:
    """The JSON object of a request, checked for the types of the fields that matter."""
    if not body:
        raise Refusal(400, "missing request body")
    try:
        fields = json.loads(body)
    except ValueError as error:
        raise Refusal(400, _go_syntax_error(body.decode(errors="replace"), error)) from None
    if not isinstance(fields, dict):
        raise Refusal(400, f"json: cannot unmarshal {_kind(fields)} into Go value of type api.Request")
    for name, (python_type, go_type) in FIELD_TYPES.items():
        value = fields.get(name)
        if value is not None and not isinstance(value, python_type):
            raise Refusal(400, f"json: cannot unmarshal {_kind(value)} into Go struct field .{name} of type {go_type}")
    return fields


def parse_name(fields: Mapping[str, Any]) -> str:
    """The model's name as it was sent, in the new or the old field."""
    name = str(fields.get("model") or fields.get("name") or "")
    if not name:
        raise Refusal(400, "model is required")
    if not NAME.fullmatch(name):
        raise Refusal(400, "invalid model name")
    return name


def parse_chat(fields: Mapping[str, Any]) -> Ask:
    """/api/chat."""
    messages = fields.get("messages") or []
    for message in messages:
        _check_message(message)
    return _ask(fields, tuple(messages))


def parse_generate(fields: Mapping[str, Any]) -> Ask:
    """/api/generate: a prompt becomes the only message of the user."""
    prompt, system = fields.get("prompt"), fields.get("system")
    messages: list[dict[str, Any]] = [{"role": "user", "content": prompt}] if prompt else []
    if messages and fields.get("images"):
        messages[0]["images"] = fields["images"]
        _check_message(messages[0])
    if messages and system:
        messages.insert(0, {"role": "system", "content": system})
    return _ask(fields, tuple(messages))


def _ask(fields: Mapping[str, Any], messages: tuple[Mapping[str, Any], ...]) -> Ask:
    options: dict[str, Any] = fields.get("options") or {}
    return Ask(
        model=parse_name(fields),
        messages=messages,
        stream=fields.get("stream") is not False,
        keep_alive_s=parse_keep_alive(fields.get("keep_alive")),
        num_ctx=_whole(options, "num_ctx"),
        num_predict=_whole(options, "num_predict", -1),
        stops=_stops(options.get("stop")),
        think=fields.get("think"),
        tools=tuple(fields.get("tools") or ()),
        format=fields.get("format"),
        truncate=fields.get("truncate") is not False,
        raw=fields.get("raw") is True,
    )


def check_options(fields: Mapping[str, Any]) -> None:
    """The real server looks at these only once it has found the model."""
    wanted = fields.get("format")
    if wanted not in (None, "", "json") and not isinstance(wanted, dict):
        quoted = json.dumps(json.dumps(wanted))
        raise Refusal(500, f'invalid format: {quoted}; expected "json" or a valid JSON Schema object')
    for name, go_type in OPTION_TYPES.items():
        value = (fields.get("options") or {}).get(name)
        if value is not None and not _is_number(value):
            raise Refusal(500, f'option "{name}" must be of type {go_type}')


def parse_keep_alive(value: object) -> float | None:
    """Seconds, from a number of seconds or a Go duration; negative means `FOR_EVER`, `None` not sent."""
    if value is None:
        return None
    if isinstance(value, str):
        seconds = _duration_s(value)
    elif _is_number(value):
        seconds = float(value)  # type: ignore[arg-type]  # _is_number has looked
    else:
        raise Refusal(
            400, f"json: cannot unmarshal {_kind(value)} into Go struct field .keep_alive of type api.Duration"
        )
    return FOR_EVER if seconds < 0 else seconds


def _duration_s(text: str) -> float:
    digits = text.lstrip("+-")
    sign = -1.0 if text.startswith("-") else 1.0
    if digits == "0":
        return 0.0
    parts = DURATION.findall(digits)
    if not parts or "".join(number + unit for number, unit in parts) != digits:
        fault = "missing unit in" if re.fullmatch(r"[\d.]*\d[\d.]*", digits) else "invalid"
        raise Refusal(400, f"time: {fault} duration {json.dumps(text)}")
    return sign * math.fsum(float(number) * UNIT_S[unit] for number, unit in parts)


def _check_message(message: object) -> None:
    if not isinstance(message, dict):
        raise Refusal(
            400, f"json: cannot unmarshal {_kind(message)} into Go struct field .messages of type api.Message"
        )
    images = message.get("images") or []
    if not isinstance(images, list):
        raise Refusal(400, f"json: cannot unmarshal {_kind(images)} into Alias.images of type []api.ImageData")
    for place, image in enumerate(images):
        try:
            base64.b64decode(image, validate=True)
        except (binascii.Error, ValueError, TypeError):
            raise Refusal(
                400,
                f"json: cannot unmarshal string into Alias.images.{place} of type api.ImageData: "
                f"illegal base64 data at input byte {_first_bad_byte(str(image))}",
            ) from None


def _first_bad_byte(text: str) -> int:
    good = re.match(r"[A-Za-z0-9+/]*", text)
    return good.end() if good else 0


def _stops(value: object) -> tuple[str, ...]:
    if isinstance(value, str):
        return (value,)
    return tuple(str(stop) for stop in value) if isinstance(value, list) else ()


@overload
def _whole(options: Mapping[str, Any], name: str) -> int | None: ...
@overload
def _whole(options: Mapping[str, Any], name: str, otherwise: int) -> int: ...
def _whole(options: Mapping[str, Any], name: str, otherwise: int | None = None) -> int | None:
    """An option of another type is refused later, by `check_options`."""
    value = options.get(name)
    return int(value) if isinstance(value, int | float) else otherwise


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _kind(value: object) -> str:
    return GO_KINDS.get(type(value), "null")


def _go_syntax_error(text: str, error: ValueError) -> str:
    place = error.pos if isinstance(error, json.JSONDecodeError) else 0
    if place >= len(text):
        return "unexpected EOF"
    where = {
        "Expecting property name enclosed in double quotes": "looking for beginning of object key string",
        "Expecting ':' delimiter": "after object key",
        "Expecting ',' delimiter": "after object key:value pair",
    }
    told = error.msg if isinstance(error, json.JSONDecodeError) else ""
    return f"invalid character '{text[place]}' {where.get(told, 'looking for beginning of value')}"
