"""How somebody likes it: the way of answering, a pause, the groups they are in."""

from bot.adapters.asking import Asked, Button, Item, Reply
from bot.core.people import Action
from bot.core.platform_news import ModePreferred
from bot.core.runs import Mode
from bot.desk.coming_by import message_item
from bot.desk.groups import LEAVE
from bot.desk.here import Deed, Here, Result, tell
from bot.desk.pausing import how_long
from bot.desk.rhythm import when_item
from bot.desk.wording import short


def settings(here: Here, asked: Asked, rest: str) -> Result:
    """Show what can be set."""
    modes = (mode_item(here),) if here.asker.may(Action.ANSWER) else ()
    return Reply(items=(*modes, *message_item(here, asked.place), *_time(here), how_long(here), *_groups(here)))


def mode(here: Here, asked: Asked, rest: str) -> Result:
    """Choose how to answer: `form` or `dialogue`."""
    wished = here.wording.modes.get(rest.casefold())
    if wished is None:
        return Reply(items=(mode_item(here),))
    event = ModePreferred(id=asked.id, at=asked.at, who=asked.who, mode=wished)
    said = here.wording.form_from_now if wished is Mode.FORM else here.wording.dialogue_from_now
    return Deed(event=event, said=tell(said), otherwise=tell(here.how_to_join))


def mode_item(here: Here) -> Item:
    """Say how somebody answers now, and offer the other way."""
    wording = here.wording
    form = Button(label=wording.labels.form, does="mode form")
    dialogue = Button(label=wording.labels.dialogue, does="mode dialogue")
    match here.asker.mode:
        case None:
            return Item(text=wording.is_either, buttons=(form, dialogue))
        case Mode.FORM:
            return Item(text=wording.is_form, buttons=(dialogue,))
        case Mode.DIALOGUE:
            return Item(text=wording.is_dialogue, buttons=(form,))


def _time(here: Here) -> tuple[Item, ...]:
    return (when_item(here),) if here.asker.may(Action.ANSWER) else ()


def _groups(here: Here) -> tuple[Item, ...]:
    label = here.wording.labels.leave
    return tuple(
        Item(
            text=here.wording.in_group.format(group=circle.name),
            buttons=(Button(label=label, does=f"{LEAVE} {circle.id}", spoken=f"{label} {short(circle.name)}"),),
        )
        for circle in here.asker.circles
    )
