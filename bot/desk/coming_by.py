"""What waits for somebody until they come by, and whether Mull may write to them directly instead."""

from bot.adapters.asking import Asked, Button, Item, Reply
from bot.adapters.base import WRITES_WHEN_ASKED
from bot.core.people import Action, Place, platform_of
from bot.core.platform_news import MessagesWanted, PersonCame
from bot.desk.here import Deed, Handler, Here, Result, tell
from bot.desk.invitations import invitation
from bot.desk.starting import FORM, cannot_begin, join, open_runs, start
from bot.runner.calling import held

MESSAGE_ME, NO_MESSAGES = "message me", "no messages"


def news(here: Here, asked: Asked, rest: str) -> Result:
    """Show what waits: what was held, else the open question, else what the group was asked."""
    if has_held(here):
        return _show_held(here, asked)
    if open_runs(here):
        return start(here, asked, "")
    found = invitation(here)
    if found is not None:
        return join(here, asked, found.id)
    if not here.asker.may(Action.ANSWER):
        return cannot_begin(here)
    labels = here.wording.labels
    buttons = (Button(label=labels.start, does="start"), Button(label=labels.answers, does="answers"))
    return tell(here.wording.nothing_waits, *buttons)


def held_first(handler: Handler) -> Handler:
    """Where nobody is written to unasked, show what was held before a matter goes on with what is open."""

    def handle(here: Here, asked: Asked, rest: str) -> Result:
        is_bare = rest in ("", FORM) and here.platform in WRITES_WHEN_ASKED
        return _show_held(here, asked) if is_bare and has_held(here) else handler(here, asked, rest)

    return handle


def has_held(here: Here) -> bool:
    """Say whether something waits that somebody was not shown yet."""
    return bool(held(here.connection, here.asker.person, here.platform).wanted)


def _show_held(here: Here, asked: Asked) -> Deed:
    event = PersonCame(id=asked.id, at=asked.at, who=asked.who, place=asked.place)
    return Deed(event=event, otherwise=tell(here.how_to_join), is_at_once=True)


def message_me(here: Here, asked: Asked, rest: str) -> Result:
    """Write to somebody directly from now on."""
    return _wish(here, asked, is_wanted=True)


def no_messages(here: Here, asked: Asked, rest: str) -> Result:
    """Write to nobody directly who does not want it."""
    return _wish(here, asked, is_wanted=False)


def message_item(here: Here, place: Place) -> tuple[Item, ...]:
    """Offer direct messages, or their end, where Mull asks before it writes."""
    if platform_of(place) not in WRITES_WHEN_ASKED or not here.asker.circles:
        return ()
    wording = here.wording
    if here.asker.wants_messages:
        return (Item(text=wording.is_messaged, buttons=(Button(label=wording.labels.no_messages, does=NO_MESSAGES),)),)
    return (Item(text=wording.is_not_messaged, buttons=(Button(label=wording.labels.message_me, does=MESSAGE_ME),)),)


def _wish(here: Here, asked: Asked, *, is_wanted: bool) -> Result:
    if platform_of(asked.place) not in WRITES_WHEN_ASKED:
        return tell(here.wording.messages_anyway)
    event = MessagesWanted(id=asked.id, at=asked.at, who=asked.who, place=asked.place, is_wanted=is_wanted)
    said = here.wording.messages_on if is_wanted else here.wording.messages_off
    return Deed(event=event, said=Reply(items=(Item(text=said),)), otherwise=tell(here.how_to_join))
