"""What a button carries in its id, so that it still works after a restart: built here, read back here. Pure."""

import hashlib
import re
from collections.abc import Iterable
from datetime import datetime

MODE = re.compile(r"bd1:mode:(?P<how>wait|cut|no):(?P<asker>\d{1,20}):(?P<mode>[^:]+)")
SWITCH = re.compile(r"bd1:switch:(?P<how>cancel|wait|cut):(?P<job>.+)", re.DOTALL)
REFUSED = re.compile(r"bd1:refused:(?P<how>again|kill|override):(?P<mode>[^:]+)(?::(?P<workload>[^:]+))?")
OVERRIDE = re.compile(r"bd1:override:(?P<message>\d{1,20}):(?P<mode>[^:]+)")
ACCEPT = re.compile(r"bd1:idle:accept:(?P<mib>\d{1,9})")
INCIDENT = re.compile(r"bd1:incident:(?P<how>ack|snooze|silence|speak):(?P<incident>[0-9a-f-]{1,40})")
CARD = re.compile(r"bd1:card:(?P<since>\d{1,12})")
REARM = re.compile(r"bd1:rearm:(?P<workload>[^:]+)")
ANSWER = re.compile(
    r"bd1:answer:(?P<how>stop|cancel|retry|regenerate|continue|thinking|delete|switch):(?P<question>\d{1,20})"
    r"(?::(?P<mode>[^:]+))?"
)

_PLAIN = re.compile(r"[A-Za-z0-9_-](?:[A-Za-z0-9_. -]{0,30}[A-Za-z0-9_.-])?")
_DIGITS = 16


def mark_of(name: str) -> str:
    """A name of the configuration as part of an id: itself where it is plain and short, else a digest of it.

    An id holds at most 100 characters, and a name may hold colons, emoji and worse.
    """
    if _PLAIN.fullmatch(name):
        return name
    return "~" + hashlib.sha256(name.encode("utf-8", "surrogatepass")).hexdigest()[:_DIGITS]


def named(mark: str, names: Iterable[str]) -> str | None:
    """The name that this mark stands for; `None` when the configuration has it no more."""
    return next((name for name in names if mark_of(name) == mark), None)


def mode_id(how: str, asker_id: int, mode: str) -> str:
    """A button of the question before a switch."""
    return f"bd1:mode:{how}:{asker_id}:{mark_of(mode)}"


def switch_id(how: str, job_id: str) -> str:
    """A button of a switch under way."""
    return f"bd1:switch:{how}:{job_id}"


def refused_id(how: str, mode: str, workload: str | None = None) -> str:
    """A button below a refusal."""
    return f"bd1:refused:{how}:{mark_of(mode)}" + (f":{mark_of(workload)}" if workload else "")


def override_id(message_id: int, mode: str) -> str:
    """The button that starts a mode although the gate said no; the switch is then shown in that message."""
    return f"bd1:override:{message_id}:{mark_of(mode)}"


def accept_id(mib: int) -> str:
    """The button that takes a level as idle."""
    return f"bd1:idle:accept:{mib}"


def rearm_id(workload: str) -> str:
    """The button that lets a workload run again that is latched off."""
    return f"bd1:rearm:{mark_of(workload)}"


def incident_id(how: str, incident: str) -> str:
    """A button below an incident."""
    return f"bd1:incident:{how}:{incident}"


def answer_id(how: str, question_id: int, mode: str | None = None) -> str:
    """A button below the answer to a question; `mode` is what a switch brings up."""
    return f"bd1:answer:{how}:{question_id}" + (f":{mark_of(mode)}" if mode else "")


def card_id(since: datetime) -> str:
    """The button that lifts the quarantine of that moment, and no later one."""
    return f"bd1:card:{int(since.timestamp())}"
