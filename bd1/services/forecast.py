"""What a switch will do, before anything moves: who goes with how much memory, who comes, who is interrupted."""

from bd1.core.gpu import GpuSample
from bd1.core.holders import Attribution
from bd1.core.modes import Plan
from bd1.core.progress import Forecast, Share
from bd1.core.settings import Workload
from bd1.services.hands import Hands
from bd1.services.work import at_work


async def foresee(hands: Hands, plan: Plan) -> Forecast:
    """Looks at the card as last seen, and asks who is at work."""
    latest = hands.card.latest
    sample = latest if isinstance(latest, GpuSample) and latest.processes is not None else None
    held = await hands.card.attribution(sample) if sample else None
    return Forecast(
        stops=tuple(_held(workload, held) for workload in plan.stop),
        starts=tuple(Share(workload.name, workload.vram_mib) for workload in plan.start),
        used_mib=sample.used_mib if sample else None,
        idle_mib=hands.card.idle_mib,
        need_mib=plan.need_mib,
        at_work=await at_work(hands, plan.stop),
    )


def _held(workload: Workload, held: Attribution | None) -> Share:
    if held is None:
        return Share(workload.name, None)
    holder = held.of(workload.name)
    return Share(workload.name, 0 if holder is None else holder.mib)
