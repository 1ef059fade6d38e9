"""What a posted form means: an event, or what was given to each question."""

from starlette.datastructures import FormData

from bot.core.effects import Input, Prompt
from bot.core.errors import NotYours
from bot.core.events import ChoicePressed, Control, ControlPressed, Event, Raw, TextReceived
from bot.core.runs import Run, RunId
from bot.flows.flow import OWN, Flow
from bot.storage.connection import Connection
from bot.storage.turns import load_runs
from bot.web.auth import Visitor, event_id, text_of, texts_of
from bot.web.house import House


def said_in(house: House, who: Visitor, form: FormData, found: tuple[Run, Flow] | None) -> Event:
    """Tell what the form of the open question means.

    It names its question, so that a page left open never answers another one; words such as "skip" are the button.
    """
    name, at, text = event_id(form), house.now(), text_of(form, "text")
    if found is None:
        return TextReceived(id=name, at=at, who=who.person, place=who.place, text=text)
    (run, flow), wait = found, wait_of(form)
    control = _control(flow, form)
    if control is not None:
        return ControlPressed(id=name, at=at, who=who.person, place=who.place, run=run.id, wait=wait, control=control)
    pressed, ticked = texts_of(form, "chosen"), texts_of(form, "tick")
    chosen = pressed or (*ticked, *((text,) if text.strip() or not ticked else ()))
    return ChoicePressed(id=name, at=at, who=who.person, place=who.place, run=run.id, wait=wait, chosen=chosen)


def raw_for(prompt: Prompt, form: FormData) -> Raw:
    """Read what a form gave to one question; empty is blank."""
    chosen, own = texts_of(form, f"q:{prompt.key}"), text_of(form, f"own:{prompt.key}")
    if prompt.input in (Input.TEXT, Input.DATE):
        return chosen[0] if chosen else ""
    kept = tuple(value for value in chosen if value != OWN)
    if own.strip() and (prompt.input is Input.MANY or not kept):
        return (*kept, own)
    return kept or chosen


def wait_of(form: FormData) -> int:
    """Read which question a form was shown for; -1 is none."""
    given = text_of(form, "wait")
    return int(given) if given.isdecimal() and given.isascii() and len(given) < 10 else -1  # noqa: PLR2004


def own_run(connection: Connection, house: House, who: Visitor, run: RunId) -> tuple[Run, Flow]:
    """Find a run of somebody's own, with its flow.

    Raises NotYours where it is another's, or nobody's.
    """
    found = load_runs(connection, [run]).get(run)
    if found is None or found.person != who.person:
        raise NotYours
    return found, house.shelf.get(connection, found.flow, found.version, found.opening.lang)


def _control(flow: Flow, form: FormData) -> Control | None:
    pressed = text_of(form, "control")
    if pressed in set(Control):
        return Control(pressed)
    if form.get("chosen") or form.get("tick"):
        return None
    return flow.controls.get(text_of(form, "text").strip().casefold().rstrip(".!"))
