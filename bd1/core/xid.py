"""What each Xid of the NVIDIA driver means, and who has to do what about it. It knows no driver and tells nobody.

The GPU is passed through to a virtual machine, so every piece of advice says which side must act: the guest, where the
driver and BD-1 run, or the host. Where a reset is due, the guest is shut down and started again: that resets the card.
The actions follow NVIDIA's own catalogue.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from bd1.core.tiers import Tier


class Side(StrEnum):
    """Who must act."""

    GUEST = "guest"
    HOST = "host"


@dataclass(frozen=True, slots=True)
class Xid:
    """One Xid in words. `acts` is `None` where nobody has to do anything."""

    code: int
    meaning: str
    """What has happened, half a sentence that can follow "Xid 79: "."""
    advice: str
    """What to do, in whole sentences; it names the side that must do it."""
    acts: Side | None = Side.GUEST
    severity: Tier = Tier.WARN
    """`NORMAL`: only recorded, nobody is told of it at once."""
    quarantines: bool = False
    """Whether the card must not be given new work until it has been reset."""

    @property
    def is_quiet(self) -> bool:
        """Whether it is part of normal life: recorded, and told in a summary only."""
        return self.severity is Tier.NORMAL

    @property
    def title(self) -> str:
        """It in one line."""
        return f"Xid {self.code}: {self.meaning}"

    @property
    def sentence(self) -> str:
        """What it means and what to do, as told to people."""
        return f"{self.title}. {self.advice}"


def explain(code: int, detail: int | None = None) -> Xid:
    """The meaning of a code; one that is not in the table is said to be unknown.

    `detail` is the recovery action that the driver advises; only Xid 154 has one, and `None` means it was not told.
    """
    if code == _ACTION_CHANGED:
        return _recovery(detail)
    return _BY_CODE.get(code) or _unknown(code)


def is_worse(one: Xid, other: Xid) -> bool:
    """Whether `one` asks for more than `other`: the host for more than the guest, else the graver one."""
    return (one.acts is Side.HOST, one.severity) > (other.acts is Side.HOST, other.severity)


def is_milestone(count: int) -> bool:
    """Whether a count is worth a word again: 1, 2, 5, 10, 20, 50, 100 and so on."""
    return count > 0 and str(count).rstrip("0") in {"1", "2", "5"}


def summary(counts: Mapping[int, int]) -> str | None:
    """One sentence on what was only recorded, from how often each code came; `None` when nothing was."""
    told = [f"Xid {code} {_times(count)}" for code, count in sorted(counts.items()) if count > 0]
    if not told:
        return None
    listed = " and ".join([", ".join(told[:-1]), told[-1]] if told[1:] else told)
    return f"The driver also noted {listed}; nobody has to do anything about that."


def _times(count: int) -> str:
    return "once" if count == 1 else f"{count} times"


_ACTION_CHANGED: Final = 154

_RESET = (
    "On the guest: shut it down and start it again, which resets the GPU. If this comes back, restart the host too."
)
_REPLACE = (
    "On the guest: shut it down and start it again, which resets the GPU. If this comes back, the card's memory is "
    "failing and the card has to be replaced."
)
_POWER_CYCLE = (
    "On the host: shut the guest down, switch the host off and on again, and check how the card sits in its slot and "
    "its power cable. Restarting only the guest seldom brings the card back."
)
_RESTART_HOST = "On the host: shut the guest down and restart the host. Restarting only the guest is not enough."
_PROGRAM = "On the guest: restart that program if it has ended. The card needs nothing."
_PROGRAM_BUG = (
    "On the guest: nothing, unless it keeps happening; then it is most likely a bug of the program, or memory of the "
    "card that fails if it happens in several programs."
)


def _recorded(code: int, meaning: str, advice: str, acts: Side | None = Side.GUEST) -> Xid:
    return Xid(code, meaning, advice, acts, Tier.NORMAL)


def _reset(code: int, meaning: str, advice: str = _RESET, acts: Side = Side.GUEST) -> Xid:
    return Xid(code, meaning, advice, acts, Tier.PROTECT, quarantines=True)


_TABLE = (
    Xid(8, "the GPU stopped working on what a program gave it", _PROGRAM),
    _recorded(13, "a program asked the GPU for something it cannot do", _PROGRAM_BUG),
    _recorded(31, "a program reached for GPU memory that is not its own", _PROGRAM_BUG),
    Xid(32, "a program, or the way to the card, gave the GPU a broken list of commands", _PROGRAM),
    _recorded(43, "the GPU gave up the work of one program, through a mistake of that program", _PROGRAM_BUG),
    _recorded(
        45,
        "the driver cleaned up after a program that was ended",
        "Nothing is to be done: it follows another Xid, or the end of a program, also of one that BD-1 has ended.",
        None,
    ),
    _reset(46, "the GPU has stopped working"),
    Xid(
        48,
        "the card's memory had an error that could not be corrected",
        "On the guest: restart the programs that use the card. Whether it must be reset is told by what follows: after "
        "Xid 94 it need not be, after Xid 95 it must. If this comes back, the card has to be replaced.",
        severity=Tier.ALERT,
    ),
    Xid(
        61,
        "the GPU's own controller has met an error",
        "On the guest: shut it down and start it again when it suits you, which resets the GPU. If this comes back, "
        "update the driver and ask NVIDIA's support.",
        severity=Tier.ALERT,
    ),
    _reset(62, "the GPU's own controller has halted"),
    _recorded(
        63,
        "the card has noted a bad piece of its memory to be replaced by a spare one",
        "On the guest: nothing now; it takes effect when the guest is next shut down and started again.",
    ),
    _reset(64, "the card could not replace a bad piece of its memory by a spare one", _REPLACE),
    Xid(69, "a program gave the GPU a command it does not know", _PROGRAM),
    Xid(
        74,
        "a link between GPUs (NVLink) had an error",
        "On the host: check the NVLink bridge. A single card such as the RTX 4000 Ada has none; then see `dmesg` in "
        "the guest for what the driver says, and ask NVIDIA's support.",
        Side.HOST,
        Tier.ALERT,
    ),
    _reset(79, "the GPU has fallen off the bus", _POWER_CYCLE, Side.HOST),
    _recorded(
        92,
        "the card corrects many small errors of its memory",
        "On the guest: nothing, the data is right. If it goes on for weeks, the card is ageing.",
    ),
    Xid(
        94,
        "an error of the card's memory hit one program and was contained",
        "On the guest: restart that program. The card can be used on; it puts the bad memory aside when the guest is "
        "next shut down and started again.",
    ),
    _reset(
        95, "an error of the card's memory was not contained, so that any program may compute wrongly now", _REPLACE
    ),
    _reset(109, "the GPU did not change from one program to the next in time"),
    _reset(110, "the GPU has stopped itself after a security fault"),
    _reset(119, "the GPU's own processor (GSP) does not answer the driver"),
    _reset(120, "the GPU's own processor (GSP) has failed"),
    _reset(140, "an error of the card's memory could not be recovered", _REPLACE),
    _reset(143, "the GPU could not be initialised"),
    _reset(158, "the GPU did not answer the driver in time and cannot be used on"),
)
_BY_CODE: Final = {xid.code: xid for xid in _TABLE}


def _recovery(action: int | None) -> Xid:
    """Xid 154: the driver has changed its mind on what the card needs; the figures are NVML's recovery actions."""
    told = _ACTIONS.get(action) if action is not None else None
    return told or Xid(
        _ACTION_CHANGED,
        "the driver has changed its advice on how to recover the GPU, and I could not ask which it is",
        "On the guest: `nvidia-smi -q` shows it as GPU Recovery Action, and `dmesg` says why.",
        severity=Tier.ALERT,
    )


