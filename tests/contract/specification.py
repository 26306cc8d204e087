"""Discord's own REST specification, asked about one exchange at a time. Must know no server and no bot."""

import hashlib
import json
import re
from collections.abc import Iterator, Mapping
from functools import cache, cached_property
from pathlib import Path
from typing import Any
from urllib.parse import quote

from jsonschema import Draft202012Validator
from jsonschema.exceptions import ValidationError, best_match
from referencing import Registry, Resource
from referencing.jsonschema import DRAFT202012

REPOSITORY = Path(__file__).resolve().parents[2]
SPECIFICATION = REPOSITORY.parent / "shared" / "discord" / "openapi.json"
"""Not part of the project: it may lie beside a checkout."""

Json = Mapping[str, Any]

_PARAMETER = re.compile(r"\{[^}]*\}")
_LONGEST_QUOTE = 200
_STRICT, _LENIENT = "urn:discord:strict", "urn:discord:lenient"

_SNOWFLAKE = {"anyOf": [{"type": "string", "pattern": "^(0|[1-9][0-9]*)$"}, {"type": "integer", "minimum": 0}]}
_FORM_FAULT = {"type": "object", "properties": {"code": {"type": "string"}, "message": {"type": "string"}}}
_FORM_FAULTS = {"type": "object", "properties": {"_errors": {"type": "array", "items": _FORM_FAULT}}}
_PERMISSIONS = {"type": ["integer", "string", "null"], "pattern": "^[0-9]+$", "minimum": 0}


class Specification:
    """The specification's routes and schemas. Schemas are looked up when first needed and then kept."""

    def __init__(self, document: dict[str, Any]) -> None:
        self._document = document
        self._routes = {_shape(template): template for template in document["paths"]}
        self._validators: dict[str, Draft202012Validator] = {}
        self._found: dict[tuple[str, tuple[str, ...], bytes], list[str]] = {}

    @cached_property
    def _registry(self) -> Registry[Any]:
        strict = Resource.from_contents(_as_discord_takes(self._document), default_specification=DRAFT202012)
        answers = _without_requirements(_as_discord_answers(self._document))
        lenient = Resource.from_contents(answers, default_specification=DRAFT202012)
        return Registry().with_resources([(_STRICT, strict), (_LENIENT, lenient)])

    def knows(self, method: str, template: str) -> bool:
        """Whether there is such a route with such a method; the names of path parameters do not matter."""
        return self._operation(method, template) is not None

    def request_faults(self, method: str, template: str, body: Any) -> list[str]:
        """What is wrong with the body of a request to a known route; none was sent when it is `None`."""
        operation = self._operation(method, template) or {}
        asked = operation.get("requestBody")
        if body is None:
            return ["a body is required"] if asked and asked.get("required") else []
        if asked is None:
            return ["no body is foreseen"]
        kind = "application/json" if "application/json" in asked["content"] else "multipart/form-data"
        place = (*self._place(method, template), "requestBody", "content", kind, "schema")
        return self._faults(_STRICT, place, body)

    def response_faults(self, method: str, template: str, status: int, body: Any) -> list[str]:
        """What has the wrong type in an answer of a known route. Keys that are not there are no fault."""
        responses = (self._operation(method, template) or {}).get("responses", {})
        key = next((key for key in (str(status), f"{status // 100}XX", "default") if key in responses), None)
        if key is None:
            return [f"status {status} is not foreseen"]
        place, response = (*self._place(method, template), "responses", key), responses[key]
        if "$ref" in response:
            place = tuple(response["$ref"].removeprefix("#/").split("/"))
            response = self._document[place[0]][place[1]][place[2]]
        if body is None or "application/json" not in response.get("content", {}):
            return []
        return self._faults(_LENIENT, (*place, "content", "application/json", "schema"), body)

    def _operation(self, method: str, template: str) -> dict[str, Any] | None:
        path: dict[str, Any] = self._document["paths"].get(self._routes.get(_shape(template)), {})
        return path.get(method.lower())

    def _place(self, method: str, template: str) -> tuple[str, ...]:
        return ("paths", self._routes[_shape(template)], method.lower())

    def _faults(self, base: str, place: tuple[str, ...], body: Any) -> list[str]:
        """Kept for each body: the whole list of commands, the largest there is, comes with every start of a bot."""
        known = base, place, hashlib.sha256(json.dumps(body, sort_keys=True).encode()).digest()
        if known not in self._found:
            self._found[known] = [_sentence(error) for error in self._validator(base, place).iter_errors(body)]
        return self._found[known]

    def _validator(self, base: str, place: tuple[str, ...]) -> Draft202012Validator:
        pointer = "/".join(quote(step.replace("~", "~0").replace("/", "~1")) for step in place)
        reference = f"{base}#/{pointer}"
        if reference not in self._validators:
            self._validators[reference] = Draft202012Validator({"$ref": reference}, registry=self._registry)
        return self._validators[reference]


