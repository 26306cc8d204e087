"""Request bodies: read off the wire (JSON or multipart), held against Discord's rules, and turned into drafts."""

import json
import mimetypes
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from aiohttp import BodyPartReader, web

from bd1.sim.discord.mentions import EVERYBODY, USERS_ONLY, parse_allowed
from bd1.sim.discord.model import COMPONENTS_V2, EPHEMERAL, Json, Message, Reference, Upload
from bd1.sim.discord.refusals import form_refusal, refusal
from bd1.sim.discord.rules import Violation, check_message
from bd1.sim.discord.settings import ServerSettings
from bd1.sim.discord.world import Draft

SUPPRESS_EMBEDS, SUPPRESS_NOTIFICATIONS = 1 << 2, 1 << 12
SENDABLE_FLAGS = SUPPRESS_EMBEDS | SUPPRESS_NOTIFICATIONS | COMPONENTS_V2

_ANY_KIND = "application/octet-stream"
_FILE_FIELD = re.compile(r"files\[(\d+)\]")


@dataclass(frozen=True, slots=True)
class Body:
    """What came with a request. `json` is `None` when nothing or nothing readable came."""

    json: Any = None
    uploads: tuple[Upload, ...] = ()
    content_type: str | None = None
    broken: bool = False
    too_large: bool = False

    def object(self) -> Json:
        """The body as a JSON object; refuses anything else as Discord does."""
        if self.too_large:
            raise refusal(40005)
        if self.broken or not isinstance(self.json, dict):
            raise refusal(50109)
        return self.json

    def array(self) -> list[Any]:
        """The body as a JSON array; refuses anything else."""
        if self.broken or not isinstance(self.json, list):
            raise refusal(50109)
        return self.json


async def receive(request: web.Request, settings: ServerSettings) -> Body:
    """Reads a request's body; what is wrong with it is noted, and refused by whoever needs it."""
    content_type = request.headers.get("Content-Type")
    if not request.body_exists:
        return Body(content_type=content_type)
    if (request.content_length or 0) > settings.request_limit:
        return Body(content_type=content_type, too_large=True)
    if request.content_type == "multipart/form-data":
        return await _multipart(request, settings, content_type)
    raw = await request.read()
    if request.content_type != "application/json":
        return Body(content_type=content_type, broken=bool(raw))
    parsed, broken = _parsed(raw)
    return Body(parsed, content_type=content_type, broken=broken)


def _parsed(raw: bytes) -> tuple[Any, bool]:
    try:
        return json.loads(raw), False
    except ValueError:
        return None, True


async def _multipart(request: web.Request, settings: ServerSettings, content_type: str | None) -> Body:
    parsed: Any = None
    files: dict[int, tuple[str, str, bytes]] = {}
    broken = False
    async for part in await request.multipart():
        if not isinstance(part, BodyPartReader):
            continue
        data = bytes(await part.read())
        field = _FILE_FIELD.fullmatch(part.name or "")
        if part.name == "payload_json":
            parsed, broken = _parsed(data)
        elif field is not None:
            name = part.filename or "file"
            files[int(field[1])] = (name, _kind_of(name, part.headers.get("Content-Type")), data)
    too_large = any(len(data) > settings.file_limit for _, _, data in files.values()) or len(files) > 10
    return Body(parsed or {}, _uploads(parsed, files), content_type, broken, too_large)


def _uploads(payload: Any, files: dict[int, tuple[str, str, bytes]]) -> tuple[Upload, ...]:
    entries = (payload or {}).get("attachments") or () if isinstance(payload, dict) else ()
    notes = {str(entry.get("id")): entry for entry in entries if isinstance(entry, dict)}
    return tuple(
        Upload(
            filename=_safe_name(notes.get(str(number), {}).get("filename") or name),
            data=data,
            content_type=kind,
            description=notes.get(str(number), {}).get("description"),
        )
        for number, (name, kind, data) in sorted(files.items())
    )


def _kind_of(name: str, told: str | None) -> str:
    """What kind of file it is: libraries often do not say, and Discord then goes by the name."""
    if told is not None and told != _ANY_KIND:
        return told
    return mimetypes.guess_type(name)[0] or _ANY_KIND


def _safe_name(name: str) -> str:
    return re.sub(r"[^A-Za-z0-9._-]", "_", name) or "file"


def draft_from(payload: Json, uploads: tuple[Upload, ...], *, webhook: bool = False) -> Draft:
    """A checked body as a draft. `webhook` is for interaction answers, which mention users only and may be ephemeral.

    Raises:
        Refusal: with every rule the body breaks, or 50006 when there is nothing in it.
    """
    _check(payload, uploads, edit=False, webhook=webhook)
    flags = SENDABLE_FLAGS | (EPHEMERAL if webhook else 0)
    reference = payload.get("message_reference")
    return Draft(
        content=payload.get("content") or "",
        embeds=tuple(payload.get("embeds") or ()),
        components=tuple(payload.get("components") or ()),
        uploads=uploads,
        flags=(payload.get("flags") or 0) & flags,
        reference=_reference(reference) if reference else None,
        allowed=parse_allowed(payload.get("allowed_mentions"), USERS_ONLY if webhook else EVERYBODY),
        nonce=payload.get("nonce"),
    )


def _reference(payload: Any) -> Reference:
    try:
        return Reference(int(payload.get("channel_id") or 0), int(payload["message_id"]))
    except (AttributeError, KeyError, TypeError, ValueError):
        wrong = Violation("message_reference.message_id", "NUMBER_TYPE_COERCE", "Value is not snowflake.")
        raise form_refusal([wrong]) from None


def check_edit(message: Message, changes: Json, uploads: tuple[Upload, ...], *, webhook: bool = False) -> None:
    """Refuses a change that breaks a rule, or that would leave nothing of the message."""
    _check({"flags": message.flags & (COMPONENTS_V2 | EPHEMERAL), **changes}, uploads, edit=True, webhook=webhook)
    kept = changes.get("attachments", message.attachments)
    parts = (changes.get(part, getattr(message, part)) for part in ("content", "embeds", "components"))
    if not any(parts) and not kept and not uploads:
        raise refusal(50006)


def _check_files(payload: Json) -> Iterator[Violation]:
    files = payload.get("attachments")
    if files is not None and not isinstance(files, list):
        yield Violation("attachments", "LIST_TYPE_CONVERT", "Only iterables may be used in a ListType.")
        return
    for number, file in enumerate(files or ()):
        if not isinstance(file, dict) or not str(file.get("id")).isdecimal():
            yield Violation(f"attachments.{number}.id", "NUMBER_TYPE_COERCE", "Value is not snowflake.")


def _check(payload: Json, uploads: tuple[Upload, ...], *, edit: bool, webhook: bool) -> None:
    with_files = payload if not uploads else {"attachments": [{"id": n} for n in range(len(uploads))]} | payload
    violations = [*check_message(with_files, edit=edit, webhook=webhook), *_check_files(with_files)]
    if violations:
        raise form_refusal(violations)
