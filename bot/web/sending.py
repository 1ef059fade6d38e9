"""Through the one door, from a page."""

from bot.core.errors import NotYours
from bot.core.events import Event, Outcome
from bot.runner.inbox import NotSaved
from bot.web.house import House


async def send(house: House, event: Event) -> Outcome:
    """Let an event happen; returns once it is on disk.

    Raises NotYours where it is not this person's to make, NotSaved where it could not be applied: the error page
    gives back what was typed.
    """
    outcome = await house.accept(event)
    if outcome is Outcome.UNKNOWN:
        raise NotYours
    if outcome is Outcome.SET_ASIDE:
        raise NotSaved
    return outcome
