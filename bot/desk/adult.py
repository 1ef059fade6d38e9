"""The way to an adult: who is there, and telling them; never an emergency line."""

from collections.abc import Sequence

from bot.adapters.asking import Asked, Button, Item, Reply
from bot.core.events import AdultAsked
from bot.core.people import Action, Role
from bot.desk.here import Deed, Here, Result, tell
from bot.storage.desk import Circle
from bot.storage.groups import crisis_lines_of

WORDS = "talk to an adult"


def talk_to_adult(here: Here, asked: Asked, rest: str) -> Result:
    """Name the adults there are and offer to tell them; with a `<group>`, tell them."""
    # Who leads a group alone would only tell themselves.
    circles = tuple(c for c in here.asker.may(Action.ANSWER) if c.facilitators or c.role is Role.LEARNER)
    if not circles:
        return tell(here.wording.any_adult, small=here.wording.not_watched)
    named = next((circle for circle in circles if circle.id == rest), None)
    return _ask(here, circles) if named is None else _tell(here, asked, named)


def crisis_items(here: Here, circles: Sequence[Circle]) -> tuple[Item, ...]:
    """Show the crisis lines that hold in groups, each once; nothing where there are none."""
    found = crisis_lines_of(here.connection, [circle.id for circle in circles]).values()
    lines = "\n".join(dict.fromkeys(filter(None, found)))
    return (Item(text=f"{here.wording.crisis_lines}\n{lines}"),) if lines else ()


def _ask(here: Here, circles: tuple[Circle, ...]) -> Reply:
    wording = here.wording
    items = (_adults(here, circle, has_name=len(circles) > 1) for circle in circles)
    lines = crisis_items(here, circles)
    return Reply(items=(Item(text=wording.any_adult), *items, Item(small=wording.not_watched), *lines))


def _adults(here: Here, circle: Circle, *, has_name: bool) -> Item:
    wording = here.wording
    names = wording.listed(circle.facilitators) or wording.whoever_leads
    label = wording.labels.tell_adult
    text = wording.adults_named.format(names=names)
    return Item(
        heading=circle.name if has_name else "",
        text=f"{text} {wording.adult_besides.format(adult=circle.adult)}" if circle.adult else text,
        buttons=(Button(label=label, does=f"{WORDS} {circle.id}", spoken=wording.tell_spoken.format(names=names)),),
    )


def _tell(here: Here, asked: Asked, circle: Circle) -> Deed:
    wording = here.wording
    names = wording.listed(circle.facilitators) or wording.whoever_leads
    event = AdultAsked(id=asked.id, at=asked.at, who=asked.who, group=circle.id)
    near = wording.cant_wait_named.format(adult=circle.adult) if circle.adult else wording.cant_wait
    told = Item(text=wording.adult_told.format(names=names), small=near)
    said = Reply(items=(told, *crisis_items(here, [circle])))
    return Deed(event=event, said=said, otherwise=tell(wording.any_adult, small=wording.not_watched))
