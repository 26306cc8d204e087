"""`/gpu rearm` on the loopback Discord."""

from bd1.core.ratchet import Exit, Ratchet
from bd1.sim.discord.model import Message
from tests.cogs.conftest import Home, buttons_of, text_of

NOBODY: tuple[str, ...] = ()


async def latched(home: Home) -> None:
    now = home.rig.clock.now()
    ends = tuple(Exit(at_s, now, 1) for at_s in (0.0, 15.0, 30.0))
    comfyui = home.rig.settings.workloads["comfyui"]
    state = Ratchet(ends, (460, 1260, 2060))
    await home.rig.director.measures.latch_off(comfyui, "ended by itself 3 times within 10 minutes", state)


async def rearm(home: Home, who: str, workload: str = "comfyui") -> Message:
    return await (await home.discord.person(who).slash("gpu rearm", channel="bridge", workload=workload)).response()


async def test_an_operator_sees_the_evidence_and_lets_it_run_again(home: Home) -> None:
    await latched(home)
    answer = await rearm(home, "Leia")
    text = text_of(answer)
    for wanted in ("3 times within 10 minutes", "exit code 1", "2 060 MiB", "shows 460 MiB", "The gate is open."):
        assert wanted in text.replace("\N{NARROW NO-BREAK SPACE}", " ")
    (label,) = buttons_of(answer)
    assert label == "Let comfyui run again"
    await (await home.discord.person("Leia").click(answer, label)).response()
    assert "Leia lets comfyui run again" in text_of(answer)
    assert buttons_of(answer) == {}
    assert home.rig.director.measures.all_off == NOBODY


async def test_only_operators_may_look_and_press(home: Home) -> None:
    await latched(home)
    assert "Only operators" in (await rearm(home, "Han")).content
    answer = await rearm(home, "Leia")
    told = await (await home.discord.person("Han").click(answer, "Let comfyui run again")).response()
    assert "Only operators" in told.content
    assert home.rig.director.measures.all_off == ("comfyui",)


async def test_the_button_refuses_while_the_card_is_not_clean_and_works_once_it_is(home: Home) -> None:
    await latched(home)
    await home.rig.troubles.set("foreign", on=True)
    answer = await rearm(home, "Leia")
    assert "The gate is shut" in text_of(answer)
    leia = home.discord.person("Leia")
    told = await (await leia.click(answer, "Let comfyui run again")).response()
    assert "comfyui stays off" in told.content
    assert "comfyui" in home.rig.director.measures.all_off
    await home.rig.troubles.set("foreign", on=False)
    await home.rig.clock.sleep(2)
    await (await leia.click(answer, "Let comfyui run again")).response()
    assert home.rig.director.measures.all_off == NOBODY


async def test_a_workload_that_is_not_latched_off_is_told_so(home: Home) -> None:
    assert "ollama is not latched off. No workload is." in (await rearm(home, "Leia", "ollama")).content


async def in_quarantine(home: Home) -> None:
    home.rig.world.card.raise_xid(119)
    await home.until(lambda: home.rig.hardware.quarantine is not None, "the quarantine")


async def test_an_operator_sees_what_the_card_is_in_quarantine_for_and_lifts_it(home: Home) -> None:
    await in_quarantine(home)
    assert "Only operators" in (await rearm(home, "Han", "card")).content
    answer = await rearm(home, "Leia", "card")
    text = text_of(answer).replace("\N{NARROW NO-BREAK SPACE}", " ")
    for wanted in ("The card is in quarantine", "Xid 119", "shows 460 MiB", "The gate is open."):
        assert wanted in text
    told = await (await home.discord.person("Han").click(answer, "Lift the quarantine")).response()
    assert "Only operators" in told.content
    await (await home.discord.person("Leia").click(answer, "Lift the quarantine")).response()
    assert "Leia lifted the quarantine" in text_of(answer)
    assert home.rig.hardware.quarantine is None
    assert "The card is not in quarantine." in (await rearm(home, "Leia", "card")).content


async def test_the_quarantine_stays_while_the_card_is_not_clean_and_an_old_button_lifts_no_new_one(home: Home) -> None:
    await in_quarantine(home)
    leia = home.discord.person("Leia")
    await home.rig.troubles.set("foreign", on=True)
    answer = await rearm(home, "Leia", "card")
    assert "The gate is shut" in text_of(answer)
    told = await (await leia.click(answer, "Lift the quarantine")).response()
    assert "The card stays in quarantine" in told.content
    assert home.rig.hardware.quarantine is not None
    await home.rig.troubles.set("foreign", on=False)
    await home.rig.hardware.lift("Leia")
    await home.rig.clock.sleep(2)
    await in_quarantine(home)
    told = await (await leia.click(answer, "Lift the quarantine")).response()
    assert "anew since then" in told.content
    assert home.rig.hardware.quarantine is not None
