"""Who reads what, what is private, how to take words back: only what is so today."""

from bot.adapters.asking import Asked, Button, Item, Reply
from bot.core.people import Action
from bot.desk.here import Here, Result
from bot.storage.desk import Circle


def who_reads(here: Here, asked: Asked, rest: str) -> Result:
    """Say for each group who reads, then what holds everywhere."""
    wording = here.wording
    circles = here.asker.circles
    adults = "; ".join(dict.fromkeys(circle.adult for circle in circles if circle.adult))
    talk = wording.talk_to_named.format(adult=adults) if adults else wording.talk_to_any
    buttons = (
        Button(label=wording.labels.answers, does="answers"),
        Button(label=wording.labels.adult, does="talk to an adult"),
    )
    return Reply(
        items=(
            *(_circle(here, circle, has_name=len(circles) > 1) for circle in circles),
            Item(text=wording.reads_always),
            Item(text=wording.reads_change),
            Item(text=wording.reads_kept),
            Item(text=talk, buttons=buttons if here.asker.may(Action.ANSWER) else buttons[:1]),
        )
    )


def _circle(here: Here, circle: Circle, *, has_name: bool) -> Item:
    wording = here.wording
    lines = []
    if circle in here.asker.may(Action.READ_ANSWERS):
        lines.append(wording.reads_you)
    if circle.facilitators:
        lines.append(wording.reads_named.format(names=wording.listed(circle.facilitators)))
    if circle.observers:
        lines.append(wording.observes_named.format(names=wording.listed(circle.observers)))
    return Item(heading=circle.name if has_name else "", text=" ".join(lines) or wording.reads_nobody)
