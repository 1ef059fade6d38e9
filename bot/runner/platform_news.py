"""What platforms say about people, channels and workspaces, written down; what programs must hear of comes back."""

import hashlib
from collections.abc import Collection, Sequence
from datetime import datetime

from bot.core.effects import EffectId, SendMessage
from bot.core.events import Event, EventId, GroupCreated, MemberRemoved, PeopleEnrolled
from bot.core.people import Action, GroupId, Identity, PersonId, Role, authorize
from bot.core.platform_news import (
    ChannelClosed,
    ChannelMoved,
    GroupFollows,
    GroupLeft,
    MessagesRefused,
    MessagesWanted,
    PersonGone,
    PersonMet,
    PostProven,
    WorkspaceJoined,
    WorkspaceLeft,
)
from bot.core.words import keepable
from bot.storage.channels import (
    BY_CHANNEL,
    BY_PLATFORM,
    BY_SELF,
    follow,
    groups_at,
    groups_from,
    learners_from,
    left_by,
    newcomers,
    people_of_workspace,
)
from bot.storage.connection import Connection
from bot.storage.groups import add_group, add_members, end_memberships, load_groups, load_members
from bot.storage.occurrences import load_places
from bot.storage.outbox import give_up, prove_post, wanted_by
from bot.storage.people import (
    describe_person,
    find_identities,
    forget_places,
    load_actor,
    meet_person,
    name_of,
    want_messages,
)
from bot.storage.runs import stop_runs
from bot.storage.sessions import sign_out_everywhere
from bot.storage.turns import Outgoing, lock_people, save_effects
from bot.storage.workspaces import end_install, is_installed_since

Moves = Sequence[PeopleEnrolled | MemberRemoved]
"""Who came into a group and who left it."""


WELCOME = (
    "I'm Mull. You just added me, and nobody else has heard from me. Each week I ask your team a few short questions; "
    "you read what they say and write back.\n"
    "Step 1 of 3: invite me to your team's channel. Step 2: write /mull group there; it shows whom I would ask. "
    "Step 3: write /mull start and answer the first questions yourself, in three minutes."
)

CLOSED_TO_ME = (
    "I could not write to you directly: your messages are closed to me. What is for you waits in the channel instead. "
    "To try again, open them in the server's privacy settings, then press “Message me too”."
)
WRITES_HERE = "Here I write to you when something is for you. To stop that, write: no messages"


def person_of(connection: Connection, who: PersonId | Identity) -> PersonId | None:
    """Find the person an event comes from; None for a stranger."""
    return find_identities(connection, {who}).get(who) if isinstance(who, Identity) else who


def meet(connection: Connection, event: PersonMet) -> Moves:
    """Write down who somebody is; a stranger becomes known."""
    if not isinstance(event.who, Identity):
        return ()
    person = person_of(connection, event.who)
    if person is None:
        person = PersonId(hashlib.blake2s("|".join(event.who).encode(), digest_size=10).hexdigest())
        meet_person(connection, person, event.who, event.at)
    describe_person(
        connection, person, name=keepable(event.name), lang=event.lang, zone=event.zone or None, place=event.place
    )
    return ()


def follow_account(connection: Connection, event: PersonGone) -> Moves:
    """Take somebody whose account was closed out of their groups, or put them back where they were."""
    person = person_of(connection, event.who)
    if person is None:
        return ()
    if event.is_back:
        for group, role in left_by(connection, person, BY_PLATFORM):
            add_members(connection, group, [person], role, event.at)
        return ()
    give_up(connection, "their account was closed", person=person)
    sign_out_everywhere(connection, [person])
    groups = [one.group for one in load_actor(connection, person).memberships]
    return [move for group in groups for move in _take_out(connection, event, group, [person], BY_PLATFORM)]


def follow_channel(connection: Connection, event: GroupFollows, who: PersonId) -> bool:
    """Let a group follow a channel, made anew for it or not; answer False where that is not this person's to decide."""
    if groups_at(connection, event.place):
        return False
    actor = load_actor(connection, who)
    if not event.is_new:
        if not authorize(actor, Action.ADMINISTER, [event.group]):
            return False
    elif event.is_trusted or actor.groups(Action.ADMINISTER):
        created = GroupCreated(
            id=event.id,
            at=event.at,
            who=who,
            group=event.group,
            name=keepable(event.name),
            code=event.code,
            setting=event.setting,
            zone=event.zone,
        )
        add_group(connection, created)
        add_members(connection, event.group, [who], Role.FACILITATOR, event.at)
    else:
        return False
    follow(connection, event.group, event.place, event.listed)
    return True


def move_in_channel(connection: Connection, event: ChannelMoved) -> Moves:
    """Let groups follow who came into their channel and who left it."""
    known = find_identities(connection, {*event.here, *event.left})
    here = {known[one] for one in event.here if one in known}
    left = {known[one] for one in event.left if one in known}
    moves: list[PeopleEnrolled | MemberRemoved] = []
    for group in groups_from(connection, event.place):
        platform, workspace = event.place.split(":")[:2]
        there = learners_from(connection, group, platform, workspace)
        gone = there - here if event.is_whole else there & left
        came = newcomers(connection, group, here)
        add_members(connection, group, [person for person, _ in came], Role.LEARNER, event.at)
        if came:
            moves.append(
                PeopleEnrolled(
                    id=EventId(f"{event.id}/{group}/came"),
                    at=event.at,
                    who=came[0][0],
                    group=group,
                    role=Role.LEARNER,
                    people=tuple(came),
                )
            )
        moves += _take_out(connection, event, group, gone, BY_CHANNEL)
    return moves


