"""Text from outside is shown as it is: in one line, inside its limit, with every mark disarmed."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cogs._ui.foreign import footnote, plain, sentence

wild = st.one_of(st.text(max_size=80), st.text(alphabet="`*_~|\\<>@[]()#a 1\n", max_size=200), st.just("*" * 5000))
MARK = re.compile(r"[*~|`<>\[\]@#]|(?<![A-Za-z0-9])_|_(?![A-Za-z0-9])")


def disarmed(text: str) -> str:
    """What is left to Discord's Markdown once every escaped character is taken out."""
    return re.sub(r"\\[^0-9A-Za-z\s]", "", text)


@given(wild, st.integers(min_value=1, max_value=300))
def test_a_name_never_outgrows_its_place_and_leaves_no_mark_alive(text: str, most: int) -> None:
    shown = plain(text, most)
    assert 0 < len(shown) <= most
    assert len(shown.splitlines()) <= 1
    assert not MARK.search(disarmed(shown).replace("_", "a"))


@given(wild)
def test_a_name_that_fits_reads_as_it_was_given(text: str) -> None:
    read = re.sub(r"\\([^0-9A-Za-z\s])", r"\1", plain(text, 100_000))
    visible = re.sub("[\u202a-\u202e\u2066-\u2069]", "", text)
    assert read == (re.sub("[^\\S\u00a0\u202f]+", " ", visible).strip() or "?")


@given(wild, st.integers(min_value=1, max_value=300))
def test_a_message_keeps_its_code_and_nothing_else_alive(text: str, most: int) -> None:
    shown = sentence(text, most)
    assert 0 < len(shown) <= most
    left = re.sub(r"\\[^0-9A-Za-z\s]|`[^`\n]+`", "", shown)  # from left to right, as Discord reads it
    assert not MARK.search(left.replace("_", "a"))


@pytest.mark.parametrize(
    ("given_text", "shown"),
    [
        ("open-webui", "open-webui"),
        ("my_container", "my_container"),
        ("__init__", r"\_\_init\_\_"),
        ("**bold**", r"\*\*bold\*\*"),
        ("<@1100000000000000101>", r"\<\@1100000000000000101\>"),
        ("@everyone", r"\@everyone"),
        ("[click](https://x.y)", r"\[click\](https://x.y)"),
        ("a\nb\t c", "a b c"),
        ("\u202egpj.exe", "gpj.exe"),
        ("3\u202f000 MiB", "3\u202f000 MiB"),
        ("  ", "?"),
    ],
)
def test_names_are_shown_as_they_are(given_text: str, shown: str) -> None:
    assert plain(given_text, 100) == shown


def test_a_command_in_a_message_stays_a_command() -> None:
    told = sentence("Run `docker update --restart=no my*box`, *now*, or `.", 200)
    assert told == r"Run `docker update --restart=no my*box`, \*now\*, or \`."


def test_a_long_text_says_that_it_was_cut() -> None:
    assert plain("x" * 50, 10) == "xxxxxxxxx…"
    assert footnote("a\nb" * 50, 10) == "a ba ba b…"
