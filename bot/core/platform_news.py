"""What platforms tell of people, channels and workspaces, and what people wish there besides answering."""

from dataclasses import dataclass
from datetime import datetime, time
from typing import TypeAlias, TypeGuard, get_args

from bot.core.events import Event, ProgramEvent, RosterEvent
from bot.core.people import GroupId, Identity, Place
from bot.core.review import ReviewEvent
from bot.core.runs import Mode


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonMet(Event):
    """A platform said who somebody is there: for the first time, or because it changed.

    `zone` is an IANA name or empty, `lang` a language tag; `place` is where they can be written to.
    """

    name: str
    place: Place
    zone: str = ""
    lang: str = "en"


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonGone(Event):
    """A platform closed somebody's account, or opened it again (`is_back`)."""

    is_back: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonPaused(Event):
    """A person wants quiet until a time, or no longer (None)."""

    until: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonCame(Event):
    """A person wants to see what waits for them, and is there to see it."""

    place: Place


@dataclass(frozen=True, slots=True, kw_only=True)
class MessagesWanted(Event):
    """A person wants Mull to write to them directly, or no longer; where nobody is written to unasked."""

    place: Place
    is_wanted: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class MessagesRefused(Event):
    """A platform lets nobody, or not Mull, write to this person; `reason` is for a teacher to read."""

    place: Place
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ModePreferred(Event):
    """A person said how they like to answer: one question at a time, or all on one page."""

    mode: Mode


@dataclass(frozen=True, slots=True, kw_only=True)
class TimePreferred(Event):
    """A person said when they like to be asked what comes by itself: a day (0 = Monday) and wall time; None is any."""

    weekday: int | None
    clock: time | None


@dataclass(frozen=True, slots=True, kw_only=True)
class MullAddressed(Event):
    """Words in a conversation were for Mull itself: they answer no question, whenever they are read again."""


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupFollows(Event):
    """A group is to follow a channel, from now on; a new group where `is_new`.

    Who belongs to it is listed at `listed`, or else whoever is in the channel. `is_trusted` says that the platform lets
    this person manage the whole workspace.
    """

    group: GroupId
    place: Place
    name: str
    setting: str
    zone: str
    code: str = ""
    is_new: bool = True
    is_trusted: bool = False
    listed: Place | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ChannelMoved(Event):
    """Who is in a channel, or on a list, changed; with `is_whole`, whoever is not in `here` has left.

    `who` is whoever it is about, and matters to nobody.
    """

    place: Place
    here: tuple[Identity, ...] = ()
    left: tuple[Identity, ...] = ()
    is_whole: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class ChannelClosed(Event):
    """A channel was archived or deleted, or Mull was taken out of it: nothing can be posted there.

    Or a list of people is gone: nobody knows any more who belongs.
    """

    place: Place
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupLeft(Event):
    """A person wants no more of a group, or wants back in (`is_back`); the channel it follows does not change that."""

    group: GroupId
    is_back: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkspaceJoined(Event):
    """Mull was added to a workspace; `who` did it, and is the only one to hear of it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkspaceLeft(Event):
    """Mull was removed from a workspace, or its key stopped working; `reason` is for a teacher to read."""

    platform: str
    workspace: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PostProven(Event):
    """It turned out whether a post of unknown fate stands in its channel; `remote_id` names it where it is known."""

    post: str
    is_there: bool
    remote_id: str = ""


GroupEvent: TypeAlias = (
    RosterEvent
    | ProgramEvent
    | ReviewEvent
    | PersonMet
    | PersonGone
    | PersonPaused
    | PersonCame
    | MessagesWanted
    | MessagesRefused
    | ModePreferred
    | TimePreferred
    | MullAddressed
    | GroupFollows
    | ChannelMoved
    | ChannelClosed
    | GroupLeft
    | WorkspaceJoined
    | WorkspaceLeft
    | PostProven
)

GROUP_EVENTS = frozenset(get_args(GroupEvent))


def is_group_event(event: Event) -> TypeGuard[GroupEvent]:
    """Say whether an event changes a group or who is in it."""
    return type(event) in GROUP_EVENTS
