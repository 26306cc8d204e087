"""The wheel: everything is in it, and it runs from anywhere."""

import configparser
import os
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from bd1 import __version__

REPO = Path(__file__).parents[2]
WEB = REPO / "bd1" / "sim" / "discord" / "web"
TIMEOUT_S = 100


def pip(*arguments: str) -> None:
    command = [sys.executable, "-m", "pip", *arguments, "--quiet", "--no-deps", "--disable-pip-version-check"]
    done = subprocess.run(command, cwd=REPO, capture_output=True, text=True, timeout=TIMEOUT_S, check=False)
    if done.returncode:
        raise AssertionError(f"pip refused: {done.stderr}")


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel, built by the build backend that is installed."""
    folder = tmp_path_factory.mktemp("wheel")
    pip("wheel", "--no-build-isolation", "--no-index", "--wheel-dir", str(folder), str(REPO))
    (built,) = folder.glob("*.whl")
    return built


@pytest.fixture(scope="module")
def names(wheel: Path) -> frozenset[str]:
    with zipfile.ZipFile(wheel) as archive:
        return frozenset(archive.namelist())


def tracked(folder: str) -> set[str]:
    if shutil.which("git") is None:
        pytest.skip("which files belong to the project is told by git, which is not installed")
    command = ["git", "ls-files", "--", folder]
    done = subprocess.run(command, cwd=REPO, capture_output=True, text=True, timeout=TIMEOUT_S, check=False)
    if done.returncode:
        pytest.skip("which files belong to the project is only known in a git checkout")
    return {name for name in done.stdout.splitlines() if (REPO / name).is_file()}


def test_its_name_tells_the_version_and_that_it_runs_everywhere(wheel: Path) -> None:
    assert wheel.name == f"bd1-{__version__}-py3-none-any.whl"


@pytest.mark.parametrize("package", ["bd1", "cogs"])
def test_each_file_of_both_packages_is_in_it(names: frozenset[str], package: str) -> None:
    files = tracked(package)
    assert files
    assert files - names == set()


def test_the_page_comes_with_its_scripts_its_style_and_its_licences(names: frozenset[str]) -> None:
    web = {str(path.relative_to(REPO)) for path in WEB.rglob("*") if path.is_file()}
    for wanted in ("index.html", ".js", ".css"):
        assert any(name.endswith(wanted) for name in web)
    licences = {name for name in web if "licen" in name.lower()}
    assert licences
    assert licences <= names


def test_it_tells_type_checkers_that_it_is_typed(names: frozenset[str]) -> None:
    assert "bd1/py.typed" in names


def test_neither_tests_nor_data_are_in_it(names: frozenset[str]) -> None:
    info = f"bd1-{__version__}.dist-info/"
    assert {name.partition("/")[0] for name in names if not name.startswith(info)} == {"bd1", "cogs"}
    assert not [name for name in names if "__pycache__" in name]


def test_it_carries_its_licence_its_command_and_what_it_needs(wheel: Path, names: frozenset[str]) -> None:
    info = f"bd1-{__version__}.dist-info"
    assert f"{info}/licenses/LICENSE" in names
    scripts = configparser.ConfigParser()
    with zipfile.ZipFile(wheel) as archive:
        scripts.read_string(archive.read(f"{info}/entry_points.txt").decode())
        metadata = archive.read(f"{info}/METADATA").decode()
    assert dict(scripts["console_scripts"]) == {"bd1": "bd1.__main__:main"}
    for needed in ("discord-py", "nvidia-ml-py", "docker", "ollama", "click"):
        assert f"Requires-Dist: {needed}" in metadata.replace("discord.py", "discord-py")
    assert "Requires-Python: >=3.11" in metadata


def test_installed_elsewhere_it_runs_from_another_folder(wheel: Path, tmp_path: Path) -> None:
    target, elsewhere = tmp_path / "installed", tmp_path / "elsewhere"
    elsewhere.mkdir()
    pip("install", "--no-index", "--target", str(target), str(wheel))
    environment = os.environ | {"PYTHONPATH": str(target)}

    def run(*command: str) -> str:
        done = subprocess.run(
            command,
            cwd=elsewhere,
            env=environment,
            capture_output=True,
            text=True,
            timeout=TIMEOUT_S,
            check=True,
        )
        return done.stdout.strip()

    assert run(sys.executable, "-m", "bd1", "--version") == f"bd1 {__version__}"
    assert run(str(target / "bin" / "bd1"), "--version") == f"bd1 {__version__}"
    where = "import bd1, cogs, bd1.sim.discord.page as page; print(bd1.__file__, cogs.__file__, page.__file__)"
    assert all(path.startswith(str(target)) for path in run(sys.executable, "-c", where).split())
