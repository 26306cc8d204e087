"""The simulated ComfyUI behind its port; what it draws and when is the activity's."""

from collections.abc import Mapping

from bd1.errors import PicturesUnavailable
from bd1.ports import PictureJobs
from bd1.sim.activity import PAINTER
from bd1.sim.world import World


class SimPictures:
    """`PictureServer` over the simulated machine: it answers while ComfyUI's container is up."""

    def __init__(self, world: World, containers: Mapping[str, str]) -> None:
        """`containers` maps each address that an API begins at to the name of the container that serves it."""
        self._world = world
        self._containers = {url.rstrip("/"): name for url, name in containers.items()}

    async def jobs(self, url: str) -> PictureJobs:
        self._reach(url)
        running, pending = self._world.activity.jobs()
        return PictureJobs(running, pending)

    async def interrupt(self, url: str) -> None:
        self._reach(url)
        self._world.activity.interrupt()

    async def free(self, url: str) -> None:
        self._reach(url)
        self._world.activity.free()

    async def close(self) -> None:
        """Has nothing to let go of."""

    def _reach(self, url: str) -> None:
        self._world.catch_up()
        name = self._containers.get(url.rstrip("/"))
        if name is None or not self._world.machine.is_ready(name):
            raise PicturesUnavailable(f"ComfyUI at {url} does not answer. Look whether its container runs.")
        if name != PAINTER:
            raise PicturesUnavailable(f"What answers at {url} does not speak like ComfyUI. Correct its address.")
