"""A model that asks for facts while it answers: true figures, only reads, and an end whatever it asks for."""

import asyncio
import json
from collections.abc import AsyncIterator, Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from bd1.core.answer import Finished, Question, Text
from bd1.core.conversation import Said, estimate_tokens
from bd1.core.tiers import Tier
from bd1.core.tools import MOST_CALLS, MOST_ROUNDS, NO_ROOM, NOT_KNOWN, TOOLS, TOOLS_TOKENS, Tool, ToolCall
from bd1.errors import ChatBusy, ChatRefused, ChatStopped, ToolsRefused
from bd1.ports import ChatChunk, ChatTurn
from tests.services.rig import Rig, build_rig, question, rig_settings
from tests.services.test_chat_reading import told

CARD = ToolCall("gpu_status", {})
LAST = ChatChunk(done=True, done_reason="stop")


async def chatting(rig: Rig, *calls: Sequence[ToolCall]) -> Rig:
    """Chat is on, with a model that can ask and makes these calls, request by request."""
    await rig.switch("chat")
    await rig.start_all()
    await rig.live(2)
    rig.model.abilities = ("completion", "tools")
    rig.model.calls = [tuple(each) for each in calls]
    return rig


def facts_of(rig: Rig) -> list[str]:
    return [turn.content for turn in rig.model.turns if turn.role == "tool"]


async def test_how_is_the_card_gets_its_true_figures_into_the_turns_and_the_answer(rig: Rig) -> None:
    await chatting(rig, [CARD])
    updates = await rig.go(rig.ask(question("How is the card?")))
    (fact,) = facts_of(rig)
    status = await rig.go(rig.board.now())
    assert status.sample is not None
    assert json.loads(fact)["vram_used_mib"] == status.sample.used_mib
    assert json.loads(fact)["mode"] == "chat"
    assert f'"vram_used_mib": {status.sample.used_mib}' in told(updates, Text)
    asked, answered = rig.model.turns[-2:]
    assert (asked.role, asked.calls) == ("assistant", (CARD,))
    assert (answered.role, answered.tool) == ("tool", "gpu_status")
    assert isinstance(updates[-1], Finished)
    assert rig.model.asked == 2


async def test_loaded_models_and_incidents_are_told(rig: Rig) -> None:
    await chatting(rig, [ToolCall("loaded_models", {}), ToolCall("recent_incidents", {"count": 1})])
    await rig.go(rig.model.load("llama3:8b", num_ctx=8192))
    rig.alerts.report("vram", Tier.WARN, "The card fills", "VRAM is at 81 %.")
    await rig.go(rig.ask())
    models, incidents = map(json.loads, facts_of(rig))
    assert models["loaded"] == [{"name": "llama3:8b", "vram_mib": 4700, "leaves_in_min": "never"}]
    assert incidents["incidents"][0]["last"] == "VRAM is at 81 %."


@pytest.mark.parametrize(
    ("abilities", "asked", "is_on"),
    [
        (("completion",), question(), True),
        (("completion", "tools"), question(), False),
        (("completion", "tools"), replace(question(), may_look=False), True),
        (("completion", "tools"), question(begun="It is"), True),
    ],
)
async def test_tools_are_not_offered_where_the_model_the_owner_or_the_asker_has_none_of_it(
    tmp_path: Path, abilities: tuple[str, ...], asked: Question, is_on: bool
) -> None:
    settings = rig_settings(tmp_path)
    rig = build_rig(replace(settings, chat=replace(settings.chat, tools=is_on)))
    await chatting(rig, [CARD])
    rig.model.abilities = abilities
    assert told(await rig.go(rig.ask(asked)), Text) == "Hello there."
    assert rig.model.tools == ()
    await rig.stop_all()


async def test_a_context_too_small_for_tools_is_left_to_the_conversation(tmp_path: Path) -> None:
    settings = rig_settings(tmp_path)
    small = replace(settings.chat, num_ctx=TOOLS_TOKENS * 4, max_answer_tokens=16)
    rig = await chatting(build_rig(replace(settings, chat=small)), [CARD])
    await rig.go(rig.ask())
    assert rig.model.tools == ()
    await rig.stop_all()


async def test_tools_and_facts_take_their_room_out_of_the_older_conversation(rig: Rig) -> None:
    older = tuple(Said("user" if number % 2 else "assistant", "word " * 300, "Han") for number in range(40))
    said = (*older, Said("user", "And now?", "Han"))
    await chatting(rig, [CARD] * MOST_CALLS)
    without = (await rig.go(rig.ask(question(said=said, may_look=False))))[-1]
    with_facts = (await rig.go(rig.ask(question(said=said))))[-1]
    assert isinstance(without, Finished)
    assert isinstance(with_facts, Finished)
    assert with_facts.left_out > without.left_out > 0
    assert rig.model.turns[-MOST_CALLS - 2].content == "And now?"


async def test_facts_never_take_more_than_a_third_of_the_room(tmp_path: Path) -> None:
    settings = rig_settings(tmp_path)
    room_tokens = TOOLS_TOKENS * 4
    small = replace(settings.chat, num_ctx=room_tokens + 512, max_answer_tokens=512)
    rig = await chatting(build_rig(replace(settings, chat=small)), [CARD] * MOST_CALLS)
    assert isinstance((await rig.go(rig.ask()))[-1], Finished)
    facts = facts_of(rig)
    assert 0 < facts.count(NO_ROOM) < MOST_CALLS
    assert sum(estimate_tokens(fact) for fact in facts if fact != NO_ROOM) <= room_tokens / 3
    await rig.stop_all()


