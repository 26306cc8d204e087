"""What every room's tests may ask for."""

import pytest
from hypothesis import settings

from tests.contract.checker import ContractChecker
from tests.contract.specification import SPECIFICATION, Specification, load

pytest_plugins = ["tests.containers.fixtures"]  # only the outermost conftest may name plugins

_ON_REAL_PARTS = (
    "tests/e2e/",
    "tests/page/",
    "tests/packaging/",
    "tests/containers/",
    "tests/cogs/",
    "tests/test_demo",
)
"""Where processes, engines, sockets and browsers share two processors: one that was starved gets a second try, and the
report says that it took one. What is pure, and the services in played time, get none."""
_LONG_S = 900
"""A long test computes for a minute; on a machine that does other things beside it, for many."""

# how long an example takes says more about what else the machine does than about the example
settings.register_profile("bd1", settings.default, deadline=None)
settings.load_profile("bd1")


@pytest.fixture
def discord_specification() -> Specification:
    """Discord's REST specification; a test that asks for it is skipped where it does not lie beside the checkout."""
    found = load()
    if found is None:
        pytest.skip(f"Discord's REST specification is not part of the project; put it at {SPECIFICATION}")
    return found


@pytest.fixture
def discord_contract() -> ContractChecker:
    """A checker for a loopback server's `on_exchange`; without the specification it holds the hand-written rules."""
    return ContractChecker(load())


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Files with a long test come first, or one of them would run alone in the end; real parts get a second try.

    `--reruns 0` takes that from them.
    """
    lengthy = [item for item in items if item.get_closest_marker("long")]
    for item in lengthy:
        item.add_marker(pytest.mark.timeout(_LONG_S))
    for item in items:
        if item.nodeid.startswith(_ON_REAL_PARTS) and item.config.getoption("reruns") != 0:
            item.add_marker(pytest.mark.flaky(reruns=1))
    long = {item.path for item in lengthy}
    items.sort(key=lambda item: item.path not in long)


def pytest_report_header() -> str:
    return f"discord specification: {SPECIFICATION if load() else 'absent, hand-written rules only'}"
