"""What an attached file is, and the text in it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bd1.core.files import FileKind, decoded, kind_of


@pytest.mark.parametrize(
    ("name", "content_type", "kind"),
    [
        ("notes.txt", "text/plain; charset=utf-8", FileKind.TEXT),
        ("main.py", None, FileKind.TEXT),
        ("data", "application/json", FileKind.TEXT),
        ("Dockerfile", "application/octet-stream", FileKind.TEXT),
        ("a.PDF", "application/octet-stream", FileKind.PDF),
        ("photo.jpg", "image/jpeg", FileKind.PICTURE),
        ("drawing.svg", "image/svg+xml", FileKind.TEXT),
        ("song.mp3", "audio/mpeg", FileKind.OTHER),
        ("setup.exe", "application/x-msdownload", FileKind.OTHER),
        ("noending", None, FileKind.OTHER),
    ],
)
def test_the_kind_of_a_file(name: str, content_type: str | None, kind: FileKind) -> None:
    assert kind_of(name, content_type) is kind


@given(st.text(min_size=1, max_size=200), st.integers(0, 200))
def test_text_that_was_cut_in_the_middle_of_a_character_is_still_text(text: str, cut: int) -> None:
    data = text.replace("\0", "").encode()[:cut]
    found = decoded(data)
    assert found is not None
    assert text.replace("\0", "").removeprefix("\ufeff").startswith(found)


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "cp1252"])
def test_other_encodings_are_read(encoding: str) -> None:
    assert decoded("Übergröße, naïve".encode(encoding)) == "Übergröße, naïve"


@pytest.mark.parametrize("data", [b"\x89PNG\r\n\x1a\n\0\0", bytes(range(1, 255)) * 4, b"a\0b"])
def test_what_is_no_text_is_none(data: bytes) -> None:
    assert decoded(data) is None
