"""Somebody's own page: the one thing to do now, their answers, how they like it, help."""

from collections.abc import Iterator
from dataclasses import replace

from bot.adapters.asking import Button, Item, Reply
from bot.core.people import Action, Place
from bot.core.runs import Run
from bot.desk.answers import answer_item, load_own
from bot.desk.groups import BACK
from bot.desk.help import help_buttons
from bot.desk.here import Here, Shown
from bot.desk.invitations import invitation
from bot.desk.pausing import paused
from bot.desk.review import load_newest, run_items, week_items
from bot.desk.settings import mode_item
from bot.desk.signing_in import SIGN_IN
from bot.desk.starting import in_order, open_runs, title_of
from bot.desk.wording import short
from bot.flows.conversation import in_focus
from bot.storage.answers import RunRead
from bot.storage.desk import load_left, load_unread

OWN_ANSWERS = 3
NEWEST = 5


def home(here: Here, place: Place) -> Shown:
    """Lay out the page."""
    led, runs = _led(here)
    return Shown(Reply(items=(*_now(here, place), *_own_answers(here), *led, *_liked(here), _help(here))), runs)


def _now(here: Here, place: Place) -> Iterator[Item]:
    """Name the one thing to do now."""
    quiet = paused(here)
    if quiet is not None:
        yield quiet
    runs = open_runs(here)
    if runs:
        yield _open(here, in_focus(runs, place) or in_order(runs)[0])
    elif not here.asker.circles:
        yield Item(heading=here.wording.home_hello, text=here.how_to_join, buttons=_ways_back(here))
    elif here.asker.may(Action.ANSWER):
        yield _invited(here) or _reflect(here)


def _open(here: Here, run: Run) -> Item:
    """Show the run to go on with: a button for its form, and its question where there is one."""
    flow = here.shelf.get(here.connection, run.flow, run.version, run.opening.lang)
    question = flow.questions.get(run.key or "")
    label = here.wording.labels.go_on
    button = Button(label=label, does=f"open {run.id}", is_primary=True, spoken=f"{label}: {title_of(here, run)}")
    text = here.wording.home_open.format(question=question.label) if question and question.label else ""
    return Item(heading=flow.title, text=text, small=here.wording.no_rush, buttons=(button,))


def _invited(here: Here) -> Item | None:
    found = invitation(here)
    if found is None:
        return None
    label = here.wording.labels.go
    button = Button(label=label, does=f"join {found.id}", is_primary=True, spoken=f"{label}: {found.title}")
    return Item(
        heading=found.title,
        text=here.wording.home_invited.format(group=found.group),
        small=here.wording.no_rush,
        buttons=(button,),
    )


def _reflect(here: Here) -> Item:
    wording = here.wording
    button = Button(label=wording.labels.reflect, does="start form", is_primary=True)
    return Item(heading=wording.home_free, text=wording.home_reflect, buttons=(button,))


def _ways_back(here: Here) -> tuple[Button, ...]:
    label = here.wording.labels.come_back
    left = load_left(here.connection, here.asker.person)
    return tuple(
        Button(label=label if len(left) == 1 else short(name), does=f"{BACK} {group}", spoken=f"{label}: {name}")
        for group, name in left
    )


def _own_answers(here: Here) -> Iterator[Item]:
    said = [(own, answer) for own in load_own(here, OWN_ANSWERS) for answer in own.answers][:OWN_ANSWERS]
    if said:
        yield Item(heading=here.wording.home_answers)
        yield from (answer_item(here, own, answer) for own, answer in said)
        yield Item(buttons=(Button(label=here.wording.labels.all_answers, does="answers"),))


def _led(here: Here) -> tuple[list[Item], list[RunRead]]:
    """Show those who lead what came in; the way to the pages is asked for, as a link must not lie around."""
    if not here.asker.may(Action.ADMINISTER):
        return [], []
    runs, _ = load_newest(here, NEWEST)
    unread = load_unread(here.connection, [run.id for run in runs])
    said = [item for run in runs for item in run_items(here, run, is_unread=run.id in unread, most=NEWEST)]
    labels = here.wording.labels
    ways = (Button(label=labels.pages, does="review"), Button(label=labels.sign_in, does=SIGN_IN))
    return [Item(heading=here.wording.home_led), *week_items(here), *said, Item(buttons=ways)], runs


def _liked(here: Here) -> Iterator[Item]:
    """Offer what can be set; a pause there is stands at the top already."""
    labels = here.wording.labels
    if not here.asker.circles:
        return
    item = mode_item(here) if here.asker.may(Action.ANSWER) else Item()
    pause = () if paused(here) else (Button(label=labels.pause, does="pause"),)
    buttons = (*item.buttons, *pause, Button(label=labels.settings, does="settings"))
    yield replace(item, heading=here.wording.home_liked, buttons=buttons)


def _help(here: Here) -> Item:
    labels = here.wording.labels
    kept = {"who reads this", "talk to an adult"}
    buttons = tuple(button for button in help_buttons(here) if button.does in kept)
    return Item(heading=here.wording.home_help, buttons=(Button(label=labels.help, does="help"), *buttons))
