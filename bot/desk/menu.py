"""The flows that people may begin in a group, and the one that comes first."""

from collections.abc import Mapping

from bot.runner.flow_menu import FlowChoice, load_menu
from bot.storage.connection import Connection
from bot.storage.desk import Circle

FIRST: Mapping[str, str] = {"staff": "staff-check-in", "class": "weekly-check-in", "club": "weekly-check-in"}
"""The flow to begin with where nobody names one, by setting."""

NOTE = "note"
"""The flow that keeps a link with one's own words; it is begun where the link is."""


def load_offers(connection: Connection, circle: Circle, lang: str) -> tuple[FlowChoice, ...]:
    """List what may be begun in a group."""
    return load_offers_in(connection, circle.setting, lang)


def load_offers_in(connection: Connection, setting: str, lang: str) -> tuple[FlowChoice, ...]:
    """List what may be begun in groups of a kind, the one that comes first at the top, then by title."""
    offers = (choice for choice in load_menu(connection, lang).values() if choice.is_offered_in(setting))
    first = FIRST.get(setting)
    return tuple(sorted(offers, key=lambda offer: offer.id != first))
