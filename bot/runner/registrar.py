"""What facilitators change about groups and people, once their right to do so is checked."""

from collections.abc import Collection
from typing import TypeAlias, assert_never

from bot.core.calendars import year_from_json
from bot.core.events import (
    AdultAsked,
    CalendarSet,
    CardRenewed,
    FlagResolved,
    GroupChanged,
    GroupCreated,
    MemberRemoved,
    MembersKeptApart,
    PeopleEnrolled,
    PersonRenamed,
    ProgramEnded,
    ProgramEvent,
    ProgramSet,
    RosterEvent,
)
from bot.core.people import ALLOWED, Action, PersonId, Role, authorize
from bot.core.platform_news import (
    ChannelClosed,
    ChannelMoved,
    GroupEvent,
    GroupFollows,
    GroupLeft,
    MessagesRefused,
    MessagesWanted,
    ModePreferred,
    MullAddressed,
    PersonCame,
    PersonGone,
    PersonMet,
    PersonPaused,
    PostProven,
    TimePreferred,
    WorkspaceJoined,
    WorkspaceLeft,
)
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
from bot.runner.calling import let_come
from bot.runner.platform_news import (
    Moves,
    close_channel,
    follow_account,
    follow_channel,
    leave_group,
    leave_workspace,
    meet,
    move_in_channel,
    person_of,
    prove,
    refuse_messages,
    welcome,
    welcome_messages,
)
from bot.runner.review import review
from bot.runner.schedule import plan_anew, set_program
from bot.storage.audit import note_change
from bot.storage.calendars import drop_calendar, groups_under, save_calendar
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
from bot.storage.people import add_people, load_actor, pause_person, prefer_mode, prefer_time, rename_person, renew_card
from bot.storage.programs import end_program
from bot.storage.runs import stop_runs
from bot.storage.turns import lock_people

Wish: TypeAlias = PersonPaused | PersonCame | MessagesWanted | MessagesRefused | ModePreferred | TimePreferred
Decision: TypeAlias = (
    RosterEvent | ProgramEvent | ReviewEvent | GroupFollows | GroupLeft | PostProven | Wish | WorkspaceJoined
)


def register(connection: Connection, event: GroupEvent) -> Moves | None:
    """Carry out a change; answer who came and left, None where it is not this person's to make or names nothing."""
    match event:
        case PersonMet():
            return meet(connection, event)
        case PersonGone():
            return follow_account(connection, event)
        case MullAddressed():
            return ()
        case ChannelMoved():
            return move_in_channel(connection, event)
        case ChannelClosed():
            return close_channel(connection, event)
        case WorkspaceLeft():
            return leave_workspace(connection, event)
        case _:
            who = person_of(connection, event.who)
            return None if who is None else _decide(connection, event, who)


def _decide(connection: Connection, event: Decision, who: PersonId) -> Moves | None:
    """Carry out what a person decided, once their right to do so is checked."""
    match event:
        case GroupFollows():
            return () if follow_channel(connection, event, who) and _note(connection, event, who) else None
        case GroupLeft():
            return leave_group(connection, event, who)
        case PostProven():
            return () if prove(connection, event, who) else None
        case PersonPaused() | PersonCame() | MessagesWanted() | MessagesRefused() | ModePreferred() | TimePreferred():
            return _follow_wish(connection, event, who)
        case WorkspaceJoined():
            return welcome(connection, event, who)
        case ProgramSet() | ProgramEnded() | CalendarSet():
            is_done = _is_allowed(connection, who, event) and _plan(connection, event, who)
            return () if is_done and _note(connection, event, who) else None
        case AnswerCommented() | ThreadContinued() | ThreadResolved() | AnswersRead() | AnswersStarred():
            return () if review(connection, event, who) else None
        case FlagsTaken() | AdultsCalled():
            return () if review(connection, event, who) else None
        case PeopleEnrolled() | MemberRemoved():
            is_done = _is_allowed(connection, who, event) and _change(connection, event, who)
            return [event] if is_done and _note(connection, event, who) else None
        case _:
            is_done = _is_allowed(connection, who, event) and _change(connection, event, who)
            return () if is_done and _note(connection, event, who) else None


def _note(connection: Connection, event: RosterEvent | ProgramEvent | GroupFollows, who: PersonId) -> bool:
    """Keep who changed what in a group; what people do for themselves changes none."""
    if not isinstance(event, AdultAsked | PersonRenamed):
        note_change(connection, who, type(event).__name__, group=event.group, at=event.at, about=_about(event))
    return True


def _about(event: RosterEvent | ProgramEvent | GroupFollows) -> Collection[PersonId]:
    """Name whom a change concerns; whom somebody keeps apart is for nobody else to know."""
    match event:
        case PeopleEnrolled():
            return [person for person, _ in event.people]
        case CardRenewed() | MemberRemoved():
            return [event.person]
        case _:
            return ()


def _follow_wish(connection: Connection, event: Wish, who: PersonId) -> Moves | None:
    """Carry out how a person wants Mull to behave towards them, which is theirs alone to say."""
    match event:
        case PersonPaused():
            pause_person(connection, who, event.until)
            if event.until is None:
                let_come(connection, who, event.at)
        case PersonCame():
            let_come(connection, who, event.at)
        case MessagesWanted():
            return welcome_messages(connection, event, who)
        case MessagesRefused():
            return refuse_messages(connection, event, who)
        case ModePreferred():
            prefer_mode(connection, who, event.mode)
        case TimePreferred():
            prefer_time(connection, who, event.weekday, event.clock)
        case _:
            assert_never(event)
    return ()


def _change(connection: Connection, event: RosterEvent, who: PersonId) -> bool:
    match event:
        case GroupCreated():
            add_group(connection, event)
            add_members(connection, event.group, [who], Role.FACILITATOR, event.at)
        case GroupChanged():
            _change_group(connection, event)
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
            raise_flag(connection, event, who)
        case FlagResolved():
            return resolve_flag(connection, event)
        case PersonRenamed():
            rename_person(connection, who, event.name)
        case MembersKeptApart():
            keep_apart(connection, event.group, event.first, event.second, is_apart=event.is_apart)
        case _:
            assert_never(event)
    return True


def _change_group(connection: Connection, event: GroupChanged) -> None:
    change_group(connection, event.group, event.changes)
    if "zone" in event.changes:
        plan_anew(connection, event.group, event.at)


def _plan(connection: Connection, event: ProgramEvent, who: PersonId) -> bool:
    """Let a program begin by itself from now on, or no more, or never in the holidays."""
    match event:
        case ProgramSet():
            return set_program(connection, event, who)
        case ProgramEnded():
            return end_program(connection, event.group, event.program, event.at)
        case CalendarSet():
            return _set_calendar(connection, event, who)
        case _:
            assert_never(event)


def _set_calendar(connection: Connection, event: CalendarSet, who: PersonId) -> bool:
    """Keep to another school year from now on, also in the groups below; False where it is none."""
    if event.body:
        try:
            year = year_from_json(event.body)
        except ValueError:
            return False
        save_calendar(connection, event.group, year, who, event.at)
    else:
        drop_calendar(connection, event.group)
    for group in groups_under(connection, event.group):
        plan_anew(connection, group, event.at)
    return True


def _is_allowed(connection: Connection, who: PersonId, event: RosterEvent | ProgramEvent) -> bool:
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
        case FlagResolved() | ProgramSet() | ProgramEnded() | CalendarSet():
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