async def test_a_model_that_never_stops_asking_changes_nothing_and_has_to_answer(rig: Rig) -> None:
    hostile = [ToolCall("switch", {"mode": "image"}), ToolCall("gpu_status", {"x" * 9999: 1})] * 500
    await chatting(rig, *[hostile] * 50)
    before, job = (await rig.go(rig.board.now())).mode, rig.director.job
    updates = await rig.go(rig.ask())
    facts = facts_of(rig)
    assert len(facts) == MOST_CALLS
    assert all("There is no tool" in fact or "takes no arguments" in fact for fact in facts)
    assert max(len(fact) for fact in facts) < 200
    assert rig.model.tools == ()
    assert isinstance(updates[-1], Finished)
    assert rig.model.asked == 2
    assert (await rig.go(rig.board.now())).mode == before
    assert rig.director.job is job
    assert rig.admission.inside == ()


async def test_after_three_rounds_of_single_calls_it_has_to_answer(rig: Rig) -> None:
    await chatting(rig, *[[CARD]] * 50)
    updates = await rig.go(rig.ask())
    assert len(facts_of(rig)) == MOST_ROUNDS
    assert rig.model.asked == MOST_ROUNDS + 1
    assert isinstance(updates[-1], Finished)


async def test_what_hangs_is_not_known_within_a_second_and_the_answer_goes_on(
    rig: Rig, monkeypatch: pytest.MonkeyPatch
) -> None:
    await chatting(rig, [CARD, CARD])
    await rig.go(rig.ask())
    rig.model.calls = [(CARD, CARD, ToolCall("recent_incidents", {}))]
    monkeypatch.setattr(rig.board, "now", lambda _patience_s: asyncio.Event().wait())
    began_s = rig.clock.monotonic()
    updates = await rig.go(rig.ask())
    assert facts_of(rig) == [NOT_KNOWN, NOT_KNOWN, "There was no incident."]
    assert rig.clock.monotonic() - began_s < 3
    assert isinstance(updates[-1], Finished)


async def test_a_server_that_is_away_for_the_facts_is_not_known(rig: Rig, monkeypatch: pytest.MonkeyPatch) -> None:
    await chatting(rig, [ToolCall("loaded_models", {})])
    await rig.go(rig.model.load("llama3:8b", num_ctx=8192))

    async def away() -> None:
        raise ChatRefused("Ollama refused the request.")

    monkeypatch.setattr(rig.model, "loaded", away)
    await rig.go(rig.ask())
    assert facts_of(rig) == [NOT_KNOWN]


async def test_text_before_and_after_a_question_for_facts_is_told_apart_and_thinking_stays_out(
    rig: Rig, monkeypatch: pytest.MonkeyPatch
) -> None:
    await chatting(rig)
    requests: list[int] = []

    async def chat(_model: str, turns: Sequence[ChatTurn], **_more: object) -> AsyncIterator[ChatChunk]:
        requests.append(len(turns))
        if len(requests) == 1:
            yield ChatChunk(text="<think>Look.</think>Let me look.")
            yield ChatChunk(calls=(CARD,))
        else:
            yield ChatChunk(text="<think>Fine.</think>It is fine.")
        yield LAST

    monkeypatch.setattr(rig.model, "chat", chat)
    updates = await rig.go(rig.ask())
    assert told(updates, Text) == "Let me look.\n\nIt is fine."
    assert len(requests) == 2


async def test_a_model_that_was_said_to_ask_but_cannot_is_asked_once_more_without_tools(
    rig: Rig, monkeypatch: pytest.MonkeyPatch
) -> None:
    await chatting(rig)
    offered: list[int] = []

    async def chat(
        _model: str, _turns: Sequence[ChatTurn], *, tools: Sequence[Tool], **_more: object
    ) -> AsyncIterator[ChatChunk]:
        offered.append(len(tools))
        if tools:
            raise ToolsRefused("llama3:8b cannot ask for facts.")
        yield ChatChunk(text="Hello.")
        yield LAST

    monkeypatch.setattr(rig.model, "chat", chat)
    assert told(await rig.go(rig.ask()), Text) == "Hello."
    assert offered == [len(TOOLS), 0]


async def test_a_busy_server_between_two_rounds_loses_and_doubles_nothing(
    rig: Rig, monkeypatch: pytest.MonkeyPatch
) -> None:
    await chatting(rig)
    roles: list[list[str]] = []

    async def chat(_model: str, turns: Sequence[ChatTurn], **_more: object) -> AsyncIterator[ChatChunk]:
        roles.append([turn.role for turn in turns])
        if len(roles) == 1:
            yield ChatChunk(text="Let me look.", calls=(CARD,))
        elif len(roles) == 2:
            raise ChatBusy("Ollama is busy.")
        else:
            yield ChatChunk(text="Fine.")
        yield LAST

    monkeypatch.setattr(rig.model, "chat", chat)
    assert told(await rig.go(rig.ask()), Text) == "Let me look.\n\nFine."
    assert roles[1] == roles[2] == ["system", "user", "assistant", "tool"]


async def test_stop_while_facts_are_looked_up_ends_the_answer_at_once(
    rig: Rig, monkeypatch: pytest.MonkeyPatch
) -> None:
    await chatting(rig, [CARD])
    looking = asyncio.Event()

    async def now(_patience_s: float) -> None:
        looking.set()
        await asyncio.Event().wait()

    monkeypatch.setattr(rig.board, "now", now)
    asked = question()
    answer = rig.chat.ask(asked)

    async def read() -> None:
        async for _ in answer.updates():
            pass

    reading = asyncio.create_task(read())
    while not looking.is_set():
        await rig.live(0.1)
    answer.stop("Han")
    with pytest.raises(ChatStopped):
        await reading
    rig.chat.leave(answer)
    assert rig.admission.inside == ()
