"""From a checked configuration to the running bot: the process replaces itself, keeping its PID.

Reading and checking `config.yaml` takes modules worth 10 MiB of memory that the bot never needs again. So `bd1 run`
hands the finished settings to a fresh interpreter through an anonymous file.
"""

import os
import pickle
import sys
from typing import NoReturn

from bd1.core.settings import Settings
from bd1.errors import Bd1Error

FAILED = 1


def become_bot(settings: Settings) -> NoReturn:
    """Replaces this process by the bot. Signals, PID, environment and standard streams stay."""
    handover = os.memfd_create("bd1-settings")
    with os.fdopen(os.dup(handover), "wb") as file:
        pickle.dump(settings, file)
    os.lseek(handover, 0, os.SEEK_SET)
    os.set_inheritable(handover, True)
    os.execv(sys.executable, [sys.executable, "-m", "bd1.launch", str(handover)])  # noqa: S606 this very interpreter


def main() -> int:
    """Runs the bot with the settings that `become_bot` left; the exit code."""
    with os.fdopen(int(sys.argv[1]), "rb") as file:
        settings: Settings = pickle.load(file)  # noqa: S301 written by this very process a moment ago
    try:
        return _run(settings)
    except KeyboardInterrupt:  # before the bot listens for signals itself
        return 0


def _run(settings: Settings) -> int:
    import asyncio  # noqa: PLC0415 a wrong handover fails before anything heavy is loaded

    from bd1 import app  # noqa: PLC0415
    from bd1.logs import log_to_stderr  # noqa: PLC0415

    log_to_stderr()
    try:
        asyncio.run(app.run(settings))
    except Bd1Error as trouble:
        sys.stderr.write(f"{trouble}\n")
        return FAILED
    return 0


if __name__ == "__main__":
    sys.exit(main())
