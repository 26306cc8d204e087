"""What is remembered of each channel's edits: enough for every answer that grows, and no more with every thread."""

from contextlib import ExitStack

from cogs._ui.edit_budget import EditBudgets


async def test_a_channel_keeps_its_books_while_others_come() -> None:
    budgets = EditBudgets()
    assert budgets.channel(1) is budgets.channel(1)
    assert budgets.channel(1) is not budgets.channel(2)


async def test_of_many_channels_the_longest_known_are_forgotten_but_never_one_in_which_an_answer_grows() -> None:
    budgets = EditBudgets()
    grows, rests = budgets.channel(1), budgets.channel(2)
    with grows.stream(lambda: None):
        for number in range(3, 2000):
            budgets.channel(number)
        assert budgets.channel(1) is grows
        assert budgets.channel(2) is not rests


async def test_where_an_answer_grows_in_each_of_them_none_is_forgotten() -> None:
    budgets = EditBudgets()
    with ExitStack() as growing:
        known = []
        for number in range(600):
            known.append(budgets.channel(number))
            growing.enter_context(known[-1].stream(lambda: None))
        assert [budgets.channel(number) for number in range(600)] == known
