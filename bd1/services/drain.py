"""Lets answers and pictures under way finish before their server is stopped; asks when that takes too long."""

import logging

from bd1.core.modes import Plan
from bd1.core.progress import Patience
from bd1.services.hands import Hands
from bd1.services.switch import CancelledByPerson, SwitchJob
from bd1.services.waiting import first_of
from bd1.services.work import at_work

_LOG = logging.getLogger(__name__)
_POLL_S = 0.5


class Drain:
    """One wait for the end of what is under way. A person may cancel the switch all the time."""

    def __init__(self, hands: Hands, job: SwitchJob, plan: Plan, patience: Patience) -> None:
        self._hands = hands
        self._job = job
        self._plan = plan
        self._patience = patience

    async def run(self) -> str:
        """Returns once nobody is in the middle of anything, or those who are shall be cut: then a note says so.

        Raises `CancelledByPerson` when somebody cancels, or when nobody answers the question.
        """
        deadline_s = self._now_s + self._hands.settings.switch.drain_s
        while phrases := await at_work(self._hands, self._plan.stop):
            self._job.raise_if_cancelled()
            if self._patience is Patience.CUT:
                return self._cut(phrases)
            if self._patience is Patience.ASK and self._now_s >= deadline_s:
                await self._ask(phrases)
                deadline_s = self._now_s + self._hands.settings.switch.drain_s
                continue
            await self._until_news()
        self._job.raise_if_cancelled()
        return ""

    def _cut(self, phrases: tuple[str, ...]) -> str:
        told = "; ".join(phrases)
        _LOG.warning("work under way is cut by the switch to %s: %s", self._plan.target.name, told)
        progress = self._job.progress
        self._hands.admission.cut(
            f"{progress.by} switched the GPU to {progress.target} mode, so this answer ends here. "
            "Ask again once it is back."
        )
        return f"cut: {told}"

    async def _ask(self, phrases: tuple[str, ...]) -> None:
        """Asks what shall be done; the work's own end is an answer too. Whoever waits on is asked again later."""
        switch = self._hands.settings.switch
        self._job.ask(f"After {switch.drain_s:g} s there is still work under way: {'; '.join(phrases)}.")
        deadline_s = self._now_s + switch.choice_s
        while await at_work(self._hands, self._plan.stop):
            self._job.raise_if_cancelled()
            if answer := self._job.hear():
                self._patience = Patience.CUT if answer is Patience.CUT else self._patience
                return
            if self._now_s >= deadline_s:
                raise CancelledByPerson(
                    f"Nobody said within {switch.choice_s:g} s whether to wait or to cut, so nothing was stopped."
                )
            await self._until_news()

    async def _until_news(self) -> None:
        self._job.said.clear()
        admission = self._hands.admission
        news = (self._job.said, admission.is_empty) if admission.inside else (self._job.said,)
        await first_of(self._hands.clock, _POLL_S, *news)

    @property
    def _now_s(self) -> float:
        return self._hands.clock.monotonic()
