"""Images that tests make are kept for the next run, and go once a newer one of their kind has taken their place."""

from datetime import UTC, datetime, timedelta

import docker
from docker.errors import APIError

IN_USE = timedelta(hours=1)
"""So long may a run that was begun with an older state of the tests still want the image of that state."""


def remove_predecessors(client: docker.DockerClient, name: str) -> None:
    """Of the images of this one's repository, removes those made long before now. One that is in use stays."""
    before = datetime.now(UTC) - IN_USE
    for image in client.images.list(name.partition(":")[0]):
        is_old = datetime.fromisoformat(image.attrs["Created"]) < before
        for tag in image.tags:
            if is_old and tag != name:
                _remove(client, tag)


def _remove(client: docker.DockerClient, tag: str) -> None:
    try:
        client.images.remove(tag)
    except APIError:  # a container holds it, or another run was faster
        return
