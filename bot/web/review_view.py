"""What a facilitator's review shows: which runs an address asks for, and all that belongs to each of them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from urllib.parse import urlencode

from bot.core.people import GroupId, PersonId
from bot.core.runs import RunId
from bot.flows.flow import pick
from bot.flows.habit_of_week.habits import habits
from bot.flows.habit_of_week.program import FLOWS, Week
from bot.runner.flow_menu import FlowChoice, in_flow_order, load_menu
from bot.storage.answers import Mark, RunRead, load_runs
from bot.storage.columns import EPOCH, micros
from bot.storage.connection import Connection
from bot.storage.readings import (
    OWN_WISH,
    Cut,
    Errands,
    ReadState,
    count_unread,
    find_all,
    find_run,
    find_starred,
    find_talked,
    find_unread,
    load_states,
    states_of,
)
from bot.web.group_access import GroupHere
from bot.web.house import House
from bot.web.pages.group import read_mark, write_mark
from bot.web.thread_view import Threads, threads_of
from bot.web.weeks import Week as WeekOfYear
from bot.web.weeks import week_named

PAGE = "/review"
MOST = 25
SHOWS = {"unread": "New", "threads": "Conversations", "starred": "Starred", "all": "Everything"}
ATTRIBUTES = {
    "voice": "Voice",
    "co-creation": "Co-creation",
    "social-construction": "Social construction",
    "self-discovery": "Self-discovery",
}
DAY = timedelta(days=1)
PROGRAMS = {
    "check_in": "Check-ins for the whole group",
    "habit_of_week": "Habit weeks",
    "peer_exchange": "Feedback rounds",
    OWN_WISH: "Begun by themselves",
}
CUTS = ("group", "program", "flow", "habit", "attribute", "week")
"""What an address may cut the list by; the empty word cuts nothing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What an address asks for; `opened_at` is when its reader began, so that what they have read since stays."""

    show: str
    chosen: Mapping[str, str]
    groups: Mapping[GroupId, GroupHere]
    week: WeekOfYear | None
    run: RunId | None
    before: Mark | None
    skip: int
    opened_at: datetime

    @property
    def is_cut(self) -> bool:
        """Say whether anything is left out."""
        return self.run is not None or any(self.chosen.values())

    @property
    def is_first(self) -> bool:
        """Say whether nothing newer stands before this page."""
        return self.before is None and not self.skip

    def link(self, **other: str) -> str:
        """Write the address of the same list, or of one that differs a little."""
        given = {"show": self.show, "run": self.run or "", **self.chosen, **other}
        kept = {name: value for name, value in given.items() if value and (name, value) != ("show", "unread")}
        return f"{PAGE}?{urlencode(kept)}" if kept else PAGE

    def here(self) -> str:
        """Write the address of this very page, for forms to come back to."""
        at = write_mark(self.before) if self.before else ""
        return self.link(before=at, skip=str(self.skip or ""), opened=str(micros(self.opened_at)))


@dataclass(frozen=True, slots=True)
class Card:
    """One run to read, with what became of it."""

    run: RunRead
    title: str
    state: ReadState

    @property
    def is_read(self) -> bool:
        """Say whether somebody has read it."""
        return self.state.read_at is not None


@dataclass(frozen=True, slots=True, kw_only=True)
class Review:
    """A page of the review; `older` is the address of the next one, empty on the last, `unread` counts what is new."""

    cards: Sequence[Card]
    threads: Threads
    older: str
    unread: int
    flows: Mapping[str, FlowChoice]


def wanted(query: Mapping[str, str], groups: Sequence[GroupHere], now: datetime) -> Wanted:
    """Read an address; what it names that is not the visitor's, or makes no sense, cuts nothing or shows nothing."""
    chosen = {name: query.get(name, "") for name in CUTS}
    readable = {here.id: here for here in groups if here.may_read}
    found = {group: here for group, here in readable.items() if not chosen["group"] or group == chosen["group"]}
    run = RunId(query["run"]) if query.get("run") else None
    week = week_named(chosen["week"], next(iter((found or readable).values())).zone)
    show = query.get("show", "")
    return Wanted(
        show="all" if run else show if show in SHOWS else "unread",
        chosen={**chosen, "week": week.name if week else ""},
        groups=found,
        week=week,
        run=run,
        before=read_mark(query.get("before", "")),
        skip=_number(query.get("skip", ""), 5),
        opened_at=_opened(query.get("opened", ""), now),
    )


