"""An answer that was held for long rings its asker; one that is taken back leaves nothing."""

import pytest

from bd1.core.answer import Held, Unheld, Waiting
from tests.cogs.easel import Easel


async def test_whoever_waited_long_for_a_held_question_is_rung_once_by_the_reply_and_by_no_word(easel: Easel) -> None:
    answer = await easel.ask()
    answer.tell(Held("The GPU is in image mode."))
    notice = await easel.until_text("image mode")
    answer.tell(Unheld(300.0))
    answer.say("<@1> @everyone look: ")
    first = await easel.until_text("look")
    answer.whole("done")
    await answer.ended()
    (message,) = easel.answers()
    assert notice.deleted
    assert message is first
    assert message.mentions == (easel.discord.person("Han").id,)
    assert not message.mention_everyone
    assert message.content.startswith("<@1> @everyone look: done")


@pytest.mark.parametrize(("waited_s", "changes"), [(299.0, {}), (9999.0, {"ping_held_s": 0.0})])
async def test_after_a_short_hold_the_answer_takes_the_place_of_the_notice(
    easel: Easel, waited_s: float, changes: dict[str, float]
) -> None:
    easel.tune(**changes)
    answer = await easel.ask()
    answer.tell(Held("The GPU is in image mode."))
    notice = await easel.until_text("image mode")
    answer.tell(Unheld(waited_s))
    answer.whole("done")
    await answer.ended()
    assert easel.answers() == [notice]
    assert notice.mentions == ()


async def test_an_answer_that_is_taken_back_before_its_first_word_leaves_nothing(easel: Easel) -> None:
    answer = await easel.ask()
    answer.tell(Waiting(1))
    await easel.until_text("1 before you")
    assert easel.painters[0].take_back()
    answer.whole("Hello there.")
    await answer.ended()
    assert easel.answers() == []
    assert answer.message_ids == ()


async def test_an_answer_of_which_a_word_is_shown_cannot_be_taken_back(easel: Easel) -> None:
    answer = await easel.ask()
    answer.say("Hello")
    await easel.until_text("Hello")
    assert not easel.painters[0].take_back()
    answer.whole(" there.")
    await answer.ended()
    assert easel.texts()[0].startswith("Hello there.")
