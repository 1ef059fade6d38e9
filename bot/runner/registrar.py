"""What facilitators change about groups and people, once their right to do so is checked."""

from typing import assert_never

from bot.core.events import (
    AdultAsked,
    CardRenewed,
    FlagResolved,
    GroupChanged,
    GroupCreated,
    GroupEvent,
    MemberRemoved,
    MembersKeptApart,
    PeopleEnrolled,
    PersonRenamed,
)
from bot.core.people import ALLOWED, Action, PersonId, Role, authorize
from bot.storage.connection import Connection
from bot.storage.flags import raise_flag, resolve_flag
from bot.storage.groups import (
    add_group,
    add_members,
    change_group,
    end_membership,
    is_member,
    keep_apart,
    were_members,
)
from bot.storage.people import add_people, load_actor, rename_person, renew_card
from bot.storage.runs import stop_runs
from bot.storage.turns import lock_people


def register(connection: Connection, event: GroupEvent) -> bool:  # noqa: C901 - one case a kind of change
    """Carry out a change; answer False where it is not this person's to make, or what it names does not exist."""
    if not isinstance(event.who, str):
        return False
    who = PersonId(event.who)
    if not _is_allowed(connection, who, event):
        return False
    match event:
        case GroupCreated():
            add_group(connection, event)
            add_members(connection, event.group, [who], Role.FACILITATOR, event.at)
        case GroupChanged():
            change_group(connection, event.group, event.changes)
        case PeopleEnrolled():
            known = were_members(connection, event.group, [person for person, _ in event.people])
            add_people(connection, [named for named in event.people if named[0] not in known], event.at)
            add_members(connection, event.group, [person for person, _ in event.people], event.role, event.at)
        case CardRenewed():
            renew_card(connection, event.person)
        case MemberRemoved():
            end_membership(connection, event.group, event.person, event.at)
            lock_people(connection, {event.person})
            stop_runs(connection, event.person, event.group)
        case AdultAsked():
            raise_flag(connection, event)
        case FlagResolved():
            return resolve_flag(connection, event)
        case PersonRenamed():
            rename_person(connection, who, event.name)
        case MembersKeptApart():
            keep_apart(connection, event.group, event.first, event.second, is_apart=event.is_apart)
        case _:
            assert_never(event)
    return True


def _is_allowed(connection: Connection, who: PersonId, event: GroupEvent) -> bool:
    actor = load_actor(connection, who)
    match event:
        case GroupCreated():
            wanted = [event.parent] if event.parent else actor.groups(Action.ADMINISTER)
            return authorize(actor, Action.ADMINISTER, wanted)
        case PersonRenamed():
            return bool(actor.memberships)
        case AdultAsked():
            return authorize(actor, Action.ANSWER, [event.group])
        case MemberRemoved():
            named = is_member(connection, event.group, event.person)
            return named and authorize(actor, Action.ADMINISTER, [event.group])
        case CardRenewed():
            # A card signs its holder in, so whoever sees one can read what its holder wrote.
            named = is_member(connection, event.group, event.person)
            return named and authorize(actor, Action.READ_ANSWERS, [event.group])
        case FlagResolved():
            return authorize(actor, Action.READ_ANSWERS, [event.group])
        case MembersKeptApart():
            pair = (event.first, event.second)
            named = event.first != event.second and all(is_member(connection, event.group, one) for one in pair)
            return named and authorize(actor, Action.READ_ANSWERS, [event.group])
        case PeopleEnrolled():
            # Nobody hands out more than they have: an observer who could make a facilitator could read by proxy.
            needed = ALLOWED[event.role] - {Action.ANSWER} | {Action.ADMINISTER}
            return all(authorize(actor, action, [event.group]) for action in needed)
        case GroupChanged():
            return authorize(actor, Action.ADMINISTER, [event.group])
        case _:
            assert_never(event)
