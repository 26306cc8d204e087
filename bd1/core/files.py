"""What an attached file is by its name and type, and the text in its bytes. Pure; it opens nothing."""

import codecs
from enum import Enum


class FileKind(Enum):
    """What can be done with an attached file."""

    TEXT = "text"
    PICTURE = "picture"
    PDF = "pdf"
    OTHER = "other"


_PICTURES = frozenset({"image/png", "image/jpeg", "image/webp", "image/gif", "image/bmp"})
_TEXTS = frozenset(
    f"application/{kind}"
    for kind in ("json", "xml", "x-yaml", "yaml", "toml", "javascript", "x-javascript", "typescript", "sql", "x-sh")
)
_ENDING_WORDS = """
    bash bat c cc cfg clj conf cpp cs css csv diff dockerfile ex go gradle h hpp hs htm html ini ipynb
    java js json jsonl jsx kt kts lock log lua m make md mjs nix patch php pl properties ps1 py r rb rs
    rst scala service sh sql srt svg swift tex tf toml ts tsv tsx txt vue xml yaml yml zig
"""
_ENDINGS = frozenset(_ENDING_WORDS.split())
_MARKS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
_MOST_CONTROL = 0.01


def kind_of(name: str, content_type: str | None) -> FileKind:
    """What a file is, as far as its name and the type it was sent with say."""
    ending = name.lower().rpartition(".")[2]
    sent_as = (content_type or "").partition(";")[0].strip().lower()
    if sent_as in _PICTURES:
        return FileKind.PICTURE
    if sent_as == "application/pdf" or ending == "pdf":
        return FileKind.PDF
    if sent_as.startswith("text/") or sent_as in _TEXTS or ending in _ENDINGS:
        return FileKind.TEXT
    return FileKind.OTHER


def decoded(data: bytes) -> str | None:
    """The text in these bytes, which may end in the middle of a character; `None` when they are no text."""
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            return _begun(data, encoding)
    if b"\0" in data:
        return None
    text = _begun(data, "utf-8")
    if text is not None:
        return text
    text = data.decode("cp1252", "replace")
    strange = sum(letter < " " and letter not in "\t\n\r\f\x1b" for letter in text[:10_000])
    return None if strange > _MOST_CONTROL * len(text[:10_000]) else text


def _begun(data: bytes, encoding: str) -> str | None:
    try:
        return codecs.getincrementaldecoder(encoding)().decode(data)
    except UnicodeDecodeError:
        return None