def load_review(connection: Connection, house: House, who: PersonId, want: Wanted) -> Review:
    """Read a page of the review, in as many statements however much it shows."""
    flows = load_menu(connection)
    marks = _find(connection, want, _cut(connection, want, flows), who)
    shown, rest = marks[:MOST], marks[MOST:]
    runs = load_runs(connection, shown, want.groups, with_earlier=True)
    states = load_states(connection, [run.id for run in runs], who)
    return Review(
        cards=[
            Card(in_flow_order(connection, house.shelf, run), title_of(flows, run.flow), states[run.id]) for run in runs
        ],
        threads=threads_of(connection, runs),
        older=_older(want, shown[-1]) if rest else "",
        unread=sum(count_unread(connection, want.groups).values()),
        flows=flows,
    )


def title_of(flows: Mapping[str, FlowChoice], flow: str) -> str:
    """Name what was asked; by its id where it is asked no more."""
    return flows[flow].title if flow in flows else flow


def habit_names() -> dict[str, str]:
    """List the sixteen habits, in their order."""
    return {name: pick(habit.name, "en") for name, habit in habits().items()}


def _find(connection: Connection, want: Wanted, cut: Cut, who: PersonId) -> list[Mark]:
    if want.run is not None:
        return find_run(connection, cut, want.run)
    match want.show:
        case "threads":
            return find_talked(connection, cut, MOST + 1, want.skip, want.opened_at)
        case "starred":
            return find_starred(connection, cut, MOST + 1, who)
        case "all":
            return find_all(connection, cut, MOST + 1)
        case _:
            return find_unread(connection, cut, MOST + 1, want.opened_at)


def _cut(connection: Connection, want: Wanted, flows: Mapping[str, FlowChoice]) -> Cut:
    cut = Cut(
        groups=want.groups,
        since=want.week.since if want.week else None,
        until=want.week.until if want.week else None,
        before=want.before if want.show != "threads" else None,
        program=want.chosen["program"] or None,
    )
    flow, habit, attribute = (want.chosen[name] for name in ("flow", "habit", "attribute"))
    if not (flow or habit or attribute):
        return cut
    kept = {
        one.id for one in flows.values() if flow in ("", one.id) and (not attribute or attribute in one.attributes)
    } | ({flow} if flow and not attribute else set())
    if not habit:
        return replace(cut, flows=kept)
    errands = Errands(flows=kept & set(FLOWS.values()), occurrences=_weeks_of(connection, want, habit))
    return replace(cut, flows={one for one in kept if one in flows and habit in flows[one].habits}, or_errands=errands)


def _weeks_of(connection: Connection, want: Wanted, habit: str) -> list[str]:
    """List the habit weeks in which groups had a habit."""
    kept = states_of(connection, want.groups, "habit_of_week")
    return [name for name, state in kept.items() if Week.model_validate_json(state).habit == habit]


def _older(want: Wanted, last: Mark) -> str:
    opened = str(micros(want.opened_at))
    if want.show == "threads":
        return want.link(skip=str(want.skip + MOST), opened=opened)
    return want.link(before=write_mark(last), opened=opened)


def moment_in(written: str) -> datetime:
    """Read a moment as our pages write it; what is none was long ago."""
    return EPOCH + timedelta(microseconds=_number(written, 17))


def _opened(written: str, now: datetime) -> datetime:
    """Read when the page was opened first; never so long ago that a link kept for weeks brings everything back."""
    opened = moment_in(written)
    return opened if now - DAY < opened <= now else now


def _number(written: str, most: int) -> int:
    return int(written) if written.isascii() and written.isdecimal() and len(written) <= most else 0
