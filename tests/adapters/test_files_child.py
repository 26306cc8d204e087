"""Attached files opened in a process of their own: what is in them, and what wicked ones can do."""

import io
import os

import pytest
from PIL import Image
from pypdf import PdfWriter

from bd1.adapters.files import ChildFiles, environment
from bd1.errors import FileUnreadable


def jpeg(width: int, height: int, mode: str = "RGB", kind: str = "JPEG") -> bytes:
    out = io.BytesIO()
    Image.new(mode, (width, height)).save(out, kind)
    return out.getvalue()


def pdf(*pages: str) -> bytes:
    """A PDF by hand: one line of text a page."""
    objects = ["<< /Type /Catalog /Pages 2 0 R >>", ""]
    kids = []
    for text in pages:
        content = f"BT /F1 12 Tf 72 720 Td ({text}) Tj ET"
        objects.append(
            "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] "
            f"/Resources << /Font << /F1 << /Type /Font /Subtype /Type1 /BaseFont /Helvetica >> >> >> "
            f"/Contents {len(objects) + 2} 0 R >>"
        )
        kids.append(f"{len(objects)} 0 R")
        objects.append(f"<< /Length {len(content)} >>\nstream\n{content}\nendstream")
    objects[1] = f"<< /Type /Pages /Kids [{' '.join(kids)}] /Count {len(kids)} >>"
    out, offsets = b"%PDF-1.4\n", []
    for number, body in enumerate(objects, start=1):
        offsets.append(len(out))
        out += f"{number} 0 obj\n{body}\nendobj\n".encode()
    table = "".join(f"{offset:010d} 00000 n \n" for offset in offsets)
    start = len(out)
    out += f"xref\n0 {len(objects) + 1}\n0000000000 65535 f \n{table}".encode()
    return out + f"trailer << /Size {len(objects) + 1} /Root 1 0 R >>\nstartxref\n{start}\n%%EOF".encode()


async def test_a_pdf_gives_its_text_page_by_page_until_there_is_enough() -> None:
    files = ChildFiles()
    found = await files.pdf(pdf("Hello Chopper", "the second page", "the third"), 10_000)
    assert (found.text, found.pages, found.read) == ("Hello Chopper\n\nthe second page\n\nthe third", 3, 3)
    begun = await files.pdf(pdf("Hello Chopper", "the second page", "the third"), 10)
    assert (begun.text, begun.pages, begun.read) == ("Hello Chopper", 3, 1)


@pytest.mark.parametrize(("size", "kind"), [((4000, 1000), "JPEG"), ((1000, 4000), "PNG"), ((30, 20), "GIF")])
async def test_a_picture_becomes_a_small_jpeg(size: tuple[int, int], kind: str) -> None:
    small = await ChildFiles().picture(jpeg(*size, mode="L", kind=kind))
    with Image.open(io.BytesIO(small)) as found:
        assert found.format == "JPEG"
        assert max(found.size) == min(1024, max(size))
        assert abs(found.width / found.height - size[0] / size[1]) < 0.01


async def test_a_picture_bomb_is_refused_before_it_is_decoded() -> None:
    with pytest.raises(FileUnreadable, match="has 30000 x 30000 pixels"):
        await ChildFiles().picture(jpeg(30_000, 30_000, mode="1", kind="PNG"))


async def test_what_is_broken_or_locked_is_told() -> None:
    files = ChildFiles()
    for data in (b"", b"no pdf at all", pdf("x")[:120], os.urandom(1000)):
        with pytest.raises(FileUnreadable, match="could not be opened"):
            await files.pdf(data, 100)
    with pytest.raises(FileUnreadable, match="could not be opened"):
        await files.picture(jpeg(30, 30)[:100])
    locked, out = PdfWriter(), io.BytesIO()
    locked.add_blank_page(100, 100)
    locked.encrypt("secret", algorithm="RC4-128")
    locked.write(out)
    with pytest.raises(FileUnreadable, match="locked with a password"):
        await files.pdf(out.getvalue(), 100)


async def test_a_file_that_takes_too_long_is_given_up() -> None:
    with pytest.raises(FileUnreadable, match=r"took longer than 0.01 s"):
        await ChildFiles(limit_s=0.01).picture(jpeg(30, 30))


def test_the_process_knows_no_secrets(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BD1_DISCORD_TOKEN", "a secret")
    assert "PATH" in environment()
    assert "BD1_DISCORD_TOKEN" not in environment()
