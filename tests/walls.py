"""Who may import whom: the walls between the rooms, as data, and the walk that finds what climbs over them."""

import ast
import sys
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

SDK_ADAPTERS = {
    "pynvml": "nvml",
    "docker": "docker",
    "ollama": "ollama",
    "sqlite3": "store",
    "matplotlib": "chart",
}
"""Each SDK, and how the names of its adapter's modules begin (after an underscore, where the module is private)."""

PRODUCT = frozenset({"core", "errors", "ports", "services", "adapters", "sim", "config", "app", "bot", "door", "cogs"})
ANY = None
NOTHING: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Room:
    """What one room may import beside the standard library. `libraries` is `ANY` or the packages it may use."""

    rooms: frozenset[str]
    libraries: frozenset[str] | None = NOTHING
    discord: bool = False
    never: frozenset[str] = NOTHING


IMPURE = frozenset({
    "asyncio", "concurrent", "ctypes", "http", "io", "logging", "multiprocessing", "os", "random", "secrets", "select",
    "selectors", "shutil", "signal", "socket", "sqlite3", "ssl", "subprocess", "sys", "tempfile", "threading", "time",
    "urllib",
})  # fmt: skip
IMPURE_CALLS = frozenset({
    "open", "print", "input", "now", "utcnow", "today",
    "read_text", "read_bytes", "write_text", "write_bytes", "exists", "is_file", "stat", "mkdir",
})  # fmt: skip

ROOMS = {
    "core": Room(frozenset({"core"}), never=IMPURE),
    "errors": Room(NOTHING),
    "ports": Room(frozenset({"core"})),
    "services": Room(frozenset({"services", "ports", "core", "errors"})),
    "adapters": Room(frozenset({"adapters", "ports", "core", "errors"}), ANY),
    "sim": Room(frozenset({"sim", "ports", "core", "errors"}), ANY),
    "config": Room(frozenset({"config", "core", "errors"}), frozenset({"pydantic", "pydantic_core", "yaml"})),
    "app": Room(PRODUCT, ANY),
    "bot": Room(frozenset({"bot", "cogs", "services", "core", "errors"}), ANY, discord=True),
    "door": Room(PRODUCT, ANY),
    "cogs": Room(frozenset({"cogs", "services", "core", "errors", "ports"}), ANY, discord=True),
}
"""`app` puts the program together, for the demo and rehearsals too; `door` is the command line and what it runs."""


def room_of(module: str) -> str | None:
    """The room a dotted name lies in; `None` for what is not ours."""
    top, _, rest = module.partition(".")
    word = rest.partition(".")[0]
    if top == "cogs":
        return "cogs"
    if top != "bd1":
        return None
    if word in {"demo", "rehearsal"} or word.startswith(("demo_", "rehearsal_")):
        return "app"
    if word == "config" or word.startswith("config_"):
        return "config"
    return word if word in ROOMS else "door"


def sources(root: Path) -> Iterator[tuple[Path, str, ast.Module]]:
    """Every module of the product: its path below `root`, its dotted name and its syntax tree."""
    for path in sorted([*root.glob("bd1/**/*.py"), *root.glob("cogs/**/*.py")]):
        place = path.relative_to(root)
        parts = place.with_suffix("").parts
        name = ".".join(parts[:-1] if parts[-1] == "__init__" else parts)
        yield place, name, ast.parse(path.read_text(encoding="utf-8"))


def imports(tree: ast.Module, module: str, *, package: bool) -> Iterator[tuple[int, str]]:
    """Line and full name of everything imported anywhere in a module, by statement or by a name in quotes."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from ((node.lineno, alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = ".".join(module.split(".")[: -node.level + package or None]) if node.level else ""
            source = ".".join(part for part in (base, node.module) if part)
            yield from ((node.lineno, f"{source}.{alias.name}") for alias in node.names)
        elif isinstance(node, ast.Call) and _called(node) in {"import_module", "__import__"}:
            quoted = (arg.value for arg in node.args if isinstance(arg, ast.Constant) and isinstance(arg.value, str))
            yield from ((node.lineno, name) for name in quoted)


def _called(node: ast.Call) -> str:
    match node.func:
        case ast.Name(id=name) | ast.Attribute(attr=name):
            return name
    return ""


def breach(module: str, imported: str) -> str | None:
    """Why `module` must not import `imported`; `None` where it may."""
    home, target, top = room_of(module) or "door", room_of(imported), imported.partition(".")[0]
    room = ROOMS[home]
    if target is not None:
        return None if target in room.rooms else f"the room {home} does not know the room {target}"
    if top == "discord" and not room.discord:
        return "discord belongs into cogs and bd1/bot.py alone"
    if top in SDK_ADAPTERS:
        stem = module.rpartition(".")[2].lstrip("_")
        at_home = home == "adapters" and stem.startswith(SDK_ADAPTERS[top])
        return None if at_home else f"only the adapter {SDK_ADAPTERS[top]} may know {top}"
    if top in room.never:
        return f"the room {home} decides without waiting, logging, chance or the outside world"
    if top in sys.stdlib_module_names or top == "discord" or room.libraries is None or top in room.libraries:
        return None
    return f"the room {home} uses no library of that name"


def import_breaches(root: Path) -> list[str]:
    found = []
    for place, module, tree in sources(root):
        for line, imported in imports(tree, module, package=place.name == "__init__.py"):
            why = breach(module, imported)
            if why is not None:
                found.append(f"{place}:{line} imports {imported}, but {why}.")
    return found


def impure_calls(root: Path) -> list[str]:
    return [
        f"{place}:{node.lineno} calls {_called(node)}(): core is given what it needs to know."
        for place, module, tree in sources(root)
        for node in ast.walk(tree)
        if room_of(module) == "core" and isinstance(node, ast.Call) and _called(node) in IMPURE_CALLS
    ]


def full_packages(root: Path) -> list[str]:
    found = []
    for place, module, tree in sources(root):
        if place.name != "__init__.py":
            continue
        version_only = module == "bd1" and all(_is_version(node) for node in tree.body)
        if tree.body and not version_only:
            found.append(f"{place} is not empty: a package must not import its rooms.")
    return found


def _is_version(node: ast.stmt) -> bool:
    return isinstance(node, ast.Assign) and [ast.unparse(target) for target in node.targets] == ["__version__"]


def undocumented(root: Path) -> list[str]:
    return [
        f"{place} does not say in a docstring what it is for."
        for place, _, tree in sources(root)
        if place.name != "__init__.py" and not ast.get_docstring(tree)
    ]


def namesakes(root: Path) -> list[str]:
    places = defaultdict(list)
    for path in sorted(root.glob("tests/**/test_*.py")):
        places[path.name].append(path.relative_to(root).as_posix())
    return [f"{' and '.join(paths)} share a name." for paths in places.values() if len(paths) > 1]