def _advice(meaning: str, advice: str = _RESET, acts: Side = Side.GUEST) -> Xid:
    return _reset(_ACTION_CHANGED, meaning, advice, acts)


_ACTIONS: Final = {
    0: Xid(
        _ACTION_CHANGED,
        "the driver no longer asks for anything to be done",
        "Nothing is to be done.",
        None,
        Tier.NORMAL,
    ),
    1: _advice("the driver asks for a reset of the GPU"),
    2: _advice("the driver asks for a restart of the machine the card is in", _RESTART_HOST, Side.HOST),
    3: Xid(
        _ACTION_CHANGED,
        "the driver asks that no other GPU exchanges data with this one",
        "On the guest: nothing, where it has only this one GPU; the work on it may go on.",
    ),
    4: _advice("the driver asks that the work on the GPU is ended and the GPU then reset"),
    6: _advice("the driver asks for a reset of the bus the GPU is on", _RESTART_HOST, Side.HOST),
    7: _advice("the driver asks for a restart of the machine the card is in", _RESTART_HOST, Side.HOST),
}


def _unknown(code: int) -> Xid:
    return Xid(
        code,
        "the driver reports an error that I do not know",
        "On the guest: see `dmesg` for what the driver says, and NVIDIA's catalogue of Xids. I go on as before.",
    )
