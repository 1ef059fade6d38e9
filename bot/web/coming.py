"""What a group would be asked, made as it is when it is sent, and nothing of it written down."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from bot.core.effects import AnyEffect, InviteGroup, OfferForm
from bot.core.errors import NotYours
from bot.core.events import EventId, OccurrenceRequested, RunRequested
from bot.core.occurrences import Occurrence, OccurrenceId, OccurrenceStatus
from bot.core.people import PersonId, Place
from bot.core.runs import Mode, Opening, Run, RunId
from bot.flows.check_in.program import CHANNEL
from bot.flows.engine import begin
from bot.flows.flow import Flow
from bot.flows.program import Move, Refused, Scene, Start, programs
from bot.runner.flow_menu import load_menu
from bot.runner.flow_shelf import FlowShelf
from bot.runner.posting import invitation
from bot.runner.scenes import load_scene
from bot.storage.connection import Connection
from bot.storage.flows import current_versions
from bot.storage.groups import learners_by_joining
from bot.storage.occurrences import occurrences_of
from bot.storage.openings import Wanted, load_openings
from bot.web.auth import Visitor
from bot.web.group_access import GroupHere

CHECK_IN, HABIT_WEEK = "check_in", "habit_of_week"
SAM = "Sam"
"""Who reads it in a preview: somebody made up, who has not been here before."""

NAME = EventId("mull/preview")


@dataclass(frozen=True, slots=True, kw_only=True)
class Coming:
    """What comes: `first` one question at a time, `form` all at once, `post` in the channel that the group follows.

    `has_more` says that an answer may open other questions, `may_be_sent` that one person may begin it alone.
    """

    title: str
    first: tuple[AnyEffect, ...]
    form: tuple[OfferForm, ...]
    post: tuple[InviteGroup, ...]
    has_more: bool
    may_be_sent: bool

    @property
    def readers(self) -> Mapping[str, list[str]]:
        """Say who reads, as it stands under the questions, and under which: by their labels."""
        found: dict[str, list[str]] = {}
        for form in self.form:
            for prompt in form.prompts:
                found.setdefault(prompt.reads, []).append(prompt.label)
        return found


def load_coming(
    connection: Connection,
    shelf: FlowShelf,
    here: GroupHere,
    who: Visitor,
    *,
    what: str,
    choices: Mapping[str, str],
    now: datetime,
) -> Coming:
    """Walk a check-in, or a habit week with its choices, to what it says first.

    Raises NotYours where this group is not asked such a thing.
    """
    is_week = what == HABIT_WEEK
    if not is_week and what not in offered_in(connection, here):
        raise NotYours
    kind, wanted = (HABIT_WEEK, choices) if is_week else (CHECK_IN, {"flow": what})
    event = OccurrenceRequested(id=NAME, at=now, who=who.person, group=here.id, kind=kind, choices=wanted)
    before = tuple(occurrences_of(connection, here.id, kind))
    scene = replace(load_scene(connection, here.id), learners={who.person: SAM}, before=before)
    start = _begun(event, scene).starts[0] if is_week else Start(person=who.person, flow=what, part="preview")
    flow, run = _run(connection, shelf, here, who, start=start, now=now)
    form = tuple(effect for effect in _walked(flow, run, Mode.FORM) if isinstance(effect, OfferForm))
    shown = {prompt.key for offer in form for prompt in offer.prompts}
    return Coming(
        title=flow.title,
        first=_walked(flow, run, Mode.DIALOGUE),
        form=form,
        post=() if is_week else tuple(_posts(connection, event, scene)),
        has_more=bool(flow.questions.keys() - shown),
        may_be_sent=not is_week,
    )


def offered_in(connection: Connection, here: GroupHere) -> dict[str, str]:
    """List the titles of the check-ins that a group can be asked, by flow."""
    return {flow.id: flow.title for flow in load_menu(connection).values() if flow.is_offered_in(here.setting)}


def _begun(event: OccurrenceRequested, scene: Scene) -> Move:
    opened = Occurrence(
        id=OccurrenceId("preview"),
        kind=event.kind,
        group=event.group,
        by=PersonId(str(event.who)),
        status=OccurrenceStatus.OPEN,
        started_at=event.at,
        due_at=None,
        state="",
    )
    try:
        return programs()[event.kind].begin(opened, event, scene)
    except Refused:
        raise NotYours from None


def _posts(connection: Connection, event: OccurrenceRequested, scene: Scene) -> Iterator[InviteGroup]:
    if scene.channel is None:
        return
    posting = replace(event, choices={**event.choices, "where": CHANNEL})
    move = _begun(posting, scene)
    yield from (invitation(connection, move.occurrence, post, scene.channel, posting) for post in move.posts)


def _run(
    connection: Connection, shelf: FlowShelf, here: GroupHere, who: Visitor, *, start: Start, now: datetime
) -> tuple[Flow, Run]:
    version = current_versions(connection, [start.flow])[start.flow]
    picks_people = shelf.get(connection, start.flow, version, "en").picks_people
    opening = _opening(connection, here, who, start, knows_peers=picks_people)
    run = Run(
        id=RunId("preview"),
        person=who.person,
        group=here.id,
        flow=start.flow,
        version=version,
        opening=opening,
        place=Place("browser:preview"),
        started_at=now,
        asked_at=now,
    )
    return shelf.get(connection, start.flow, version, opening.lang), run


def _opening(connection: Connection, here: GroupHere, who: Visitor, start: Start, *, knows_peers: bool) -> Opening:
    """Open a run as for a learner who is new here: who looks would not find their own name among the readers.

    Where nobody learns here yet, whoever looks is named alone.
    """
    mine = Wanted(who.person, here.id, knows_peers)
    theirs = [Wanted(PersonId(row.id), here.id, False) for row in learners_by_joining(connection, here.id)[:1]]
    found = load_openings(connection, [mine, *theirs])
    facilitator = found[theirs[0]].words["facilitator"] if theirs else who.name
    words = {**found[mine].words, "first_name": SAM, "facilitator": facilitator}
    return replace(found[mine], words=words, remembered={}, given=start.given, offered=start.offered)


def _walked(flow: Flow, run: Run, mode: Mode) -> tuple[AnyEffect, ...]:
    request = RunRequested(
        id=NAME, at=run.started_at, who=run.person, place=run.place, flow=run.flow, group=run.group, mode=mode
    )
    return begin(flow, replace(run, mode=mode), request).effects
