"""The flows that people may begin in a group, and the one that comes first."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

from bot.flows.document import Document
from bot.flows.flow import pick
from bot.storage.connection import Connection
from bot.storage.desk import Circle
from bot.storage.flows import all_current

FIRST: Mapping[str, str] = {"staff": "staff-check-in", "class": "weekly-check-in", "club": "weekly-check-in"}
"""The flow to begin with where nobody names one, by setting."""

NOTE = "note"
"""The flow that keeps a link with one's own words; it is begun where the link is."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """A flow in the menu."""

    id: str
    title: str
    about: str
    settings: frozenset[str]
    is_in_menus: bool

    def is_meant(self, typed: str) -> bool:
        """Say whether somebody means this flow: by its id, or by its title."""
        return typed.casefold() in (self.id, self.title.casefold())


def load_offers(connection: Connection, circle: Circle, lang: str) -> tuple[Offer, ...]:
    """List what may be begun in a group, the one that comes first at the top, then by title."""
    read = (_offer(written, lang) for written in all_current(connection).values())
    offers = [o for o in read if circle.setting in o.settings and o.is_in_menus]
    first = FIRST.get(circle.setting)
    return tuple(sorted(offers, key=lambda offer: (offer.id != first, offer.title)))


@lru_cache(maxsize=512)
def _offer(written: str, lang: str) -> Offer:
    """Read a document once a language; a new version is a new string."""
    document = Document.model_validate_json(written)
    return Offer(
        id=document.flow,
        title=pick(document.title, lang),
        about=pick(document.about, lang),
        settings=frozenset(document.settings),
        is_in_menus=document.begun_by == "anybody",
    )
