"""The log."""

import logging

from bd1.logs import LineFormatter


def line(name: str) -> str:
    error = ConnectionRefusedError("nobody listens")
    record = logging.LogRecord(name, logging.ERROR, __file__, 1, "Trying again", None, (type(error), error, None))
    return LineFormatter().format(record)


def test_a_library_that_logs_a_traceback_gets_one_line() -> None:
    text = line("discord.client")
    assert text.endswith("discord.client: Trying again (ConnectionRefusedError: nobody listens)")
    assert "\n" not in text


def test_a_surprise_of_our_own_keeps_its_traceback() -> None:
    assert "\nConnectionRefusedError" in line("bd1.services.chat")
