"""What follows when answers are read: comments find their people, adults are called until one goes."""

import hashlib
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import TypeAlias, assert_never

from bot.core.effects import AnyEffect, CallAdult, EffectId, SendMessage, ShowComment
from bot.core.events import Event
from bot.core.people import Action, GroupId, PersonId, Role, authorize
from bot.core.review import (
    AdultsCalled,
    AnswerCommented,
    AnswersRead,
    AnswersStarred,
    FlagsTaken,
    ReviewEvent,
    ThreadContinued,
    ThreadResolved,
)
from bot.core.runs import Comment, RunId, ThreadId
from bot.core.timing import after_quiet
from bot.storage.connection import Connection
from bot.storage.flags import Flag, find_flag, note_call, take_flags
from bot.storage.groups import groups_above, load_groups, load_members
from bot.storage.occurrences import load_places
from bot.storage.people import load_actor, load_wishes, name_of
from bot.storage.readings import group_of_run, mark_read, mark_star, mark_unread
from bot.storage.threads import (
    Thread,
    add_comment,
    add_thread,
    find_answer,
    find_thread,
    load_thread,
    open_thread_about,
    resolve_thread,
)
from bot.storage.turns import Outgoing, lock_people, save_effects

Wrote: TypeAlias = AnswerCommented | ThreadContinued

LONGEST = 4_000
"""Characters of a comment; longer ones are letters."""

CALL_EVERY = timedelta(minutes=15)
CALL_FOR = timedelta(hours=24)
"""How long adults are called again: what nobody has seen for a day stands on their page, and more would be noise."""

FURTHER_AFTER = 3
"""Calls after which those who lead the group above are told as well."""

ON_THE_WAY = "{name} has read that you want to talk, and will come to you."


def review(connection: Connection, event: ReviewEvent, who: PersonId) -> bool:
    """Carry out what somebody does with answers; False where it is not theirs to do or names nothing."""
    match event:
        case AnswerCommented():
            return _comment(connection, event, who)
        case ThreadContinued():
            return _go_on(connection, event, who)
        case ThreadResolved():
            return _resolve(connection, event, who)
        case AnswersRead():
            return _read(connection, event, who)
        case AnswersStarred():
            return _star(connection, event, who)
        case FlagsTaken():
            return _take(connection, event, who)
        case AdultsCalled():
            return _call(connection, event)
        case _:
            assert_never(event)


def thread_named(event: Event) -> ThreadId:
    """Name a thread after the event that began it: short enough for any button."""
    return ThreadId(hashlib.blake2s(event.id.encode(), digest_size=10).hexdigest())


def _comment(connection: Connection, event: AnswerCommented, who: PersonId) -> bool:
    answer = find_answer(connection, event.run, event.key)
    if answer is None or not _is_said(event.text) or event.quote not in answer.said:
        return False
    if not _may_read(connection, who, answer.group) and who != answer.person:
        return False
    lock_people(connection, {answer.person})  # two who write about the same words at once go on with one thread
    thread = open_thread_about(connection, event.run, event.key, event.quote)
    if thread is None:
        thread = Thread(
            id=thread_named(event),
            run=event.run,
            key=event.key,
            quote=event.quote,
            group=answer.group,
            person=answer.person,
            last_by=who,
            is_resolved=False,
        )
        add_thread(connection, thread, event.at)
    _say(connection, event, thread, who)
    return True


def _go_on(connection: Connection, event: ThreadContinued, who: PersonId) -> bool:
    thread = find_thread(connection, event.thread)
    if thread is None or not _is_said(event.text) or not _is_of(connection, thread, who):
        return False
    _say(connection, event, thread, who)
    return True


def _resolve(connection: Connection, event: ThreadResolved, who: PersonId) -> bool:
    thread = find_thread(connection, event.thread)
    if thread is None or not _is_of(connection, thread, who):
        return False
    if thread.is_resolved != event.is_resolved:
        resolve_thread(connection, thread.id, who if event.is_resolved else None, event.at)
    return True


