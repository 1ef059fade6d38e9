"""What Mull is and what can be asked of it, in a few lines; and a kind answer to any other word."""

from bot.adapters.asking import Asked, Button, Item, Reply
from bot.core.people import Action
from bot.desk.adult import crisis_items
from bot.desk.here import Here, Result
from bot.desk.wording import short


def help_(here: Here, asked: Asked, rest: str) -> Result:
    """Explain."""
    return Reply(items=(help_item(here), *crisis_items(here, here.asker.may(Action.ANSWER))))


def hello(here: Here, asked: Asked, rest: str) -> Result:
    """Greet."""
    return Reply(items=(help_item(here, here.wording.hello),))


def thanks(here: Here, asked: Asked, rest: str) -> Result:
    """Take thanks."""
    return Reply(items=(help_item(here, here.wording.welcome),))


def unknown(here: Here, asked: Asked, rest: str) -> Result:
    """Say that a word means nothing yet, and what does."""
    return Reply(items=(help_item(here, here.wording.unknown.format(words=short(rest))),))


def help_item(here: Here, lead: str = "") -> Item:
    """Lay out the help, with something said before it."""
    wording, asker = here.wording, here.asker
    if not asker.circles:
        return Item(text=" ".join(filter(None, (lead, wording.help_nobody, here.how_to_join))), buttons=_own(here))
    readers = [name for circle in asker.may(Action.ANSWER) for name in circle.facilitators]
    names = wording.listed(tuple(dict.fromkeys(readers)))
    text = wording.help.format(names=names) if names else wording.help_nobody
    words = wording.help_words_leading if asker.may(Action.ADMINISTER) else wording.help_words
    return Item(text=f"{lead} {text}".strip(), small=words, buttons=help_buttons(here))


def help_buttons(here: Here) -> tuple[Button, ...]:
    """Offer what people come for."""
    labels, asker = here.wording.labels, here.asker
    start = (Button(label=labels.start, does="start", is_primary=True),) if asker.may(Action.ANSWER) else ()
    review = (Button(label=labels.review, does="review"),) if asker.may(Action.ADMINISTER) else ()
    pause = (Button(label=labels.pause, does="pause"),)
    adult = (Button(label=labels.adult, does="talk to an adult"),) if asker.may(Action.ANSWER) else ()
    return (*start, *review, *_own(here), *pause, *adult)


def _own(here: Here) -> tuple[Button, ...]:
    labels = here.wording.labels
    answers = Button(label=labels.answers, does="answers")
    return (answers, Button(label=labels.who_reads, does="who reads this"))
