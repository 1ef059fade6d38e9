"""What to do now: go on with what is open, begin a flow, join what a group was asked, keep a note."""

from collections.abc import Mapping, Sequence

from bot.adapters.asking import Asked, Button, Item, Reply
from bot.core.events import Control, ControlPressed, OccurrenceSteered, RunRequested, RunResumed
from bot.core.occurrences import OccurrenceId
from bot.core.people import Action
from bot.core.runs import Mode, Run, RunId, RunStatus
from bot.desk.here import Deed, Here, Result, tell
from bot.desk.menu import NOTE, load_offers
from bot.desk.wording import short
from bot.flows.conversation import in_focus
from bot.flows.phrases import phrases_in
from bot.runner.conductor import errand_run
from bot.runner.flow_menu import FlowChoice
from bot.storage.desk import Circle
from bot.storage.turns import load_open_runs, load_runs

FORM, DIALOGUE, MENU = "form", "dialogue", "menu"
REVIEWS = frozenset({"peer-review", "peer-review-warm"})


def start(here: Here, asked: Asked, rest: str) -> Result:
    """Go on with what is open, or begin: `[form] [menu] [<flow>] [<group>]`, in any order."""
    parts = rest.split()
    circles = here.asker.may(Action.ANSWER)
    named = [circle for circle in circles if circle.id in parts]
    flow = " ".join(part for part in parts if part not in {FORM, MENU, *(circle.id for circle in named)})
    runs = open_runs(here)
    if runs and not (named or flow or MENU in parts):
        return _go_on(here, asked, runs, is_form=FORM in parts)
    if not circles:
        return cannot_begin(here)
    if MENU in parts:
        return _menu(here, named or circles)
    return _begin(here, asked, named or circles, flow, is_form=FORM in parts)


def open_form(here: Here, asked: Asked, rest: str) -> Result:
    """Open a run of one's own as a form, or go on with it one question at a time: `<run> [dialogue]`."""
    named, _, way = rest.partition(" ")
    run = load_runs(here.connection, [RunId(named)]).get(RunId(named))
    if run is None or run.person != here.asker.person:
        return tell(phrases_in(here.asker.lang).not_yours)
    if run.status is not RunStatus.OPEN:
        return tell(here.wording.is_over, Button(label=here.wording.labels.answers, does="answers"))
    return _resume(here, asked, run, Mode.DIALOGUE if way == DIALOGUE else Mode.FORM)


def join(here: Here, asked: Asked, rest: str) -> Result:
    """Answer what a group was asked in its channel: `<occurrence>`."""
    occurrence, person = OccurrenceId(rest), here.asker.person
    begun = errand_run(occurrence, f"ask:{person}", person)
    known = load_runs(here.connection, [begun]).get(begun)
    mode = here.asker.mode or Mode.FORM
    if known is not None and known.status is RunStatus.OPEN:
        return _resume(here, asked, known, mode)
    if known is not None:
        return tell(here.wording.is_over, Button(label=here.wording.labels.answers, does="answers"))
    event = OccurrenceSteered(
        id=asked.id,
        at=asked.at,
        who=asked.who,
        occurrence=occurrence,
        step="join",
        about=mode.value,
        place=asked.place,
    )
    return Deed(event=event, otherwise=tell(here.wording.not_your_group), is_at_once=True)


def sent(here: Here, asked: Asked, rest: str) -> Result:
    """Begin what somebody else sends, as a step of a workflow does: `[<flow>]`; a sentence says why not."""
    circles = here.asker.may(Action.ANSWER)
    found = [(circle, offer) for circle in circles if (offer := _pick(here, circle, rest)) is not None]
    if not found:
        nobody, nothing = here.wording.sent_to_nobody, here.wording.no_such_flow.format(flow=short(rest))
        return tell(nothing if circles else nobody)
    circle, offer = found[0]
    event = RunRequested(
        id=asked.id,
        at=asked.at,
        who=asked.who,
        place=asked.place,
        flow=offer.id,
        group=circle.id,
        mode=here.asker.mode or Mode.DIALOGUE,
        is_own_wish=False,
    )
    return Deed(event=event, said=Reply(), otherwise=tell(here.how_to_join), is_silent=True)


def note(here: Here, asked: Asked, rest: str) -> Result:
    """Keep a link with one's own words: `<link>`."""
    if not rest:
        return tell(here.wording.note_needs_link)
    circles = here.asker.may(Action.ANSWER)
    event = RunRequested(
        id=asked.id,
        at=asked.at,
        who=asked.who,
        place=asked.place,
        flow=NOTE,
        group=circles[0].id if circles else None,
        mode=Mode.FORM,
        given={"link": rest},
    )
    return Deed(event=event, otherwise=tell(here.wording.no_notes), is_at_once=True)


def feedback(here: Here, asked: Asked, rest: str) -> Result:
    """Go on with a piece of somebody's that waits to be looked at; whose it is stays the round's to say."""
    reviews = {run.id: run for run in open_runs(here).values() if run.flow in REVIEWS}
    if not reviews:
        return tell(here.wording.no_reviews)
    return _go_on(here, asked, reviews, is_form=False)