@cache
def load(path: Path = SPECIFICATION) -> Specification | None:
    """The specification, read once; `None` where it does not lie."""
    return Specification(json.loads(path.read_bytes())) if path.is_file() else None


def _shape(template: str) -> str:
    return _PARAMETER.sub("{}", template)


def _as_discord_takes(document: dict[str, Any]) -> dict[str, Any]:
    """The schemas, loosened where Discord is known to take in requests what its specification forbids.

    Ids may be numbers (discord.py sends them so), and permissions may be text (Discord's own examples show them so).
    """
    schemas = {name: _with_permissions_as_text(schema) for name, schema in document["components"]["schemas"].items()}
    return _with_schemas(document, schemas | {"SnowflakeType": _SNOWFLAKE})


def _as_discord_answers(document: dict[str, Any]) -> dict[str, Any]:
    """The schemas, loosened for answers: a form error has words for codes, and a Unicode emoji may have a null id.

    The id is let pass because clients send it so with their buttons; that Discord hands it back is not known.
    """
    emoji = document["components"]["schemas"]["ComponentEmojiResponse"]
    properties = emoji["properties"] | {"id": {"type": ["string", "null"]}}
    changed = {"InnerErrors": _FORM_FAULTS, "ComponentEmojiResponse": emoji | {"properties": properties}}
    return _with_schemas(document, changed)


def _with_schemas(document: dict[str, Any], changed: Json) -> dict[str, Any]:
    components = document["components"]
    return document | {"components": components | {"schemas": components["schemas"] | changed}}


def _with_permissions_as_text(schema: dict[str, Any]) -> dict[str, Any]:
    properties = schema.get("properties", {})
    if "default_member_permissions" not in properties:
        return schema
    return schema | {"properties": properties | {"default_member_permissions": _PERMISSIONS}}


def _without_requirements(schema: Any) -> Any:
    """The same schemas asking for no key. Alternatives then overlap, so "exactly one" becomes "at least one"."""
    if isinstance(schema, list):
        return [_without_requirements(inner) for inner in schema]
    if not isinstance(schema, dict):
        return schema
    return {
        ("anyOf" if key == "oneOf" and isinstance(inner, list) else key): _without_requirements(inner)
        for key, inner in schema.items()
        if not (key == "required" and isinstance(inner, list))
    }


def _sentence(error: ValidationError) -> str:
    told = best_match(_likeliest(error))
    place = ".".join(map(str, told.absolute_path))
    message = told.message
    if len(message) > _LONGEST_QUOTE:
        message = f"{message[:100]} … {message[-50:]}"
    return f"{place or 'body'}: {message}"


def _likeliest(error: ValidationError) -> Iterator[ValidationError]:
    """The error itself, or the errors of the alternative the sender most likely meant."""
    alternatives: dict[Any, list[ValidationError]] = {}
    for inner in error.context or ():
        alternatives.setdefault(inner.schema_path[0], []).append(inner)
    of_its_type = [found for found in alternatives.values() if not any(_is_about_type(inner, error) for inner in found)]
    complete = [found for found in of_its_type if not any(inner.validator == "required" for inner in found)]
    meant = complete if len(of_its_type) > 1 else of_its_type
    if not meant:
        yield error
        return
    for inner in min(meant, key=len):
        yield from _likeliest(inner)


def _is_about_type(inner: ValidationError, outer: ValidationError) -> bool:
    here = list(inner.absolute_path)[len(outer.absolute_path) :]
    return here == ["type"] or (not here and inner.validator == "type")
