"""A typed line as an event. Pure."""

from datetime import datetime

from bot.core.events import EventId, TextReceived
from bot.core.people import PersonId, Place


def place_of(person: PersonId) -> Place:
    """Name the terminal a person sits at."""
    return Place(f"terminal:{person}")


def event_from(line: str, name: str, person: PersonId, at: datetime) -> TextReceived:
    """Make the event of a typed line; `name` is like no other line's, of this sitting or an earlier one."""
    return TextReceived(
        id=EventId(f"terminal/{person}/{name}"), at=at, who=person, place=place_of(person), text=line.rstrip("\n")
    )
