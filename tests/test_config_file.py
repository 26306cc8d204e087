"""What is said of a file that is not there, cannot be read as YAML, or holds a secret."""

import tempfile
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bd1.config import load
from bd1.config_yaml import read
from bd1.errors import ConfigError

SHIPPED = Path(__file__).parent.parent / "config.yaml"
TEXT = SHIPPED.read_text(encoding="utf-8")
TOKEN_SHAPED = "M" * 24 + "." + "G" * 6 + "." + "x" * 38
ENV_LINE = "  token_env: BD1_DISCORD_TOKEN "
PERSONA_LINE = "  persona: You are BD-1, a friendly and concise assistant.  "


def refusal(content: bytes, folder: Path, environ: dict[str, str] | None = None) -> str:
    path = folder / "config.yaml"
    path.write_bytes(content)
    with pytest.raises(ConfigError) as refused:
        load(path, environ or {})
    return str(refused.value).replace(f"{folder}/", "")


def test_a_missing_file_is_answered_with_the_command_that_makes_one(tmp_path: Path) -> None:
    path = tmp_path / "config.yaml"

    with pytest.raises(ConfigError) as refused:
        load(path, {})

    assert str(refused.value) == f"{path}: no such file. Start from the shipped one: cp {SHIPPED} {path}"


def test_a_folder_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="this is a folder; name the file in it"):
        load(tmp_path, {})


@pytest.mark.parametrize("content", [b"", b"\n\n", b"# only a comment\n", b"---\n", b"\xef\xbb\xbf"])
def test_an_empty_file_is_refused(content: bytes, tmp_path: Path) -> None:
    said = refusal(content, tmp_path)

    assert said == "config.yaml: the file is empty. See the shipped config.yaml for what belongs in it."


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"a: 1\nb: c: d\n", "config.yaml:2:5: this cannot be read as YAML: mapping values are not allowed here"),
        (
            b"a: 1\n\tb: 2\n",
            "config.yaml:2:1: this cannot be read as YAML: found character '\\t' that cannot start any",
        ),
        (b"a: [1, 2\n", "config.yaml:2:1: this cannot be read as YAML: expected ',' or ']'"),
        (b"a: &x [*x]\n", "config.yaml:1:8: this cannot be read as YAML: aliases (*name) are not supported"),
        (b"a: 1\n---\nb: 2\n", "config.yaml:2:1: this cannot be read as YAML: but found another document"),
        (b"[" * 5000, "config.yaml:1:21: this cannot be read as YAML: nested too deeply"),
        (b"gpu:\n  index: \x01\n", "config.yaml:2: there is a control character on this line: remove it."),
        (b"gpu:\n  uuid: caf\xe9\n", "config.yaml:2: not UTF-8 text. Save the file as UTF-8."),
        (b"#" * 1_100_000, "config.yaml: larger than 1 MiB; this cannot be a configuration of BD-1."),
        (b"hello\n", "config.yaml:1: must be a section with keys of its own"),
        (b"- a\n", "config.yaml:1: must be a section with keys of its own; it is a list"),
    ],
)
def test_what_cannot_be_read_is_told_with_its_line(content: bytes, said: str, tmp_path: Path) -> None:
    assert refusal(content, tmp_path).startswith(said)


def test_a_token_under_an_env_key_is_refused_and_never_shown(tmp_path: Path) -> None:
    said = refusal(TEXT.replace(ENV_LINE, f"  token_env: {TOKEN_SHAPED} ").encode(), tmp_path)

    assert said.split(": ", 1)[1] == (
        "discord.token_env: this looks like the Discord token itself. Put the token into an environment variable, "
        "write the variable's name here, and reset the token if anybody else has seen this file"
    )
    assert TOKEN_SHAPED not in said


@pytest.mark.parametrize("value", ["my secret!", '""', "a" * 65, "BD1-TOKEN"])
def test_what_is_no_name_of_a_variable_is_refused_and_never_shown(value: str, tmp_path: Path) -> None:
    said = refusal(TEXT.replace(ENV_LINE, f"  token_env: {value} ").encode(), tmp_path)

    assert said.endswith("must be the name of an environment variable (letters, digits, _), not the secret itself")
    assert value.strip('"') == "" or value not in said.split("token_env")[1]


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (PERSONA_LINE, f"  persona: My token is {TOKEN_SHAPED}  "),
        ("  index: 0 ", f"  index: {TOKEN_SHAPED} "),
        ("  index: 0 ", f"  {TOKEN_SHAPED}: 0 "),
        ("    workloads: [comfyui]", f"    workloads: [{TOKEN_SHAPED}]"),
    ],
)
def test_a_token_anywhere_is_refused_and_never_shown(old: str, new: str, tmp_path: Path) -> None:
    said = refusal(TEXT.replace(old, new).encode(), tmp_path)

    assert said.startswith("config.yaml:")
    assert TOKEN_SHAPED not in said


def test_the_value_of_a_named_variable_is_refused_in_the_file_and_never_shown(tmp_path: Path) -> None:
    secret = "correct-horse-battery"  # noqa: S105 a stand-in
    content = TEXT.replace(PERSONA_LINE, f"  persona: {secret}  ").encode()

    said = refusal(content, tmp_path, {"BD1_DISCORD_TOKEN": secret})

    assert said.endswith(
        "chat.persona: holds a secret: put it into an environment variable and take it out of this file"
    )
    assert secret not in said


def test_a_password_in_an_address_is_never_shown(tmp_path: Path) -> None:
    content = TEXT.replace(
        "  ollama_url: http://127.0.0.1:11434 ", "  ollama_url: htp://me:hunter2@box:11434 "
    ).encode()

    said = refusal(content, tmp_path)

    assert "must be an address that starts with http:// or https://" in said
    assert "hunter2" not in said


@given(st.one_of(st.text(alphabet="abn: -[]{}'\"\n#&*!|>%@`?,0.1", max_size=60), st.text(max_size=40)))
def test_any_text_is_refused_with_a_sentence_that_names_the_file(text: str) -> None:
    with tempfile.TemporaryDirectory() as folder:
        said = refusal(text.encode(errors="replace"), Path(folder))

    assert said.startswith("config.yaml:")


def test_lines_are_counted_as_an_editor_counts_them(tmp_path: Path) -> None:
    path = tmp_path / "c.yaml"
    path.write_text("a:\n  b: 1\n\n  c: [x,\n      y]\n", encoding="utf-8")

    document = read(path)

    assert [document.line(("a",)), document.line(("a", "b")), document.line(("a", "c", 1))] == [1, 2, 5]