def later(here: Here, asked: Asked, rest: str) -> Result:
    """Put what is open off until later today."""
    return _put_off(here, asked, Control.LATER)


def tomorrow(here: Here, asked: Asked, rest: str) -> Result:
    """Put what is open off until tomorrow."""
    return _put_off(here, asked, Control.TOMORROW)


def is_answering(here: Here) -> bool:
    """Say whether a question is open for whoever asks, so that their words are its answer."""
    return any(run.is_shown for run in open_runs(here).values())


def open_runs(here: Here) -> Mapping[RunId, Run]:
    """Read what is open for whoever asks."""
    return load_open_runs(here.connection, [here.asker.person])[here.asker.person]


def first_of(runs: Mapping[RunId, Run], asked: Asked) -> Run:
    """Choose the run to go on with: the one in focus, else the one that waits longest."""
    return in_focus(runs, asked.place) or in_order(runs)[0]


def in_order(runs: Mapping[RunId, Run]) -> list[Run]:
    """List runs, the one that waits longest first."""
    return sorted(runs.values(), key=lambda run: (run.started_at, run.id))


def title_of(here: Here, run: Run) -> str:
    """Name a run's flow."""
    return here.shelf.get(here.connection, run.flow, run.version, run.opening.lang).title


def cannot_begin(here: Here) -> Reply:
    """Say why nothing can begin: they look after their groups, or are in none."""
    if here.asker.circles:
        return tell(here.wording.observers_do_not_answer, Button(label=here.wording.labels.review, does="review"))
    return tell(here.how_to_join)


def _go_on(here: Here, asked: Asked, runs: Mapping[RunId, Run], *, is_form: bool) -> Deed:
    run = first_of(runs, asked)
    mode = Mode.FORM if is_form else here.asker.mode or run.mode
    return _resume(here, asked, run, mode, [other for other in in_order(runs) if other.id != run.id])


def _resume(here: Here, asked: Asked, run: Run, mode: Mode, others: Sequence[Run] = ()) -> Deed:
    event = RunResumed(id=asked.id, at=asked.at, who=asked.who, place=asked.place, run=run.id, mode=mode)
    buttons = tuple(Button(label=short(title_of(here, other)), does=f"open {other.id}") for other in others)
    said = Reply(items=(Item(small=here.wording.also_open, buttons=buttons),)) if buttons else Reply()
    otherwise = tell(phrases_in(here.asker.lang).not_yours)
    return Deed(event=event, said=said, otherwise=otherwise, is_at_once=True)


def _begin(here: Here, asked: Asked, circles: Sequence[Circle], flow: str, *, is_form: bool) -> Result:
    """Begin where only one group is meant; otherwise let them choose."""
    found = [(circle, offer) for circle in circles if (offer := _pick(here, circle, flow)) is not None]
    if not found:
        menu = _menu(here, circles)
        said = here.wording.no_such_flow if flow else here.wording.nothing_to_begin
        return Reply(items=(Item(text=said.format(flow=short(flow))), *(menu.items if flow else ())))
    if len(found) > 1:
        form = f"{FORM} " if is_form else ""
        buttons = (
            Button(label=short(circle.name), does=f"start {form}{offer.id} {circle.id}") for circle, offer in found
        )
        return tell(here.wording.which_group, *buttons)
    circle, offer = found[0]
    event = RunRequested(
        id=asked.id,
        at=asked.at,
        who=asked.who,
        place=asked.place,
        flow=offer.id,
        group=circle.id,
        mode=Mode.FORM if is_form else here.asker.mode or Mode.DIALOGUE,
    )
    return Deed(event=event, otherwise=tell(here.how_to_join), is_at_once=True)


def _pick(here: Here, circle: Circle, flow: str) -> FlowChoice | None:
    """Find the flow that is meant in a group; the first in its menu where nobody names one."""
    offers = load_offers(here.connection, circle, here.asker.lang)
    return next((offer for offer in offers if not flow or offer.is_meant(flow)), None)


def _menu(here: Here, circles: Sequence[Circle]) -> Reply:
    if len(circles) > 1:
        buttons = (Button(label=short(circle.name), does=f"start {MENU} {circle.id}") for circle in circles)
        return tell(here.wording.which_group, *buttons)
    circle = circles[0]
    label = here.wording.labels.start
    return Reply(
        items=tuple(
            Item(
                heading=offer.title,
                text=offer.about,
                buttons=(Button(label=label, does=f"start {offer.id} {circle.id}", spoken=f"{label}: {offer.title}"),),
            )
            for offer in load_offers(here.connection, circle, here.asker.lang)
        )
        or (Item(text=here.wording.nothing_to_begin),)
    )


def _put_off(here: Here, asked: Asked, control: Control) -> Result:
    runs = {run.id: run for run in open_runs(here).values() if run.is_shown}
    if not runs:
        return tell(here.wording.nothing_to_put_off, Button(label=here.wording.labels.start, does="start"))
    run = first_of(runs, asked)
    event = ControlPressed(
        id=asked.id, at=asked.at, who=asked.who, place=asked.place, run=run.id, wait=run.wait, control=control
    )
    otherwise = tell(phrases_in(here.asker.lang).not_yours)
    return Deed(event=event, otherwise=otherwise, is_at_once=True)
