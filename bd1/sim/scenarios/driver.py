"""Stories of a card or a driver in trouble: every Xid that counts, a driver that hangs, is away or lost the card."""

from bd1.sim.card import CardFault
from bd1.sim.scenarios import acts, around
from bd1.sim.scenarios.acts import GIB, PICTURES
from bd1.sim.scenarios.story import At, Expect, Setting, Story

_AFTER = (
    At(60, "somebody asks", around.asks()),
    At(120, "an operator switches to image mode", around.wants("image")),
)


def _recorded(code: int, text: str) -> Story:
    """An Xid that is part of normal life: a program's own mistake."""
    return Story(
        name=f"xid-{code}",
        text=text,
        begins=Setting.CHAT,
        acts=(
            At(10, f"the driver reports Xid {code}", around.xid(code)),
            At(11, "and again", around.xid(code)),
            At(60, "somebody asks", around.asks()),
        ),
        lasts_s=180,
        expect=Expect(answers=("Hello there.",), mode="chat", messages=0),
    )


def _told(code: int, text: str, *words: str) -> Story:
    """An Xid that people are told of; the card may be used on."""
    return Story(
        name=f"xid-{code}",
        text=text,
        begins=Setting.CHAT,
        acts=(
            At(10, f"the driver reports Xid {code}", around.xid(code)),
            At(60, "somebody asks", around.asks()),
        ),
        lasts_s=180,
        expect=Expect(
            tells=(f"xid {code}",), words=words, answers=("Hello there.",), mode="chat", acts_within_s=1, messages=1
        ),
    )


def _grave(code: int, text: str, *words: str, detail: int | None = None, fault: CardFault | None = None) -> Story:
    """An Xid after which the card must be given no work."""
    is_lost = fault is not None
    return Story(
        name=f"xid-{code}",
        text=text,
        begins=Setting.CHAT,
        acts=(
            At(10, f"the driver reports Xid {code}", acts.both(around.fault(fault), around.xid(code, detail))),
            *_AFTER,
        ),
        lasts_s=300,
        expect=Expect(
            tells=("quarantine", "sight") if is_lost else ("quarantine",),
            words=(f"Xid {code}", *words),
            is_quarantined=True,
            answers=("quarantine",),
            switches=("refused",),
            mode="chat",
            acts_within_s=1,
            messages=2 if is_lost else 1,
        ),
    )


XIDS = (
    _recorded(13, "Xid 13: a program asked the GPU for something it cannot do; that is no alarm."),
    _recorded(31, "Xid 31: a program reached for memory that is not its own; that is no alarm."),
    _recorded(43, "Xid 43: the GPU gave up the work of one program; that is no alarm."),
    _told(48, "Xid 48: a memory error that could not be corrected; people are told, work goes on.", "On the guest"),
    _grave(62, "Xid 62: the GPU's own controller has halted; the card gets no more work.", "On the guest"),
    _grave(
        79,
        "Xid 79: the GPU has fallen off the bus; only the host can mend that.",
        "On the host",
        "switch the host off and on",
        fault=CardFault.LOST,
    ),
    _told(94, "Xid 94: a memory error that hit one program and was contained.", "restart that program"),
    _grave(95, "Xid 95: a memory error that was not contained; the card gets no more work.", "On the guest"),
    _grave(119, "Xid 119: the GPU's own processor does not answer; the card gets no more work.", "On the guest"),
    _grave(154, "Xid 154: the driver asks for a restart of the machine.", "restart the host", detail=2),
)

HUNG = Story(
    name="hung-nvml-then-leak",
    text="The driver hangs for ten seconds while ComfyUI leaks; BD-1 says that it is blind, and acts once it sees.",
    begins=Setting.IMAGE,
    acts=(
        At(0, "60 % of the card are in use", acts.fill_to(PICTURES, 60)),
        At(10, "the driver hangs", around.fault(CardFault.HANGS)),
        At(14, "ComfyUI leaks 1 GiB a second", acts.leak(PICTURES, GIB)),
        At(20, "the driver answers again", around.fault(None)),
    ),
    trouble_s=20,
    lasts_s=90,
    expect=Expect(
        peak_below_pct=97, tells=("sight", "vram"), ends=(PICTURES,), mode="idle", acts_within_s=2.5, messages=2
    ),
)
LOST = Story(
    name="gpu-lost",
    text="The card is lost without an Xid, and stays so.",
    begins=Setting.CHAT,
    acts=(
        At(10, "the card is lost", around.fault(CardFault.LOST)),
        At(60, "an operator switches to image mode", around.wants("image")),
    ),
    lasts_s=600,
    expect=Expect(tells=("sight",), switches=("refused",), mode="chat", acts_within_s=2.5, messages=1),
)
RELOAD = Story(
    name="driver-reload",
    text="The driver is replaced by a newer one on the idle card, and chat is wanted right after that.",
    begins=Setting.IDLE,
    acts=(
        At(10, "the driver is reloaded: no card for three seconds", around.reload_driver),
        At(14, "an operator switches to chat mode", around.wants("chat")),
        At(60, "somebody asks", around.asks()),
    ),
    lasts_s=180,
    expect=Expect(switches=("done",), answers=("Hello there.",), mode="chat", messages=0),
)
CUT_OFF = Story(
    name="cut-off-by-daemon-reload",
    text="After `systemctl daemon-reload` the driver answers BD-1 with an unknown error, until it is created anew.",
    begins=Setting.CHAT,
    acts=(
        At(10, "every look ends in error 999", around.fault(CardFault.UNKNOWN)),
        At(60, "an operator switches to image mode", around.wants("image")),
        At(300, "the container is created anew", around.fault(None)),
    ),
    lasts_s=400,
    expect=Expect(tells=("sight",), switches=("refused",), mode="chat", acts_within_s=6, messages=1),
)
MISMATCH = Story(
    name="library-mismatch",
    text="An update of the driver waits for a restart: library and kernel module differ.",
    begins=Setting.CHAT,
    acts=(
        At(10, "the versions differ", around.fault(CardFault.MISMATCH)),
        At(60, "an operator switches to image mode", around.wants("image")),
    ),
    lasts_s=300,
    expect=Expect(tells=("sight",), switches=("refused",), mode="chat", acts_within_s=6, messages=1),
)
WARM = Story(
    name="warm-card",
    text="A small card draws pictures at 87 degrees and at its power limit for hours; that is its normal work.",
    begins=Setting.IMAGE,
    acts=(
        At(
            5,
            "87 degrees, 70 W of 70 W, the driver caps the power",
            around.show(temperature_c=87, power_w=70, power_limit_w=70, pstate=0, throttle=("power cap",)),
        ),
        *(At(10 + 600 * batch, "a batch of pictures", acts.draw(20)) for batch in range(12)),
    ),
    lasts_s=7200,
    quiet_from_s=0,
    expect=Expect(mode="image", messages=0),
)
HOT = Story(
    name="overheating",
    text="A fan fails: the card reaches the temperature at which its hardware slows it down.",
    begins=Setting.IMAGE,
    acts=(
        At(10, "93 degrees", around.show(temperature_c=93, throttle=("heat (hardware)",))),
        At(600, "the fan runs again", around.show(temperature_c=60, throttle=())),
    ),
    lasts_s=900,
    expect=Expect(tells=("heat",), mode="image", acts_within_s=15, messages=2),
)

STORIES = (*XIDS, HUNG, LOST, RELOAD, CUT_OFF, MISMATCH, WARM, HOT)
