"""Asks the gate again and again until it opens or the time is up. The rules are `core.gate`'s; nothing starts here."""

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from bd1.core.gate import Answer, GateCase, Look, Verdict, judge, why_closed
from bd1.core.gpu import GpuSample
from bd1.core.progress import Override
from bd1.core.settings import Workload
from bd1.errors import Bd1Error, SwitchRefused
from bd1.services.hands import Hands, look_at
from bd1.services.waiting import next_pause_s

FRESH_S = 0.25
"""How old the newest look at the card may be when something is started on it."""
_BRIEF_S = 2.0


class GateShut(SwitchRefused):
    """The gate stayed shut. `verdict` names the holders; `looks` are the last ones."""

    def __init__(self, verdict: Verdict, waited_s: float, looks: tuple[Look | None, ...]) -> None:
        waited = f"waited {waited_s:.0f} s for it and " if waited_s >= 1 else ""
        super().__init__(f"{verdict.reason} I {waited}start nothing on a card that is not free.")
        self.verdict = verdict
        self.looks = looks


@dataclass(frozen=True, slots=True)
class Question:
    """What is to be proved: `staying` may be on the card, `starting` shall come, nobody else may be there.

    `gone_pids` are the PIDs others had on the card before, with the workload's name.
    """

    staying: tuple[Workload, ...]
    starting: tuple[Workload, ...]
    gone_pids: Mapping[int, str]
    timeout_s: float
    override: Override | None = None


class Gatekeeper:
    """Looks until the card is proved to be free, or refuses."""

    def __init__(self, hands: Hands) -> None:
        self._hands = hands

    async def refuse_blind(self) -> None:
        """Raises `SwitchRefused` where no look at the card works: after a stop nothing could be started.

        A single look that fails is no reason.
        """
        switch, card = self._hands.settings.switch, self._hands.card
        reason = ""
        for _ in range(switch.gate_samples):
            reading = await card.look()
            if isinstance(reading, GpuSample):
                return
            reason = reading.reason
            await self._hands.clock.sleep(switch.gate_interval_s)
        raise SwitchRefused(
            f"The card cannot be read, so I could start nothing on it. {reason} I have stopped nothing."
        )

    async def prove(
        self, question: Question, see: Callable[[Look], None], epoch: Callable[[], int] = lambda: 0
    ) -> tuple[Look | None, ...]:
        """The looks that opened the gate. `see` is shown each look; whenever `epoch` changes, the row begins anew.

        Raises `GateShut` when the gate is still shut after the question's time, or can never open.
        """
        clock = self._hands.clock
        began_s, began_in = clock.monotonic(), epoch()
        looks: list[Look | None] = []
        while True:
            if epoch() != began_in:
                looks.clear()
                began_in = epoch()
            looks.append(await self._look(see))
            case = self._case(question)
            del looks[: -max(case.samples, 1)]
            now_s = clock.monotonic()
            is_last = now_s - began_s >= question.timeout_s
            verdict = judge(case, looks, now_s=now_s, is_last=is_last)
            if verdict.is_open:
                verdict = await self._with_docker(question, is_last=is_last)
            if verdict.is_open and clock.monotonic() - now_s > FRESH_S:  # Docker took its time over that answer
                looks = [*looks, await self._look(see)][-max(case.samples, 1) :]
                verdict = judge(case, looks, now_s=clock.monotonic(), is_last=is_last)
            if verdict.is_open and epoch() == began_in:
                return tuple(looks)
            if verdict.answer is Answer.REFUSE:
                raise GateShut(verdict, now_s - began_s, tuple(looks))
            await clock.sleep(self._pause_s(case, looks[-1], now_s - began_s))

    def _pause_s(self, case: GateCase, look: Look | None, waited_s: float) -> float:
        """The looks that prove keep their distance; until the first of them, memory on its way back is looked for."""
        interval_s = self._hands.settings.switch.gate_interval_s
        is_on_its_way = look is not None and why_closed(case, look) != ""
        return next_pause_s(waited_s, interval_s) if is_on_its_way else interval_s

    async def _look(self, see: Callable[[Look], None]) -> Look | None:
        look = await self._hands.card.look_around()
        if look is not None:
            see(look)
        return look

    def _case(self, question: Question) -> GateCase:
        settings, card = self._hands.settings, self._hands.card
        staying = {workload.name: workload.vram_mib for workload in question.staying if workload.uses_gpu}
        return GateCase(
            gone=[name for name, w in settings.workloads.items() if w.uses_gpu and name not in staying],
            gone_pids=question.gone_pids,
            staying=staying,
            need_mib=sum(workload.vram_mib for workload in question.starting),
            idle_mib=card.idle_mib,
            foreign_mib=card.foreign_idle_mib,
            tolerance_mib=settings.gpu.tolerance_mib,
            ceiling_mib=settings.gpu.ceiling_mib,
            samples=settings.switch.gate_samples,
            is_overridden=question.override is not None,
        )

    async def _with_docker(self, question: Question, *, is_last: bool) -> Verdict:
        """The card is free; is it also true that nobody runs who may be on it the next moment?"""
        shut = Answer.REFUSE if is_last else Answer.WAIT
        staying = {workload.name for workload in question.staying}
        others = [w for name, w in self._hands.settings.workloads.items() if w.uses_gpu and name not in staying]
        try:
            states = await asyncio.gather(*(look_at(self._hands, other, _BRIEF_S) for other in others))
        except Bd1Error as trouble:
            return Verdict(shut, f"Nobody can say what runs: {trouble}")
        up = [other.name for other, state in zip(others, states, strict=True) if state is not None and state.running]
        if up:
            return Verdict(shut, f"The card looks free, but {' and '.join(up)} runs and may take it any moment.")
        return Verdict(Answer.OPEN)
