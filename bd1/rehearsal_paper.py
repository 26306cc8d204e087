"""A Discord of paper: takes what BD-1 would post to the alert channel, and counts the messages. It knows no Discord.

What is told when is decided where it is decided for the real one.
"""

from collections import Counter

from bd1.core.notices import Act, Notice
from bd1.core.scene import Scene
from bd1.ports import Clock
from bd1.services.alerts import Alerts
from bd1.services.herald import Digest
from bd1.services.house import Services
from bd1.sim.scenarios.story import DiscordLine

_PACE_S = 1.0
_RETRY_S = 10.0


class BlankChart:
    """`Chart` that draws nothing: nobody looks."""

    async def draw(self, scene: Scene) -> bytes:
        del scene
        return b""

    async def close(self) -> None:
        """Has nothing to let go of."""


class Paper:
    """The alert channel. It outlives BD-1; edits of a message that is there count for nothing."""

    def __init__(self, line: DiscordLine) -> None:
        self._line = line
        self.messages: Counter[str] = Counter()
        """How many were posted, by the id of their incident. One for several incidents counts for each."""
        self.posted = 0
        """All of them."""

    async def post(self, services: Services, clock: Clock) -> None:
        """Posts news for ever, as the bot does; bursts become one edit."""
        while True:
            services.alerts.changed.clear()
            if not self._line.is_away:
                self._post_all(services)
                await services.herald.until_news()
            await clock.sleep(_RETRY_S if self._line.is_away else _PACE_S)

    def _post_all(self, services: Services) -> None:
        news = services.herald.news()
        for notice in news.notices:
            self._tell(notice, services.alerts)
        for digest in news.digests:
            self._gather(digest, services)

    def _tell(self, notice: Notice, alerts: Alerts) -> None:
        incident = notice.incident
        if notice.act is Act.EDIT:
            alerts.edited(incident.id, incident.revision)
            return
        self.posted += 1
        self.messages[incident.id] += 1
        alerts.posted(incident.id, incident.revision, self.posted, notice.ring)

    def _gather(self, digest: Digest, services: Services) -> None:
        message_id, posted_at = digest.message_id, digest.posted_at or services.clock.now()
        is_new = message_id is None
        self.posted += is_new
        for member in digest.members:
            self.messages[member.id] += is_new
            services.alerts.gathered(member.id, member.revision, message_id or self.posted, posted_at)
