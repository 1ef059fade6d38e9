"""People, groups, and who may do what with whom."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple, NewType

PersonId = NewType("PersonId", str)
GroupId = NewType("GroupId", str)

Place = NewType("Place", str)
"""Where a person meets Mull, as ``platform:rest``: ``browser:<person>``, ``slack:<workspace>:<dm>``."""


class Identity(NamedTuple):
    """A person as one platform names them."""

    platform: str
    workspace: str
    external_id: str


class Role(StrEnum):
    """What a person is to a group."""

    LEARNER = "learner"
    FACILITATOR = "facilitator"
    OBSERVER = "observer"


class Action(StrEnum):
    """What somebody may want to do with a group."""

    ANSWER = "answer"
    READ_ANSWERS = "read_answers"
    ADMINISTER = "administer"


ALLOWED: dict[Role, frozenset[Action]] = {
    Role.LEARNER: frozenset({Action.ANSWER}),
    Role.FACILITATOR: frozenset({Action.ANSWER, Action.READ_ANSWERS, Action.ADMINISTER}),
    Role.OBSERVER: frozenset({Action.ADMINISTER}),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Membership:
    """A person's role in one group."""

    group: GroupId
    role: Role


@dataclass(frozen=True, slots=True, kw_only=True)
class Actor:
    """Whoever asks for something, with what decides: memberships, and the groups `below` those that they administer.

    What is below is theirs to administer as well. Answers are confided to those who are named, so they read none there.
    """

    person: PersonId
    memberships: tuple[Membership, ...] = ()
    below: tuple[GroupId, ...] = ()

    def groups(self, action: Action) -> tuple[GroupId, ...]:
        """List the groups in which this actor may do `action`, each once."""
        named = [m.group for m in self.memberships if action in ALLOWED[m.role]]
        return tuple(dict.fromkeys([*named, *(self.below if action is Action.ADMINISTER else ())]))


def authorize(actor: Actor, action: Action, groups: Iterable[GroupId]) -> bool:
    """Say whether `actor` may do `action` in any of `groups`."""
    return not set(groups).isdisjoint(actor.groups(action))


LIST = "list"

EVERYWHERE = "@me"
"""Stands for the workspace where a platform knows a person as one and the same in all of its workspaces."""


def main_place(place: Place) -> Place:
    """Name the conversation that a thread is part of: ``…/<thread>`` stands behind it; itself where it is none."""
    return Place(place.partition("/")[0])


def is_list(place: Place) -> bool:
    """Tell a mere list of people, which nothing can be posted in, from a channel: ``slack:<workspace>:list:<id>``."""
    return place.split(":")[2:3] == [LIST]


def platform_of(place: Place) -> str:
    """Name the platform that a place is on."""
    return place.partition(":")[0]
