"""One request to the model: loads that are remembered, silence that is told, busy servers, thinking kept apart."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from typing import Any

import pytest

from bd1.core.answer import Crowded, Finished, Loading, Recalled, Silent, Text, Thinking, Update
from bd1.errors import Bd1Error, ChatBusy, ChatRefused, ChatUnavailable, ModelMissing
from bd1.ports import ChatChunk, ChatTurn, LoadedModel
from bd1.services.load_times import LoadTimes
from tests.services.rig import Rig, build_rig, question

LAST = ChatChunk(done=True, done_reason="stop")


def saying(rig: Rig, monkeypatch: pytest.MonkeyPatch, *chunks: ChatChunk | float | Bd1Error) -> list[int]:
    """The model says these chunks, with pauses and an error in between; the list grows with each request."""
    requests: list[int] = []

    async def chat(_model: str, turns: Sequence[ChatTurn], **_figures: Any) -> AsyncIterator[ChatChunk]:
        requests.append(len(turns))
        for chunk in chunks:
            if isinstance(chunk, Bd1Error):
                raise chunk
            if isinstance(chunk, ChatChunk):
                yield chunk
            else:
                await rig.clock.sleep(chunk)

    monkeypatch.setattr(rig.model, "chat", chat)
    return requests


def told(updates: Sequence[Update], kind: type[Text] | type[Thinking]) -> str:
    return "".join(update.text for update in updates if isinstance(update, kind))


async def test_what_is_thought_between_tags_is_no_text_however_the_chunks_are_cut(
    rig: Rig, monkeypatch: pytest.MonkeyPatch
) -> None:
    await rig.switch("chat")
    pieces = [ChatChunk(text=piece) for piece in ("<th", "ink>It is", " full</thi", "nk>\n\n", "Full", ".")]
    saying(rig, monkeypatch, ChatChunk(thinking="Hm. "), *pieces, LAST)
    updates = await rig.go(rig.ask())
    assert told(updates, Thinking) == "Hm. It is full"
    assert told(updates, Text) == "Full."


async def test_thinking_without_an_opening_mark_is_taken_back_once_and_not_shown_the_next_time(
    rig: Rig, monkeypatch: pytest.MonkeyPatch
) -> None:
    await rig.switch("chat")
    saying(rig, monkeypatch, *(ChatChunk(text=piece) for piece in ("I reason.", "\n</th", "ink>\n\nFull", ".")), LAST)
    updates = await rig.go(rig.ask())
    recalled = next(update for update in updates if isinstance(update, Recalled))
    assert recalled == Recalled("", "I reason.\n")
    assert told(updates[updates.index(recalled) :], Text) == "Full."
    again = await rig.go(rig.ask())
    assert told(again, Thinking) == "I reason.\n"
    assert told(again, Text) == "Full."
    assert not any(isinstance(update, Recalled) for update in again)


async def test_a_model_that_answers_without_thinking_after_all_is_told_whole_and_then_live_again(
    rig: Rig, monkeypatch: pytest.MonkeyPatch
) -> None:
    await rig.switch("chat")
    saying(rig, monkeypatch, ChatChunk(text="Hm.</think>"), ChatChunk(text="\nFull."), LAST)
    await rig.go(rig.ask())
    saying(rig, monkeypatch, ChatChunk(text="Still "), ChatChunk(text="full."), LAST)
    assert told(await rig.go(rig.ask()), Text) == "Still full."
    third = await rig.go(rig.ask())
    assert told(third, Text) == "Still full."
    assert told(third, Thinking) == ""


async def test_how_long_a_model_took_to_load_is_told_the_next_time_and_after_a_restart(rig: Rig) -> None:
    await rig.switch("chat")
    first = await rig.go(rig.ask())
    assert first[0] == Loading("llama3:8b", 4445)
    await rig.go(rig.model.unload("llama3:8b"))
    await rig.live(5)
    second = await rig.go(rig.ask())
    assert isinstance(second[0], Loading)
    usual_s = second[0].usual_s
    assert usual_s is not None
    assert 0.5 < usual_s < 60
    times = LoadTimes(rig.store)
    await times.load()
    assert times.usual_s("llama3:8b") is not None


async def test_the_usual_load_time_is_the_median_of_the_last_five(rig: Rig) -> None:
    times = LoadTimes(rig.store)
    for took_s in (99.0, 98.0, 9.0, 8.0, 30.0, 7.0, 10.0):
        await times.add("llama3:8b", took_s)
    assert times.usual_s("llama3:8b") == 9.0
    assert times.usual_s("another") is None


async def test_a_loaded_model_is_not_said_to_load(rig: Rig) -> None:
    await rig.switch("chat")
    await rig.go(rig.ask())
    assert not any(isinstance(update, Loading) for update in await rig.go(rig.ask()))


async def test_a_server_that_does_not_say_what_is_loaded_holds_nothing_up(
    rig: Rig, monkeypatch: pytest.MonkeyPatch
) -> None:
    await rig.switch("chat")
    monkeypatch.setattr(rig.model, "loaded", asyncio.Event().wait)
    asking = asyncio.create_task(rig.ask())
    await rig.live(15)
    assert told(await asking, Text) == "Hello there."


async def test_silence_is_told_once_within_ten_seconds_before_the_first_word_and_in_the_middle(
    rig: Rig, monkeypatch: pytest.MonkeyPatch
) -> None:
    await rig.switch("chat")
    await rig.go(rig.ask())
    saying(rig, monkeypatch, 25.0, ChatChunk(text="One"), 25.0, ChatChunk(text=" two"), 3.0, LAST)
    stall_s = rig.settings.chat.stall_s
    updates = await rig.go(rig.ask())
    first = updates[0]
    assert isinstance(first, Silent)
    assert stall_s <= first.limit_s < stall_s + 3  # it has a few words to read
    assert updates[:-1] == [
        Silent(6.0, first.limit_s),
        Text("One"),
        Silent(6.0, stall_s),
        Text(" two"),
    ]


async def test_a_server_that_answers_nothing_at_all_is_told_within_ten_seconds(
    rig: Rig, monkeypatch: pytest.MonkeyPatch
) -> None:
    await rig.switch("chat")

    async def nothing(*_given: object) -> None:
        await asyncio.Event().wait()

    for name in ("loaded", "installed", "details"):
        monkeypatch.setattr(rig.model, name, nothing)
    saying(rig, monkeypatch, 3600.0)
    came: list[Update] = []
    asking = asyncio.create_task(rig.ask(into=came))
    await rig.live(9)
    assert came == [Silent(6.0, rig.settings.chat.load_stall_s)]
    asking.cancel()


async def test_a_model_that_loads_for_long_is_told_with_how_long_it_may(
    rig: Rig, monkeypatch: pytest.MonkeyPatch
) -> None:
    await rig.switch("chat")
    saying(rig, monkeypatch, 25.0, ChatChunk(text="One"), LAST)
    loading = Loading("llama3:8b", 4445)
    updates = await rig.go(rig.ask())
    assert updates[:-1] == [loading, Silent(6.0, rig.settings.chat.load_stall_s, loading), Text("One")]


def first_limits(rig: Rig, monkeypatch: pytest.MonkeyPatch) -> list[float | None]:
    """How long each request lets the first word take; the model says one."""
    limits: list[float | None] = []

    async def chat(_model: str, _turns: object, *, first_s: float | None, **_more: Any) -> AsyncIterator[ChatChunk]:
        limits.append(first_s)
        yield ChatChunk(text="One")
        yield LAST

    monkeypatch.setattr(rig.model, "chat", chat)
    return limits


def in_memory(rig: Rig, monkeypatch: pytest.MonkeyPatch, context: int | None) -> None:
    async def loaded() -> tuple[LoadedModel, ...]:
        return (LoadedModel("llama3:8b", 4700, None, context),)

    monkeypatch.setattr(rig.model, "loaded", loaded)


async def test_the_first_word_may_take_as_long_as_a_load_unless_it_is_known_that_nothing_has_to_be_loaded(
    rig: Rig, monkeypatch: pytest.MonkeyPatch
) -> None:
    await rig.switch("chat")
    limits, chat = first_limits(rig, monkeypatch), rig.settings.chat
    await rig.go(rig.ask())
    for context in (None, chat.num_ctx, chat.num_ctx // 2):
        in_memory(rig, monkeypatch, context)
        await rig.go(rig.ask())
    monkeypatch.setattr(rig.model, "loaded", asyncio.Event().wait)
    asking = asyncio.create_task(rig.ask())
    await rig.live(15)
    await asking
    cold_s, known_s, same_s, other_s, unknown_s = limits
    assert cold_s == other_s == unknown_s == chat.load_stall_s
    assert known_s == same_s
    assert chat.stall_s <= (known_s or 0) < chat.stall_s + 3


async def test_a_long_prompt_may_be_read_for_longer_before_the_first_word(
    rig: Rig, monkeypatch: pytest.MonkeyPatch
) -> None:
    await rig.switch("chat")
    limits, chat = first_limits(rig, monkeypatch), rig.settings.chat
    in_memory(rig, monkeypatch, chat.num_ctx)
    await rig.go(rig.ask(question("word " * 20_000)))
    room = chat.num_ctx - chat.max_answer_tokens
    assert limits[0] == pytest.approx(chat.stall_s + room / 100, rel=0.05)


async def test_a_busy_server_is_asked_again_until_it_answers(rig: Rig, monkeypatch: pytest.MonkeyPatch) -> None:
    await rig.switch("chat")
    requests = saying(rig, monkeypatch, ChatBusy("Ollama is busy."))
    asking = asyncio.create_task(rig.ask())
    await rig.live(10)
    assert 3 <= len(requests) <= 5
    monkeypatch.undo()
    await rig.live(30)
    updates = await asking
    assert any(isinstance(update, Crowded) for update in updates)
    assert not any(isinstance(update, Silent) for update in updates), "it was told why nothing comes"
    assert isinstance(updates[-1], Finished)


async def test_a_server_that_stays_busy_is_given_up_with_its_sentence(
    rig: Rig, monkeypatch: pytest.MonkeyPatch
) -> None:
    await rig.switch("chat")
    saying(rig, monkeypatch, ChatBusy("Ollama is busy: its queue is full. Try again in a minute."))
    with pytest.raises(ChatBusy, match="Try again in a minute"):
        await rig.go(rig.ask())
    assert rig.admission.inside == ()


@pytest.mark.parametrize(
    ("chunks", "words"),
    [
        ((LAST,), "nothing to say"),
        ((ChatChunk(thinking="Hm."), LAST), "nothing to say"),
        ((ChatChunk(text="<think>Hm."), ChatChunk(done=True, done_reason="length")), "max_answer_tokens"),
        ((ChatChunk(text=" \n"), LAST), "nothing to say"),
    ],
)
async def test_an_empty_answer_is_a_sentence(
    rig: Rig, monkeypatch: pytest.MonkeyPatch, chunks: tuple[ChatChunk, ...], words: str
) -> None:
    await rig.switch("chat")
    saying(rig, monkeypatch, *chunks)
    with pytest.raises(ChatRefused, match=words):
        await rig.go(rig.ask())


async def test_text_that_was_held_back_as_a_possible_tag_comes_out_when_the_stream_breaks(
    rig: Rig, monkeypatch: pytest.MonkeyPatch
) -> None:
    await rig.switch("chat")
    saying(rig, monkeypatch, ChatChunk(text="<thin"), ChatUnavailable("It broke."))
    came: list[Update] = []
    with pytest.raises(ChatUnavailable, match="It broke"):
        await rig.go(rig.ask(into=came))
    assert told(came, Text) == "<thin"


async def test_an_answer_that_is_continued_sends_what_it_says_already_as_the_models_own_words(rig: Rig) -> None:
    await rig.switch("chat")
    await rig.go(rig.ask(question("Count.", begun="One two")))
    assert [(turn.role, turn.content) for turn in rig.model.turns[-2:]] == [
        ("user", "Count."),
        ("assistant", "One two"),
    ]


async def test_load_times_of_an_earlier_run_are_known_at_the_start(rig: Rig) -> None:
    again = build_rig(rig.settings)
    await again.store.put("chat load times", "llama3:8b", {"seconds": [9.0]})
    await again.chat.load()
    await again.switch("chat")
    assert (await again.go(again.ask()))[0] == Loading("llama3:8b", 4445, 9.0)


async def test_a_chosen_model_that_is_gone_is_told_with_how_to_choose_another(
    rig: Rig, monkeypatch: pytest.MonkeyPatch
) -> None:
    await rig.switch("chat")
    saying(rig, monkeypatch, ModelMissing("The model nope:7b is not there. Name another one in config.yaml."))
    with pytest.raises(ModelMissing, match="Choose another one with `/chat model`, or fetch it"):
        await rig.go(rig.ask(question(model="nope:7b")))
    with pytest.raises(ModelMissing, match=r"Name another one in config\.yaml"):
        await rig.go(rig.ask(question(model=rig.settings.chat.model)))
