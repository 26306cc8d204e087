"""The picture servers, spoken to over ComfyUI's HTTP API: time limits and our values; it decides nothing."""

from bd1.adapters._http_wire import Answer, HttpWire, NoAnswer, TooLong, is_success, shown
from bd1.errors import PicturesUnavailable
from bd1.ports import PictureJobs

LET_GO = {"unload_models": True, "free_memory": True}
"""Both: without the models, what the nodes keep for the next picture would stay. An empty body is an HTTP 500."""


class ComfyUi:
    """A `PictureServer` over HTTP, at any number of addresses."""

    def __init__(self) -> None:
        self._wire = HttpWire()

    async def jobs(self, url: str) -> PictureJobs:
        try:
            answer = await self._wire.get(f"{url.rstrip('/')}/queue")
        except TooLong as why:
            raise _not_countable(url, why) from None
        except NoAnswer as why:
            raise _silent(url, why) from None
        _require_success(url, answer.status)
        return _jobs(url, answer)

    async def interrupt(self, url: str) -> None:
        await self._tell(f"{url.rstrip('/')}/interrupt", url, {})

    async def free(self, url: str) -> None:
        await self._tell(f"{url.rstrip('/')}/free", url, LET_GO)

    async def _tell(self, address: str, url: str, order: dict[str, bool]) -> None:
        try:
            status = await self._wire.status(address, order)
        except NoAnswer as why:
            raise _silent(url, why) from None
        _require_success(url, status)

    async def close(self) -> None:
        """Lets go of the connections; a later question opens new ones."""
        await self._wire.close()


def _jobs(url: str, answer: Answer) -> PictureJobs:
    try:
        told = answer.parsed()
    except ValueError:
        raise _not_comfyui(url, "its answer is not JSON") from None
    running, pending = (told.get(key) if isinstance(told, dict) else None for key in ("queue_running", "queue_pending"))
    if not isinstance(running, list) or not isinstance(pending, list):
        raise _not_comfyui(url, "its answer holds no queue")
    return PictureJobs(running=len(running), pending=len(pending))


def _require_success(url: str, status: int) -> None:
    if status >= 500:
        raise PicturesUnavailable(f"ComfyUI at {shown(url)} fails (HTTP {status}). Read its log.")
    if not is_success(status):
        raise _not_comfyui(url, f"HTTP {status}")


def _silent(url: str, why: NoAnswer) -> PicturesUnavailable:
    return PicturesUnavailable(
        f"ComfyUI at {shown(url)} does not answer ({why}). Look whether its container runs, and whether its address in "
        "config.yaml (health_url) is right."
    )


def _not_countable(url: str, why: TooLong) -> PicturesUnavailable:
    return PicturesUnavailable(
        f"ComfyUI at {shown(url)} has a queue too long to be counted ({why}). Clear some of it in ComfyUI."
    )


def _not_comfyui(url: str, seen: str) -> PicturesUnavailable:
    return PicturesUnavailable(
        f"What answers at {shown(url)} does not speak like ComfyUI ({seen}). Correct its address in config.yaml "
        "(health_url)."
    )
