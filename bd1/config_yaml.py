"""Reads a YAML file into plain values and remembers the line of each. It knows no key and judges no value.

Narrower than YAML on purpose: no aliases, no tags, no duplicate keys, no octal or base-60 numbers. Each of them turns a
slip of the pen into another meaning.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml
from yaml.composer import Composer
from yaml.parser import Parser
from yaml.reader import Reader, ReaderError
from yaml.resolver import Resolver
from yaml.scanner import Scanner

from bd1.errors import ConfigError

KeyPath = tuple[str | int, ...]

_MAX_DEPTH = 20
_MAX_BYTES = 1024 * 1024
_WHOLE_NUMBER = re.compile(r"[-+]?(0|[1-9][0-9_]{0,24})")
_TAG = "tag:yaml.org,2002:"
_TEXT = frozenset({"str", "timestamp", "value", "merge"})
_NO_TAGS = "tags (!name) are not supported: write a plain value"
_BOOLEANS = {"yes": True, "true": True, "on": True, "no": False, "false": False, "off": False}


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong, on one line of the file. `key` is the dotted path, `text` says what to write instead."""

    line: int
    key: str
    text: str


@dataclass(slots=True)
class Document:
    """A file as values, with the line and the written text of each. `problems` are those of the notation itself."""

    data: Any = None
    lines: dict[KeyPath, int] = field(default_factory=dict)
    written: dict[KeyPath, str] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)

    def line(self, path: KeyPath) -> int:
        """The line of a key, or of the nearest section around it that is in the file; 1 at the least."""
        while path and path not in self.lines:
            path = path[:-1]
        return self.lines.get(path, 1)

    def problem(self, path: KeyPath, text: str) -> Problem:
        """A problem of the key at `path`."""
        return Problem(self.line(path), dotted(path), text)


def dotted(path: KeyPath) -> str:
    """`("modes", "chat", "workloads", 0)` as `modes.chat.workloads[0]`."""
    words = [f"[{part}]" if isinstance(part, int) else f".{part}" for part in path]
    return "".join(words).removeprefix(".")


def read(path: Path) -> Document:
    """Reads one YAML file. Raises `ConfigError` when there is no such file or nothing in it can be told apart."""
    text = _text(path)
    try:
        node = _Composer(text).get_single_node()
    except ReaderError as trouble:
        line = text.count("\n", 0, trouble.position) + 1
        raise ConfigError(f"{path}:{line}: there is a control character on this line: remove it.") from None
    except yaml.MarkedYAMLError as trouble:
        raise ConfigError(_syntax(path, trouble)) from None
    document = Document()
    if node is not None:
        document.data = _Builder(document).value(node, ())
    return document


def _text(path: Path) -> str:
    try:
        raw = path.read_bytes()
    except FileNotFoundError:
        raise ConfigError(f"{path}: no such file. Start from the shipped one: {_copy_command(path)}") from None
    except IsADirectoryError:
        raise ConfigError(f"{path}: this is a folder; name the file in it.") from None
    except OSError as trouble:
        raise ConfigError(f"{path}: cannot be read: {trouble.strerror}.") from None
    if len(raw) > _MAX_BYTES:
        raise ConfigError(f"{path}: larger than 1 MiB; this cannot be a configuration of BD-1.")
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError as trouble:
        line = raw.count(b"\n", 0, trouble.start) + 1
        raise ConfigError(f"{path}:{line}: not UTF-8 text. Save the file as UTF-8.") from None


def _copy_command(path: Path) -> str:
    shipped = Path(__file__).parent.parent / "config.yaml"
    source = str(shipped) if shipped.is_file() else "/path/to/bd1/config.yaml"
    return f"cp {source} {path}"


def _syntax(path: Path, trouble: yaml.MarkedYAMLError) -> str:
    mark = trouble.problem_mark or trouble.context_mark
    place = f":{mark.line + 1}:{mark.column + 1}" if mark else ""
    what = (trouble.problem or trouble.context or "it cannot be read").rstrip(".")
    return f"{path}{place}: this cannot be read as YAML: {what}. Look at this line and the one above."