def _say(connection: Connection, event: Wrote, thread: Thread, by: PersonId) -> None:
    """Add to a thread and show it to the other side: its person, or whoever of those who lead wrote last."""
    before, text = load_thread(connection, thread.id), event.text.strip()
    add_comment(connection, thread.id, name=event.id, by=by, text=text, at=event.at)
    if by != thread.person:
        mark_read(connection, thread.group, [thread.run], by, at=event.at, seen_at=event.at)
        to = thread.person
    else:
        to = next((one.by for one in reversed(before.said if before else []) if one.by != by), by)
    found = load_thread(connection, thread.id)
    place = load_places(connection, [to]).get(to)
    if to == by or found is None or place is None:
        return
    comment = Comment(thread=thread.id, by=name_of(connection, by), about=found.about, text=text)
    shown = ShowComment(
        id=EffectId(f"{event.id}/0"),
        person=to,
        place=place,
        run=thread.run,
        comment=comment,
        is_back=by == thread.person,
    )
    due_at = _after_quiet(connection, to, thread.group, event.at)
    save_effects(connection, [Outgoing(shown, event.at, due_at=due_at)])


def _after_quiet(connection: Connection, person: PersonId, group: GroupId, at: datetime) -> datetime:
    """Find when words may reach somebody: after a pause of theirs, and not in their night."""
    wishes = load_wishes(connection, person, group)
    return after_quiet(max(at, wishes.paused_until or at), wishes.zone)


def _read(connection: Connection, event: AnswersRead, who: PersonId) -> bool:
    if not _may_read(connection, who, event.group):
        return False
    if event.is_read:
        mark_read(connection, event.group, event.runs, who, at=event.at, seen_at=event.seen_at or event.at)
    else:
        mark_unread(connection, event.group, event.runs)
    return True


def _star(connection: Connection, event: AnswersStarred, who: PersonId) -> bool:
    found = group_of_run(connection, event.run)
    if found is None or found[0] != event.group or not _may_read(connection, who, event.group):
        return False
    mark_star(connection, RunId(event.run), who, event.at, is_starred=event.is_starred)
    return True


def _take(connection: Connection, event: FlagsTaken, who: PersonId) -> bool:
    """Let a facilitator go to whoever wants to talk, and tell those people so."""
    if not _may_read(connection, who, event.group):
        return False
    waiting = take_flags(connection, event.group, who, event.at)
    places = load_places(connection, waiting)
    text = ON_THE_WAY.format(name=name_of(connection, who))
    told = (
        SendMessage(id=EffectId(f"{event.id}/{person}"), person=person, place=place, text=text)
        for person, place in places.items()
    )
    _send(connection, event, told)
    return True


def _call(connection: Connection, event: AdultsCalled) -> bool:
    """Tell the adults of a group that somebody wants to talk, now and again until one of them goes."""
    flag = find_flag(connection, event.flag)
    if flag is None or flag.call_at != event.call_at:
        return False
    again = event.at + CALL_EVERY
    note_call(connection, flag.id, again if again < flag.raised_at + CALL_FOR else None)
    [group] = load_groups(connection, [flag.group])
    name = name_of(connection, flag.person)
    places = load_places(connection, _adults(connection, flag))
    told = (
        CallAdult(
            id=EffectId(f"{event.id}/{person}"),
            person=person,
            place=place,
            group=flag.group,
            group_name=group.name,
            name=name,
            count=flag.calls + 1,
        )
        for person, place in places.items()
    )
    _send(connection, event, told)
    return True


def _adults(connection: Connection, flag: Flag) -> set[PersonId]:
    """Name who is told: those who lead the group; where none of them goes, or there is none, those above too."""
    found = _leaders(connection, flag.group) - {flag.person}
    if flag.calls >= FURTHER_AFTER or not found:
        for above in groups_above(connection, flag.group):
            found |= _leaders(connection, above) - {flag.person}
    return found


def _leaders(connection: Connection, group: GroupId) -> set[PersonId]:
    members = load_members(connection, group)
    return {PersonId(one.id) for one in members if one.role == Role.FACILITATOR.value}


def _send(connection: Connection, event: ReviewEvent, effects: Iterable[AnyEffect]) -> None:
    save_effects(connection, [Outgoing(one, event.at) for one in effects])


def _is_of(connection: Connection, thread: Thread, who: PersonId) -> bool:
    return who == thread.person or _may_read(connection, who, thread.group)


def _may_read(connection: Connection, who: PersonId, group: GroupId) -> bool:
    return authorize(load_actor(connection, who), Action.READ_ANSWERS, [group])


def _is_said(text: str) -> bool:
    return 0 < len(text.strip()) <= LONGEST and "\0" not in text  # PostgreSQL keeps no NUL
