"""How the log reads: one line for each thing that happened, on stderr. Tracebacks only for BD-1's own surprises."""

import logging

_OURS = ("bd1", "cogs", "asyncio")


class LineFormatter(logging.Formatter):
    """Libraries log expected trouble (a refused connection) with a traceback; here that is its type and its words."""

    def __init__(self) -> None:
        super().__init__("%(asctime)s %(levelname)-7s %(name)s: %(message)s")

    def format(self, record: logging.LogRecord) -> str:
        error = record.exc_info[1] if record.exc_info else None
        if error is None or record.name.partition(".")[0] in _OURS:
            return super().format(record)
        plain = logging.makeLogRecord(record.__dict__ | {"exc_info": None, "exc_text": None})
        return f"{super().format(plain)} ({type(error).__name__}: {error})"


def log_to_stderr(level: int = logging.INFO) -> None:
    """Sets logging up for a process. Chatty libraries are heard from WARNING on."""
    handler = logging.StreamHandler()
    handler.setFormatter(LineFormatter())
    logging.basicConfig(level=level, handlers=[handler])
    for chatty in ("httpx", "httpcore", "docker", "urllib3"):
        logging.getLogger(chatty).setLevel(logging.WARNING)
