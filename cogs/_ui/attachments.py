"""What people attach: fetched within a bound of bytes, turned into text or small pictures; what was not, is told."""

import asyncio
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field

import aiohttp
import discord

from bd1.core.conversation import Attached
from bd1.core.files import FileKind, decoded, kind_of
from bd1.errors import FileUnreadable
from bd1.services.house import Services
from cogs._ui.foreign import footnote

_MOST_FILES, MOST_PICTURES = 8, 4
_BYTES_PER_TOKEN = 4
_MIB = 1024 * 1024
_PIECE = 64 * 1024
_FETCH_S = 20.0
_NAME = 60


@dataclass
class Attachments:
    """What was read of the files of one conversation. `texts` by the message they came with, `notes` for people.

    `seen` are the messages with a picture that the model is shown.
    """

    texts: dict[int, tuple[Attached, ...]] = field(default_factory=dict)
    pictures: list[bytes] = field(default_factory=list)
    seen: set[int] = field(default_factory=set)
    notes: list[str] = field(default_factory=list)


async def fetch(url: str, most: int) -> tuple[bytes, bool]:
    """The first `most` bytes at an address, and whether there was more. No more than that is ever in memory.

    Raises `FileUnreadable`.
    """
    try:
        async with (
            asyncio.timeout(_FETCH_S),
            aiohttp.ClientSession() as session,
            session.get(url, allow_redirects=False) as answer,
        ):
            if answer.status != 200:
                raise FileUnreadable("could not be fetched from Discord")
            data = bytearray()
            async for piece in answer.content.iter_chunked(_PIECE):
                data += piece[: most + 1 - len(data)]
                if len(data) > most:
                    return bytes(data[:most]), True
            return bytes(data), False
    except (aiohttp.ClientError, OSError, TimeoutError) as trouble:
        raise FileUnreadable("could not be fetched from Discord") from trouble


async def read_attachments(
    messages: Sequence[discord.Message], services: Services, model: str, new: Collection[int]
) -> Attachments:
    """The files of a conversation, given newest first: those of the newest messages count where there are too many.

    What is wrong with a file is told once: where it came with one of the `new` messages.
    """
    reader = _Reader(services, model, new)
    files = [(message, file) for message in messages for file in message.attachments]
    if len(files) > _MOST_FILES and any(message.id in new for message, _ in files):
        reader.found.notes.append(f"Of the {len(files)} files of this conversation I read the newest {_MOST_FILES}.")
    for message, file in files[:_MOST_FILES]:
        await reader.read(message, file)
    reader.found.pictures.reverse()
    return reader.found


class _Reader:
    """Reads the files of one conversation for one model."""

    def __init__(self, services: Services, model: str, new: Collection[int]) -> None:
        self.found = Attachments()
        self._new = new
        self._services = services
        self._model = model
        self._most_bytes = services.settings.chat.num_ctx * _BYTES_PER_TOKEN  # as much as the context could hold

    async def read(self, message: discord.Message, file: discord.Attachment) -> None:
        """Reads one; what is wrong with it is a note."""
        name, told = footnote(file.filename, _NAME), len(self.found.notes)
        try:
            if kind_of(file.filename, file.content_type) is FileKind.PICTURE:
                self.found.pictures.append(await self._picture(file))
                self.found.seen.add(message.id)
            else:
                attached = Attached(name, await self._text(file, name))
                self.found.texts[message.id] = (*self.found.texts.get(message.id, ()), attached)
        except FileUnreadable as trouble:
            self.found.notes.append(f"{name} {trouble}.")
        if message.id not in self._new:
            del self.found.notes[told:]

    async def _text(self, file: discord.Attachment, name: str) -> str:
        kind = kind_of(file.filename, file.content_type)
        if kind is FileKind.PDF:
            return await self._pdf(file, name)
        if kind is FileKind.OTHER:
            raise FileUnreadable("is of a kind that I cannot read: text, PDF and pictures I can")
        data, is_cut = await fetch(file.url, self._most_bytes)
        text = decoded(data)
        if text is None:
            raise FileUnreadable("holds no text")
        if is_cut:
            self.found.notes.append(f"Of {name} I read the first {len(data) // 1024} KiB.")
        return text

    async def _pdf(self, file: discord.Attachment, name: str) -> str:
        found = await self._services.files.pdf(await self._whole(file), self._most_bytes)
        if found.read < found.pages:
            self.found.notes.append(f"Of {name} I read the first {found.read} of {found.pages} pages.")
        return found.text

    async def _picture(self, file: discord.Attachment) -> bytes:
        sees = await self._services.models.sees(self._model)
        if not sees:
            why = "does not look at pictures" if sees is False else "cannot be asked now whether it looks at pictures"
            raise FileUnreadable(f"was left out: {self._model} {why}")
        if len(self.found.pictures) >= MOST_PICTURES:
            raise FileUnreadable(f"was left out: I show the newest {MOST_PICTURES} pictures")
        return await self._services.files.picture(await self._whole(file))

    async def _whole(self, file: discord.Attachment) -> bytes:
        most_mib = self._services.settings.chat.attachment_mib
        too_large = FileUnreadable(f"is larger than {most_mib} MiB, more than I open")
        if file.size > most_mib * _MIB:
            raise too_large
        data, is_cut = await fetch(file.url, most_mib * _MIB)
        if is_cut:
            raise too_large
        return data
