"""A newcomer that is started again the moment it has been ended: each run of it is ended like the first."""

from bd1.ports import ContainerEvent
from tests.services.rig import Rig

NO_LONGER_S = 0.5
TIMES = 5


async def test_a_newcomer_that_is_started_again_at_once_is_ended_at_once_each_time(rig: Rig) -> None:
    await rig.switch("chat")
    await rig.start_all()
    lasted_s: list[float] = []
    came_s = [rig.clock.monotonic()]

    def insist(event: ContainerEvent) -> None:
        if event.action == "die" and len(lasted_s) < TIMES:
            lasted_s.append(rig.clock.monotonic() - came_s[-1])
            came_s.append(rig.clock.monotonic())
            rig.world.machine.start("comfyui")

    rig.world.machine.listen(insist)
    rig.world.machine.start("comfyui")
    for _ in range(600):
        await rig.live(0.01)
    assert len(lasted_s) == TIMES
    assert max(lasted_s) <= NO_LONGER_S
    assert not rig.world.machine.boxes["comfyui"].running
    assert "I stopped it." in rig.told("newcomer comfyui")
    assert rig.alerts.open_incident("newcomer comfyui") is None