def close_channel(connection: Connection, event: ChannelClosed) -> Moves:
    """Stop following a channel that is closed to us, and tell its facilitators, once."""
    for group in {*groups_at(connection, event.place), *groups_from(connection, event.place)}:
        place = load_groups(connection, [group])[0].place
        follow(connection, group, None)
        give_up(connection, event.reason, place=place)
        name = load_groups(connection, [group])[0].name
        leads = [PersonId(m.id) for m in load_members(connection, group) if m.role == Role.FACILITATOR.value]
        for person, place in load_places(connection, leads).items():
            text = f"I can't post in {name} any more: {event.reason}. What was answered is kept."
            told = SendMessage(id=EffectId(f"{event.id}/{person}"), person=person, place=place, text=text)
            save_effects(connection, [Outgoing(told, event.at)])
    return ()


def refuse_messages(connection: Connection, event: MessagesRefused, person: PersonId) -> Moves | None:
    """Write to somebody no more, and tell them and those who lead their groups, once."""
    if not want_messages(connection, person, is_wanted=False):
        return None
    groups = [one.group for one in load_actor(connection, person).memberships if one.role is Role.LEARNER]
    leads = {m.id for group in groups for m in load_members(connection, group) if m.role == Role.FACILITATOR.value}
    name = name_of(connection, person)
    text = f"I could not reach {name} directly: {event.reason}. What is for them waits in the channel."
    places = load_places(connection, [PersonId(lead) for lead in leads])
    told = [
        SendMessage(id=EffectId(f"{event.id}/own"), person=person, place=event.place, text=CLOSED_TO_ME),
        *(
            SendMessage(id=EffectId(f"{event.id}/{leader}"), person=leader, place=place, text=text)
            for leader, place in places.items()
        ),
    ]
    save_effects(connection, [Outgoing(one, event.at) for one in told])
    return ()


def welcome_messages(connection: Connection, event: MessagesWanted, person: PersonId) -> Moves:
    """Write to somebody directly from now on, or no more; the first message shows that it works."""
    if want_messages(connection, person, is_wanted=event.is_wanted) and event.is_wanted:
        told = SendMessage(
            id=EffectId(f"{event.id}/here"), person=person, place=event.place, text=WRITES_HERE, is_direct=True
        )
        save_effects(connection, [Outgoing(told, event.at)])
    return ()


def leave_group(connection: Connection, event: GroupLeft, person: PersonId) -> Moves | None:
    """Let a learner out of a group, or back into it where they had left it themselves."""
    if not event.is_back:
        return _take_out(connection, event, event.group, [person], BY_SELF) or None
    roles = dict(left_by(connection, person, BY_SELF))
    if event.group not in roles:
        return None
    add_members(connection, event.group, [person], roles[event.group], event.at)
    named = [(m.id, m.name) for m in load_members(connection, event.group) if m.id == person]
    return [
        PeopleEnrolled(
            id=EventId(f"{event.id}/back"),
            at=event.at,
            who=person,
            group=event.group,
            role=roles[event.group],
            people=tuple(named),
        )
    ]


def welcome(connection: Connection, event: WorkspaceJoined, who: PersonId) -> Moves:
    """Tell whoever added Mull what comes next; nobody else hears of it."""
    for person, place in load_places(connection, [who]).items():
        told = SendMessage(id=EffectId(f"{event.id}/welcome"), person=person, place=place, text=WELCOME)
        save_effects(connection, [Outgoing(told, event.at)])
    return ()


def leave_workspace(connection: Connection, event: WorkspaceLeft) -> Moves:
    """Stop everything in a workspace that Mull was removed from, and sign its people out; what was answered stays.

    News of a removal may come late, after somebody installed Mull again.
    """
    if is_installed_since(connection, event.platform, event.workspace, event.at):
        return ()
    end_install(connection, event.platform, event.workspace, event.reason, event.at)
    there = f"{event.platform}:{event.workspace}:"
    give_up(connection, event.reason, under=there)
    sign_out_everywhere(connection, people_of_workspace(connection, event.platform, event.workspace))
    forget_places(connection, there)
    return ()


def prove(connection: Connection, event: PostProven, who: PersonId) -> bool:
    """Settle the fate of a post: whoever pressed it saw it, whoever wanted it may say so."""
    if not (event.remote_id or wanted_by(connection, event.post) == who):
        return False
    return prove_post(connection, event.post, is_there=event.is_there, remote_id=event.remote_id, at=event.at)


def _take_out(
    connection: Connection, event: Event, group: GroupId, persons: Collection[PersonId], by: str
) -> list[MemberRemoved]:
    gone = end_memberships(connection, group, persons, event.at, by) if persons else []
    lock_people(connection, gone)
    for person in gone:
        stop_runs(connection, person, group)
    return [_removed(event, group, person, event.at) for person in gone]


def _removed(event: Event, group: GroupId, person: PersonId, at: datetime) -> MemberRemoved:
    return MemberRemoved(id=EventId(f"{event.id}/{group}/{person}"), at=at, who=person, group=group, person=person)
