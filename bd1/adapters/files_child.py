"""The process that opens one attached file: bytes in, a line of JSON and the result out. It reads no settings.

`python -m bd1.adapters.files_child pdf MOST_LETTERS` or `... picture`; limits of memory and time are set first.
"""

import io
import json
import os
import resource
import sys
from collections.abc import Callable
from typing import Any

_MEMORY = 1 << 30
_CPU_S = 20
_MOST_PIXELS = 50_000_000
"""A photo of a telephone has 12 to 50 million pixels; a picture bomb has billions."""
_SIDE = 1024
_MOST_PAGES = 300

Result = tuple[dict[str, Any], bytes]


def pdf(data: bytes, most_letters: str) -> Result:
    """The text of the first pages."""
    import pypdf  # noqa: PLC0415 only the one library that is needed

    reader = pypdf.PdfReader(io.BytesIO(data), strict=False)
    if reader.is_encrypted and not reader.decrypt(""):
        return {"error": "is locked with a password"}, b""
    texts: list[str] = []
    pages = len(reader.pages)
    for page in reader.pages[:_MOST_PAGES]:
        texts.append(page.extract_text().strip())
        if sum(map(len, texts)) >= int(most_letters):
            break
    text = "\n\n".join(text for text in texts if text)
    if not text:
        return {"error": "has no text in it, only pictures of text perhaps"}, b""
    return {"pages": pages, "read": len(texts)}, text.encode("utf-8", "replace")


def picture(data: bytes) -> Result:
    """The picture as a JPEG file of at most 1024 pixels a side, upright, on white."""
    from PIL import Image, ImageOps  # noqa: PLC0415 only the one library that is needed

    Image.MAX_IMAGE_PIXELS = None  # the limit is asked below, before anything is decoded
    with Image.open(io.BytesIO(data)) as found:
        if found.width * found.height > _MOST_PIXELS:
            return {"error": f"has {found.width} x {found.height} pixels, more than I open"}, b""
        found.draft("RGB", (_SIDE * 2, _SIDE * 2))
        upright = ImageOps.exif_transpose(found)
        upright.thumbnail((_SIDE, _SIDE))
        coloured = upright.convert("RGBA")
    canvas = Image.new("RGB", coloured.size, "white")
    canvas.paste(coloured, mask=coloured.getchannel("A"))
    out = io.BytesIO()
    canvas.save(out, "JPEG", quality=85)
    return {"width": canvas.width, "height": canvas.height}, out.getvalue()


_KINDS: dict[str, Callable[..., Result]] = {"pdf": pdf, "picture": picture}


def main(kind: str, *words: str) -> None:
    """Opens what comes in."""
    resource.setrlimit(resource.RLIMIT_AS, (_MEMORY, _MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (_CPU_S, _CPU_S))
    os.nice(10)
    data = sys.stdin.buffer.read()
    try:
        head, payload = _KINDS[kind](data, *words)
    except (Exception, RecursionError):  # noqa: BLE001 the border of this process: whatever a file does to a parser
        head, payload = {"error": "could not be opened: it is broken, or too large within"}, b""
    sys.stdout.buffer.write(json.dumps(head).encode() + b"\n" + payload)


if __name__ == "__main__":
    main(*sys.argv[1:])
