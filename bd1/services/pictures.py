"""The picture of an incident: what the card held around it, with everything that is known to have happened meanwhile.

It decides what is shown. How it looks is the chart's; where it is shown is the cogs'.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from bd1.core.incidents import Incident
from bd1.core.journal import Entry
from bd1.core.progress import Outcome
from bd1.core.scene import Event, Mark, Scene, chosen, minutes_around
from bd1.core.settings import WatchdogSettings
from bd1.core.tiers import Tier
from bd1.core.timeline import Stretch, Timeline
from bd1.ports import Chart, Clock
from bd1.services.alerts import Alerts
from bd1.services.journal import Journal
from bd1.services.recorder import Recorder

_SWITCHES = 25
_SHORTEST_S = 10.0


@dataclass(frozen=True, slots=True)
class _Stage:
    """How far a story was when its message got its picture; `is_open` is `None` where an earlier run saw to that."""

    message_id: int | None
    severity: Tier
    is_open: bool | None


class Pictures:
    """Pictures of incidents that are remembered: of those of this run, for two hours."""

    def __init__(
        self,
        limits: WatchdogSettings,
        *,
        recorder: Recorder,
        alerts: Alerts,
        journal: Journal,
        chart: Chart,
        clock: Clock,
    ) -> None:
        self._limits = limits
        self._recorder = recorder
        self._alerts = alerts
        self._journal = journal
        self._chart = chart
        self._clock = clock
        self._began_at = clock.now()
        self._stages: dict[str, _Stage] = {}

    def due(self) -> Incident | None:
        """An incident whose message is to get a picture now; `None` when none is.

        It gets one once the message stands, another one when it becomes worse or comes back, and one when it is over.
        What an earlier run posted keeps its picture until it becomes worse: this run has not seen its beginning.
        """
        kept = self._alerts.all()
        self._stages = {one.id: self._stages[one.id] for one in kept if one.id in self._stages}
        standing = (one for one in kept if one.is_grave and one.message_id is not None)
        return next((one for one in standing if self._lacks_picture(one)), None)

    def done(self, incident: Incident) -> None:
        """The message of `incident`, as it was then, has its picture, or never will have one."""
        self._stages[incident.id] = _Stage(incident.message_id, incident.severity, incident.is_open)

    def _lacks_picture(self, incident: Incident) -> bool:
        is_inherited = incident.posted_at is not None and incident.posted_at < self._began_at
        if incident.id not in self._stages and is_inherited:
            self._stages[incident.id] = _Stage(incident.message_id, incident.severity, None)
        if (stage := self._stages.get(incident.id)) is None:
            return True
        has_turned = stage.is_open is not None and stage.is_open is not incident.is_open
        return has_turned or (stage.message_id, stage.severity) != (incident.message_id, incident.severity)

    async def of(self, incident: Incident) -> bytes | None:
        """A PNG; `None` when nothing of that time was seen or is remembered, and when it cannot be drawn.

        May take seconds: whoever has something to tell tells it first.
        """
        scene = self.scene(incident)
        return None if scene is None else await self._chart.draw(scene)

    def scene(self, incident: Incident) -> Scene | None:
        """What its picture shows; `None` when nothing of that time was seen or is remembered."""
        closed_s = None if incident.closed_at is None else incident.closed_at.timestamp()
        now = self._clock.now()
        timeline, total_mib = self._recorder.timeline, self._recorder.total_mib
        shown = self._shown(timeline, incident.opened_at.timestamp(), closed_s, now.timestamp())
        runs = timeline.runs(shown.from_s, shown.to_s)
        is_forgotten = closed_s is not None and not timeline.spans(shown.from_s, closed_s)
        if total_mib is None or not runs or is_forgotten:
            return None
        local = now.astimezone()
        offset = local.utcoffset()
        return Scene(
            title=incident.title,
            from_s=shown.from_s,
            to_s=shown.to_s,
            zone=local.tzname() or "",
            zone_s=offset.total_seconds() if offset else 0.0,
            total_mib=total_mib,
            runs=runs,
            gaps=timeline.gaps(shown.from_s, shown.to_s),
            bands=timeline.bands(shown.from_s, shown.to_s),
            marks=self._marks(total_mib),
            events=self._events(incident, shown),
        )

    @staticmethod
    def _shown(timeline: Timeline, opened_s: float, closed_s: float | None, now_s: float) -> Stretch:
        """The minutes around it; of the time before the first look only what belongs to the story."""
        shown = minutes_around(opened_s, closed_s, now_s)
        spans = timeline.spans(shown.from_s, shown.to_s)
        first_s = min(opened_s, spans[0].from_s) if spans else opened_s
        return Stretch(min(max(shown.from_s, first_s), shown.to_s - _SHORTEST_S), shown.to_s)

    def _marks(self, total_mib: int) -> tuple[Mark, ...]:
        limits = self._limits
        levels = (("warn", limits.warn_pct), ("alert", limits.alert_pct), ("protect", limits.protect_pct))
        return tuple(Mark(word, round(total_mib * pct / 100)) for word, pct in levels)

    def _events(self, incident: Incident, shown: Stretch) -> tuple[Event, ...]:
        switches = [_switched(entry) for entry in self._journal.last(_SWITCHES)]
        return chosen(list(_told(incident)), switches, shown)


def _told(incident: Incident) -> Iterator[Event]:
    for line in incident.lines:
        over = line.at == incident.closed_at
        yield Event(line.at.timestamp(), line.text, Tier.NORMAL if over else incident.severity)


def _switched(entry: Entry) -> Event:
    """When it was asked for, and what came of it."""
    worked = entry.outcome is Outcome.DONE
    text = f"{entry.by} switched to {entry.target}" if worked else f"Switch to {entry.target} did not work"
    return Event(entry.started_at.timestamp(), text, Tier.NORMAL if worked else Tier.WARN)