class _Composer(Reader, Scanner, Parser, Composer, Resolver):
    """PyYAML's own reader up to nodes (values with marks), without aliases and without bottomless nesting."""

    def __init__(self, text: str) -> None:
        Reader.__init__(self, text)
        Scanner.__init__(self)
        Parser.__init__(self)
        Composer.__init__(self)
        Resolver.__init__(self)
        self._depth = 0

    def compose_node(self, parent: yaml.Node | None, index: Any) -> yaml.Node | None:
        mark = self.peek_event().start_mark  # type: ignore[no-untyped-call]
        if self.check_event(yaml.AliasEvent):
            raise yaml.MarkedYAMLError(
                problem="aliases (*name) are not supported: write the value out", problem_mark=mark
            )
        if self._depth >= _MAX_DEPTH:
            raise yaml.MarkedYAMLError(problem="nested too deeply", problem_mark=mark)
        self._depth += 1
        try:
            return super().compose_node(parent, index)
        finally:
            self._depth -= 1


class _Builder:
    """Nodes to values, noting lines and problems in the document."""

    def __init__(self, document: Document) -> None:
        self._document = document

    def value(self, node: yaml.Node, path: KeyPath) -> Any:
        self._document.lines.setdefault(path, node.start_mark.line + 1)
        if isinstance(node, yaml.MappingNode) and node.tag == f"{_TAG}map":
            return self._mapping(node, path)
        if isinstance(node, yaml.SequenceNode) and node.tag == f"{_TAG}seq":
            return [self.value(item, (*path, index)) for index, item in enumerate(node.value)]
        if isinstance(node, yaml.ScalarNode):
            self._document.written[path] = node.value
            return self._scalar(node, path)
        return self._wrong(path, _NO_TAGS)

    def _mapping(self, node: yaml.MappingNode, path: KeyPath) -> dict[str, Any]:
        values: dict[str, Any] = {}
        for key_node, value_node in node.value:
            key = self._key(key_node, path)
            if key is None:
                continue
            line, here = key_node.start_mark.line + 1, (*path, key)
            if key in values:
                first = self._document.lines[here]
                text = f"this key is already on line {first}: keep one of the two"
                self._document.problems.append(Problem(line, dotted(here), text))
                continue
            self._document.lines[here] = line
            values[key] = self.value(value_node, here)
        return values

    def _key(self, node: yaml.Node, path: KeyPath) -> str | None:
        if isinstance(node, yaml.ScalarNode) and node.tag == f"{_TAG}str":
            return str(node.value)
        written = f' "{node.value}"' if isinstance(node, yaml.ScalarNode) else ""
        text = f"the key{written} is not read as text: put it in quotes"
        if node.tag == f"{_TAG}merge":
            text = "merging with << is not supported: write the keys out"
        self._document.problems.append(Problem(node.start_mark.line + 1, dotted(path), text))
        return None

    def _scalar(self, node: yaml.ScalarNode, path: KeyPath) -> Any:
        kind, written = node.tag.removeprefix(_TAG), str(node.value)
        if kind in _TEXT:
            return written
        if kind not in _CONVERT:
            return self._wrong(path, _NO_TAGS)
        try:
            return _CONVERT[kind](written)
        except ValueError:
            return self._wrong(path, "must be a plain decimal number, or text in quotes")

    def _wrong(self, path: KeyPath, text: str) -> None:
        self._document.problems.append(self._document.problem(path, text))


def _boolean(written: str) -> bool:
    if written.lower() not in _BOOLEANS:
        raise ValueError
    return _BOOLEANS[written.lower()]


def _whole(written: str) -> int:
    if not _WHOLE_NUMBER.fullmatch(written):
        raise ValueError
    return int(written.replace("_", ""))


def _decimal(written: str) -> float:
    return float(written.lower().replace("_", "").replace(".inf", "inf").replace(".nan", "nan"))


_CONVERT: dict[str, Callable[[str], Any]] = {
    "null": lambda _: None,
    "bool": _boolean,
    "int": _whole,
    "float": _decimal,
}
