"""Who reads what, what is private, how to take words back: only what is so today."""

from collections.abc import Iterator

from bot.adapters.asking import Asked, Button, Item, Reply
from bot.core.people import Action
from bot.desk.dates import written
from bot.desk.here import Here, Result
from bot.storage.audit import readers_of
from bot.storage.desk import Circle

MOST_NAMED = 5


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
            *_has_read(here),
            Item(text=wording.reads_always),
            Item(text=wording.reads_change),
            Item(text=wording.reads_kept),
            Item(text=talk, buttons=buttons if here.asker.may(Action.ANSWER) else buttons[:1]),
        )
    )


def _has_read(here: Here) -> Iterator[Item]:
    """Name who has read the answers of whoever asks."""
    wording, readers = here.wording, readers_of(here.connection, here.asker.person)
    if not here.asker.may(Action.ANSWER) and not readers:
        return
    if not readers:
        yield Item(text=wording.was_read_by_none)
        return
    names = [reader.name for reader in readers[:MOST_NAMED]]
    more = len(readers) - MOST_NAMED
    listed = wording.listed([*names, *([wording.was_read_by_more.format(count=more)] if more > 0 else [])])
    text = wording.was_read_by_one if len(readers) == 1 else wording.was_read_by
    day = written(readers[0].last_at, here.asker.zone, wording.calendar)
    yield Item(text=text.format(names=listed, day=day))


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
