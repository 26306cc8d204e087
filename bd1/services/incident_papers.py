"""An incident as a document of the store, and back. Decides nothing."""

from collections.abc import Mapping
from dataclasses import asdict
from datetime import datetime
from typing import Any

from bd1.core.incidents import Incident, Line, Word
from bd1.core.tiers import Tier

_MOMENTS = (
    "opened_at",
    "closed_at",
    "posted_at",
    "digested_at",
    "edited_at",
    "refused_at",
    "pinged_at",
    "escalated_at",
)
_WORDS = ("acknowledged", "snoozed", "silenced")


def to_document(incident: Incident) -> dict[str, Any]:
    """What is kept of an incident."""
    document = asdict(incident)
    document["severity"] = int(incident.severity)
    document["lines"] = [{"at": line.at.isoformat(), "text": line.text} for line in incident.lines]
    document["old_message_ids"] = list(incident.old_message_ids)
    document |= {name: _written(getattr(incident, name)) for name in _MOMENTS}
    return document | {name: word_to_document(getattr(incident, name)) for name in _WORDS}


def from_document(document: Mapping[str, Any]) -> Incident:
    """The incident that was kept; what an earlier version did not know of is as if it had not happened.

    Raises `KeyError`, `TypeError`, `ValueError` or `AttributeError` for a document of another shape.
    """
    fields = dict(document) | {
        "severity": Tier(document["severity"]),
        "lines": tuple(Line(datetime.fromisoformat(line["at"]), line["text"]) for line in document["lines"]),
        "old_message_ids": tuple(document.get("old_message_ids", ())),
    }
    fields |= {name: _read(document.get(name)) for name in _MOMENTS}
    fields |= {name: word_from_document(document.get(name)) for name in _WORDS}
    if "messages" not in document and document.get("message_id") is not None:
        fields |= {"messages": 1, "posted_at": fields["opened_at"]}
    return Incident(**fields)


def word_to_document(word: Word | None) -> dict[str, Any] | None:
    """What is kept of somebody's word."""
    if word is None:
        return None
    return {"by": word.by, "at": word.at.isoformat(), "tier": int(word.tier), "until": _written(word.until)}


def word_from_document(document: Mapping[str, Any] | None) -> Word | None:
    """The word that was kept."""
    if document is None:
        return None
    at = datetime.fromisoformat(document["at"])
    return Word(str(document["by"]), at, Tier(document["tier"]), _read(document["until"]))


def _written(moment: datetime | None) -> str | None:
    return None if moment is None else moment.isoformat()


def _read(moment: str | None) -> datetime | None:
    return None if moment is None else datetime.fromisoformat(moment)
