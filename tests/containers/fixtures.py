"""The fixtures `docker_url`, `standins` and `unconnected_sockets`, for modules that name this file in `pytest_plugins`.

Helpers that test modules import stand in `own_engine.py` and `engine.py`: pytest wants to import this file itself.
"""

import gc
import os
import warnings
from collections.abc import Iterator

import pytest

from tests.containers.engine import StandinEngine
from tests.containers.own_engine import USUAL_SOCKET, answers, own_engine, standin_engine


@pytest.fixture
def unconnected_sockets() -> Iterator[None]:
    """For tests of an engine that is away: the SDK leaves a socket that could not connect to the garbage collector.

    It is collected here, where the warning it makes is not taken for a fault of the test.
    """
    gc.disable()
    yield
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ResourceWarning)
        gc.collect()
    gc.enable()


@pytest.fixture(scope="session")
def docker_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a running engine: the one that is there, else one started for this run."""
    told = os.environ.get("DOCKER_HOST") or f"unix://{USUAL_SOCKET}"
    if answers(told):
        yield told
        return
    with own_engine(tmp_path_factory.mktemp("dockerd")) as engine:
        yield engine.url


@pytest.fixture
def standins(docker_url: str) -> Iterator[StandinEngine]:
    """Makes containers of the pretended services; they are gone after the test."""
    engine = standin_engine(docker_url)
    yield engine
    engine.remove_all()
