"""`config.yaml` to `Settings`, or one `ConfigError` naming every mistake. Opens no connection and prints no secret."""

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any, TypeVar

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from bd1.config_rules import Draft, breaches
from bd1.config_schema import LOOKS_LIKE_TOKEN, OPTIONAL, keys, model
from bd1.config_words import closest, sentence
from bd1.config_yaml import Document, KeyPath, Problem, dotted, read
from bd1.core.settings import (
    AlertSettings,
    ChatSettings,
    DiscordSettings,
    GpuSettings,
    Mode,
    Settings,
    SwitchSettings,
    WatchdogSettings,
    Workload,
)
from bd1.errors import ConfigError

T = TypeVar("T")
N = TypeVar("N", Workload, Mode)

_SECTIONS = ("discord", "gpu", "workloads", "modes", "watchdog", "switch", "alerts", "chat")
_SHORTEST_SECRET = 12
_HIDDEN = "(not shown)"
_NAME = re.compile(r"[a-z0-9][a-z0-9_-]{0,31}")


def load(path: Path, environ: Mapping[str, str]) -> Settings:
    """Reads the configuration.

    A relative `data_dir` is taken from the folder of `path`. `environ` is only used to notice that a secret was
    written into the file; whether the variables it names exist is not checked here.

    Raises `ConfigError` with one line for each mistake: file, line, key, what to write instead.
    """
    document = read(path)
    if document.data is None and not document.problems:
        raise ConfigError(f"{path}: the file is empty. See the shipped config.yaml for what belongs in it.")
    reading = _Reading(document)
    settings = reading.settings(path.parent)
    secrets = _secrets(document, environ)
    reading.refuse_secrets(secrets)
    if settings is None or reading.problems:
        raise ConfigError(_report(path, reading.problems, secrets))
    return settings


def _secrets(document: Document, environ: Mapping[str, str]) -> tuple[str, ...]:
    """What the environment variables hold that the file names."""
    names = [value for path, value in document.written.items() if path and str(path[-1]).endswith("_env")]
    return tuple(secret for name in names if len(secret := environ.get(name, "")) >= _SHORTEST_SECRET)


def _report(path: Path, problems: list[Problem], secrets: tuple[str, ...]) -> str:
    ordered = sorted(problems, key=lambda problem: problem.line)
    lines = [": ".join(filter(None, (f"{path}:{each.line}", each.key, each.text))) for each in ordered]
    report = LOOKS_LIKE_TOKEN.sub(_HIDDEN, "\n".join(dict.fromkeys(lines)))
    for secret in secrets:
        report = report.replace(secret, _HIDDEN)
    return report


class _Reading:
    """One pass over a document: what has the right form becomes settings, everything else a problem."""

    def __init__(self, document: Document) -> None:
        self._document = document
        self.problems = list(document.problems)

    def settings(self, folder: Path) -> Settings | None:
        """All of it; `None` when something could not be read (the problems then say what)."""
        given = self._document.data
        if isinstance(given, dict):
            given = {key: {} if value is None and key in _SECTIONS else value for key, value in given.items()}
        top = self._values(Settings, given, ())
        sections = {**{key: {} for key in OPTIONAL}, **given} if isinstance(given, dict) else {}
        discord = self._section(DiscordSettings, sections, "discord")
        draft = self._draft(sections)
        for key, text in breaches(draft):
            self._add(key, text)
        if self.problems or top is None or discord is None:
            return None
        return _assemble(draft, discord, folder / top["data_dir"], top.get("docker_url"))

    def refuse_secrets(self, secrets: tuple[str, ...]) -> None:
        """Notes every value that has the shape of a token or holds one of `secrets`."""
        told = {problem.key for problem in self.problems}
        for path, value in self._document.written.items():
            is_secret = LOOKS_LIKE_TOKEN.search(value) or any(secret in value for secret in secrets)
            if is_secret and dotted(path) not in told:
                self._add(path, "holds a secret: put it into an environment variable and take it out of this file")

    def _draft(self, sections: dict[str, Any]) -> Draft:
        workloads, known_workloads = self._named(Workload, sections, "workloads")
        modes, known_modes = self._named(Mode, sections, "modes")
        return Draft(
            gpu=self._section(GpuSettings, sections, "gpu"),
            watchdog=self._section(WatchdogSettings, sections, "watchdog"),
            switch=self._section(SwitchSettings, sections, "switch"),
            alerts=self._section(AlertSettings, sections, "alerts"),
            chat=self._section(ChatSettings, sections, "chat"),
            workloads=workloads,
            modes=modes,
            known_workloads=known_workloads,
            known_modes=known_modes,
        )

    def _section(self, section: type[T], sections: dict[str, Any], key: str) -> T | None:
        given = sections.get(key)
        values = self._values(section, given, (key,)) if isinstance(given, dict) else None
        return None if values is None else section(**values)

    def _named(self, section: type[N], sections: dict[str, Any], key: str) -> tuple[dict[str, N], frozenset[str]]:
        """The entries of `workloads` or `modes` by name, and all the names there are."""
        given = sections.get(key)
        if not isinstance(given, dict):
            return {}, frozenset()
        if not given:
            self._add((key,), "is empty: name at least one")
        found: dict[str, N] = {}
        for name, entry in given.items():
            if not _NAME.fullmatch(name):
                self._add((key, name), "a name may have 1 to 32 characters: a-z, 0-9, - and _")
            values = self._values(section, {} if entry is None else entry, (key, name))
            if values is not None:
                found[name] = section(name=name, **values)
        return found, frozenset(given)

    def _values(self, section: type, given: Any, at: KeyPath) -> dict[str, Any] | None:
        """The keys that are in the file, typed; `None` when one of them is wrong."""
        try:
            checked = model(section).model_validate(given)
        except ValidationError as trouble:
            self._explain(section, trouble.errors(include_url=False, include_context=False), at)
            return None
        return {name: getattr(checked, name) for name in checked.model_fields_set}

    def _explain(self, section: type, errors: list[ErrorDetails], at: KeyPath) -> None:
        unknown = [str(error["loc"][-1]) for error in errors if error["type"] == "extra_forbidden"]
        misspelt = {close for word in unknown if (close := closest(word, keys(section)))}
        told = {problem.key for problem in self._document.problems}
        for error in errors:
            path: KeyPath = (*at, *error["loc"])
            if error["type"] == "missing" and error["loc"][-1] in misspelt:
                continue
            if dotted(path) not in told:
                self._add(path, sentence(error, keys(section), self._document.written.get(path)))

    def _add(self, path: KeyPath, text: str) -> None:
        self.problems.append(self._document.problem(path, text))


def _assemble(draft: Draft, discord: DiscordSettings, data_dir: Path, docker_url: str | None) -> Settings | None:
    if (
        draft.gpu is None
        or draft.watchdog is None
        or draft.switch is None
        or draft.chat is None
        or draft.alerts is None
    ):
        return None
    return Settings(
        discord=discord,
        gpu=draft.gpu,
        workloads=draft.workloads,
        modes=draft.modes,
        watchdog=draft.watchdog,
        switch=draft.switch,
        alerts=draft.alerts,
        chat=draft.chat,
        data_dir=data_dir,
        docker_url=docker_url,
    )
