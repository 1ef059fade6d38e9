"""A typed line as an event. Pure."""

from datetime import datetime

from bot.core.events import EventId, TextReceived
from bot.core.people import PersonId, Place


def place_of(person: PersonId) -> Place:
    """Name the terminal a person sits at."""
    return Place(f"terminal:{person}")


def event_from(line: str, number: int, person: PersonId, at: datetime) -> TextReceived:
    """Make the event of the line with this number."""
    return TextReceived(
        id=EventId(f"terminal/{person}/{number}"), at=at, who=person, place=place_of(person), text=line.rstrip("\n")
    )
