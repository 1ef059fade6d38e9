"""Every flow that comes with Mull, walked to what it says first, one question at a time and all at once."""

from bot.core.effects import AnyEffect, OfferForm
from bot.core.events import EventId, RunRequested
from bot.core.people import GroupId, PersonId, Place
from bot.core.runs import Mode, Opening, Run, RunId
from bot.flows.document import Document
from bot.flows.engine import begin
from bot.flows.flow import Flow
from bot.flows.library import flows
from tests.stage import NOW

SHIPPED = sorted(flows())
SAM, PLACE = PersonId("sam"), Place("browser:sam")


def first_effects(flow: str, mode: Mode) -> tuple[AnyEffect, ...]:
    """List what a flow says first; of a form that alone."""
    effects = _walked(flows()[flow], mode)
    forms = tuple(effect for effect in effects if isinstance(effect, OfferForm))
    return forms or effects


def _walked(document: Document, mode: Mode) -> tuple[AnyEffect, ...]:
    words = {"first_name": "Sam", "facilitator": "Ms Ada & Mr *Dee*", "task": "the <bridge>", "group": "6b"}
    opening = Opening(
        words=words,
        given={name: f"some {name} _words_" for name in document.given},
        offered={"1": "The *first*", "2": "The second & last"},
        peers={"ben": "Ben", "cleo": "Cleo"},
    )
    run = Run(
        id=RunId("0123456789abcdef0123"),
        person=SAM,
        group=GroupId("6b"),
        flow=document.flow,
        version=document.version,
        opening=opening,
        place=PLACE,
        started_at=NOW,
        asked_at=NOW,
        mode=mode,
    )
    event = RunRequested(id=EventId("test/shipped"), at=NOW, who=SAM, place=PLACE, flow=document.flow, group=run.group)
    return begin(Flow(document, "en"), run, event).effects
