"""Docker's errors as sentences a person can act on. Translates them only: it neither logs nor tries again."""

import errno
import grp
from collections.abc import Iterator
from pathlib import Path

import requests
from docker.errors import APIError, DockerException
from urllib3.exceptions import HTTPError

from bd1.errors import Bd1Error, ContainerMissing, ContainerRefused, DockerUnavailable

DEFAULT_URL = "unix:///var/run/docker.sock"
EXPECTED = (DockerException, requests.RequestException, HTTPError, OSError)
"""Everything the SDK raises for an engine that is away, slow or unwilling."""


def translate(error: Exception, task: str, container: str | None, url: str) -> Bd1Error:
    """`task` completes "could not ..."; `container` is the one it is about, `None` for the engine itself."""
    chain = tuple(_chain(error))
    refusal = next((one for one in chain if isinstance(one, APIError)), None)
    if refusal is not None:
        return _answered(refusal, task, container)
    if any(isinstance(one, TimeoutError | requests.Timeout) for one in chain):
        return DockerUnavailable(
            f"BD-1 could not {task}, for Docker did not answer in time: look at 'systemctl status docker' on the host."
        )
    cause = next((one for one in chain if isinstance(one, OSError) and one.errno is not None), None)
    return DockerUnavailable(f"BD-1 could not {task}, for {_why_unreachable(cause, error, url)}.")


def missing(container: str) -> ContainerMissing:
    """No such container."""
    return ContainerMissing(
        f"There is no container '{container}': "
        "create it with 'docker compose --profile gpu up --no-start', or correct its name in config.yaml."
    )


def unlisted(container: str) -> ContainerRefused:
    """A container that the configuration does not name."""
    return ContainerRefused(
        f"Container '{container}' is not named in config.yaml, so BD-1 leaves it alone: "
        "add it there as a workload first."
    )


def says_not_running(error: APIError) -> bool:
    """Whether Docker's refusal only says that the container does not run."""
    return "is not running" in (error.explanation or "")


def says_paused(error: APIError) -> bool:
    """Whether Docker's refusal only says that the container is paused already."""
    return "is already paused" in (error.explanation or "")


def says_not_paused(error: APIError) -> bool:
    """Whether Docker's refusal only says that the container is not paused."""
    return "is not paused" in (error.explanation or "")


def _answered(error: APIError, task: str, container: str | None) -> Bd1Error:
    reason = " ".join(str(error.explanation or error).split()).rstrip(".")
    # Not every 404 is the container: a network or a mount it needs may be what Docker cannot find.
    if container is not None and error.status_code == requests.codes.not_found and "No such container" in reason:
        return missing(container)
    return ContainerRefused(f"Docker would not {task}: {reason}; mend that on the host, then ask again.")


def _why_unreachable(cause: OSError | None, error: Exception, url: str) -> str:
    path = url.removeprefix("http+").removeprefix("unix://")
    code = cause.errno if cause is not None else None
    if code == errno.ENOENT:
        return f"there is no Docker socket at {path}: start Docker, or mount its socket into BD-1's container"
    if code in {errno.EACCES, errno.EPERM}:
        group = _group_of(path)
        return f"it may not use the Docker socket {path}: add its user to the group {group}; Compose: 'group_add'"
    if code == errno.ECONNREFUSED:
        return f"nothing listens at {path}: start Docker with 'systemctl start docker'"
    told = (cause.strerror if cause is not None else None) or str(error) or type(error).__name__
    return f"Docker cannot be reached at {path} ({told}): start it, or correct its address in config.yaml"


def _group_of(path: str) -> str:
    try:
        gid = Path(path).stat().st_gid
    except OSError:
        return "that owns it"
    try:
        return f"'{grp.getgrgid(gid).gr_name}' (gid {gid})"
    except KeyError:  # inside a container the host's groups have no names
        return f"with gid {gid}"


def _chain(error: object, depth: int = 0) -> Iterator[BaseException]:
    """The error and all it wraps: the SDK, requests and urllib3 each wrap once, as the cause or as an argument."""
    if not isinstance(error, BaseException) or depth > 8:
        return
    yield error
    for inner in (error.__cause__, *error.args):
        yield from _chain(inner, depth + 1)
