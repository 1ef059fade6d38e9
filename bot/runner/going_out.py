"""What a batch sends: who waits for it, who takes it at once, what a pause holds back, which messages it changes."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from typing import NamedTuple

from bot.adapters.base import CHANGES_MESSAGES, CHANGES_WHAT_IS_PRESSED
from bot.core.effects import AnyEffect, EffectId, InviteGroup, SettleQuestion
from bot.core.events import (
    BY_ITSELF,
    Event,
    EventId,
    FormSubmitted,
    OccurrenceRequested,
    RunEvent,
    RunReminded,
    RunRequested,
    TimerFired,
)
from bot.core.people import PersonId, platform_of
from bot.core.runs import OPEN, Mode, Run, RunStatus
from bot.core.timing import after_quiet, is_quiet
from bot.flows.engine import Turn
from bot.storage.connection import Connection
from bot.storage.turns import Lease, Outgoing, load_paused


class When(NamedTuple):
    """From when on something may go out, and when it is too late; nothing said: at once, and never."""

    due_at: datetime | None = None
    expires_at: datetime | None = None


AT_ONCE = When()


class GoingOut:
    """The effects of one batch, in order; `taken` are the leases of those who take what answers their event."""

    def __init__(self, taken: Mapping[EventId, Lease]) -> None:
        self._taken = taken
        self._effects: list[tuple[AnyEffect, datetime, Event | None, When]] = []

    def add(self, effects: Iterable[AnyEffect], at: datetime, cause: Event | None, when: When = AT_ONCE) -> None:
        """Send effects because of an event; None where several events led to them."""
        self._effects += [(effect, at, cause, when) for effect in effects]

    def made(self, connection: Connection, persons: Mapping[EventId, PersonId], now: datetime) -> list[Outgoing]:
        """Decide when each goes out: what somebody waits for at once, nothing else in a pause."""
        unasked = {effect.person for effect, _, cause, _ in self._effects if not _answers(effect, cause, persons)}
        paused = load_paused(connection, unasked, now) if unasked else {}
        found = []
        for effect, happened_at, cause, when in self._effects:
            at = min(happened_at, now)  # a platform's clock may run ahead of ours
            if cause is not None and _answers(effect, cause, persons):
                lease = None if _changes_a_message(effect) else self._taken.get(cause.id)
                found.append(Outgoing(effect, at, is_reply=True, lease=lease, cause=cause.id))
            else:
                # A pause is one person's; what is for a whole channel goes out.
                pause = None if isinstance(effect, InviteGroup) else paused.get(effect.person)
                due_at = max((one for one in (pause, when.due_at) if one is not None), default=None)
                found.append(Outgoing(effect, at, due_at=due_at, expires_at=when.expires_at))
        return found


def settling(turn: Turn, before: Run | None, event: RunEvent, title: str) -> Iterator[SettleQuestion]:
    """List the questions that show, from now on, what was said to them: where messages can be changed."""
    run = turn.run
    if platform_of(run.place) not in CHANGES_MESSAGES or isinstance(event, RunRequested):
        return
    if not isinstance(event, FormSubmitted):
        for answer in turn.answers:
            yield _settled(run, event, answer.key, answer.asked, answer.said, can_edit=True)
    if before is None or before.status is not OPEN or run.status is OPEN:
        return
    if run.mode is Mode.FORM:
        yield _settled(run, event, "", title, "", can_edit=False)
    elif run.status is RunStatus.STOPPED and before.key:
        yield _settled(run, event, before.key, title, "", can_edit=False)


def when_out(turn: Turn, event: RunEvent) -> When:
    """Say when what a turn says is to go out: what others' doing brings waits for the morning."""
    zone = turn.run.opening.zone
    is_held = isinstance(event, RunRequested) and event.is_for_daytime and is_quiet(event.at, zone)
    return When(after_quiet(event.at, zone) if is_held else None, _expires_at(turn, event))


def _expires_at(turn: Turn, event: RunEvent) -> datetime | None:
    """Say when it is too late to send what nobody asked for: when what it belongs to is over."""
    is_unasked = isinstance(event, TimerFired | RunReminded) or (
        isinstance(event, RunRequested) and not event.is_own_wish
    )
    closes_at = turn.run.opening.closes_at
    return closes_at if is_unasked and closes_at is not None and event.at < closes_at else None


def _changes_a_message(effect: AnyEffect) -> bool:
    """Say whether an effect needs to know which messages it changes: only the outbox looks them up."""
    if isinstance(effect, SettleQuestion):
        return platform_of(effect.place) not in CHANGES_WHAT_IS_PRESSED
    return isinstance(effect, InviteGroup) and effect.is_closed


def _settled(run: Run, event: RunEvent, key: str, asked: str, said: str, *, can_edit: bool) -> SettleQuestion:
    return SettleQuestion(
        id=EffectId(f"{event.id}/settled/{key}"),
        person=run.person,
        place=run.place,
        run=run.id,
        key=key,
        asked=asked,
        said=said,
        can_edit=can_edit,
    )


def _answers(effect: AnyEffect, cause: Event | None, persons: Mapping[EventId, PersonId]) -> bool:
    """Say whether somebody waits for an effect because of what they just did."""
    if cause is None or isinstance(cause, (*BY_ITSELF, OccurrenceRequested)):
        return False
    is_asked = isinstance(cause, RunRequested) and not cause.is_own_wish
    return not is_asked and persons.get(cause.id) == effect.person
