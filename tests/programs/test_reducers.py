"""The programs' reducers by themselves: whatever happens, in whatever order, the same rules hold."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from hypothesis import event as note
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import BaseModel

from bot.core.events import (
    EventId,
    MemberRemoved,
    OccurrenceDue,
    OccurrenceEvent,
    OccurrenceRequested,
    OccurrenceSteered,
    PeopleEnrolled,
    RunFinished,
)
from bot.core.occurrences import Errand, Occurrence, OccurrenceId, OccurrenceStatus
from bot.core.people import GroupId, PersonId, Role
from bot.core.runs import RunId, RunStatus, Value
from bot.flows.check_in.program import CheckIn
from bot.flows.habit_of_week.program import Week, read_week
from bot.flows.library import flows
from bot.flows.peer_exchange.round import ReviewStatus, Round, read_round
from bot.flows.program import Move, OpenQuestion, Scene, Start, programs

BERLIN = ZoneInfo("Europe/Berlin")
ADA = PersonId("ada")
CLASS = GroupId("class")
NOW = datetime(2026, 3, 27, 9, tzinfo=UTC)
"""Two days before the clocks change."""

PEOPLE = [PersonId(name) for name in ("ben", "cleo", "dana", "elif", "finn")]
ONCE = OccurrenceId("once")
CHOICES: dict[str, st.SearchStrategy[dict[str, str]]] = {
    "check_in": st.just({"flow": "weekly-check-in"}),
    "habit_of_week": st.fixed_dictionaries({"order": st.sampled_from(["fixed", "shuffled", "voted"])}),
    "peer_exchange": st.fixed_dictionaries(
        {
            "protocol": st.sampled_from(["describe_judge_suggest", "warm_cool_wonder"]),
            "naming": st.sampled_from(["named", "hidden"]),
            "hold": st.sampled_from(["off", "flagged", "all"]),
            "practice": st.sampled_from(["yes", "no"]),
            "reviews": st.sampled_from(["1", "2", "4"]),
        }
    ),
}
STATES: dict[str, type[BaseModel]] = {"check_in": CheckIn, "habit_of_week": Week, "peer_exchange": Round}
TEXTS = st.sampled_from(["In line 2", "you are an idiot", "place", "1", "as_it_is", ""])
SAID: st.SearchStrategy[dict[str, Value]] = st.dictionaries(
    st.sampled_from(["work", "act", "habit", "helped", "describe", "judge", "warm", "cool.probe", "use", "change"]),
    st.one_of(st.none(), TEXTS, st.lists(TEXTS, max_size=2)),
    max_size=4,
)
DOINGS = st.lists(
    st.one_of(
        st.tuples(st.just("finish"), st.integers(0, 30), st.sampled_from(list(RunStatus)), SAID),
        *[st.tuples(st.just("do it all"), st.integers(0, 30))] * 9,
        st.tuples(st.just("wait"), st.integers(0, 8)),
        st.tuples(
            st.just("steer"),
            st.sampled_from(sorted({step for one in programs().values() for step in one.STEPS} | {"nonsense"})),
            st.sampled_from(["", "0", "1", "2", "99", "-1", "²", "x", "9" * 30, *PEOPLE, " ".join(PEOPLE)]),
            st.sampled_from([ADA, *PEOPLE]),
        ),
        st.tuples(st.just("enrol"), st.sampled_from(PEOPLE), st.sampled_from(list(Role))),
        st.tuples(st.just("remove"), st.sampled_from(PEOPLE)),
    ),
    min_size=10,
    max_size=60,
)
ALL_THAT_IS_ASKED: dict[str, Value] = {
    "work": "a bridge",
    "describe": "In line 2",
    "warm": "The fold",
    "habit": "persisting",
    "act": "turn",
    "helped": "place",
}


@dataclass
class Life:
    """One occurrence, everything that happened to it, and what it began."""

    kind: str
    choices: Mapping[str, str]
    learners: dict[PersonId, str]
    apart: frozenset[frozenset[PersonId]]
    at: datetime = NOW
    parts: dict[str, Start] = field(default_factory=dict)
    open: dict[str, RunId] = field(default_factory=dict)
    events: int = 0
    brought: set[tuple[RunId, date]] = field(default_factory=set)

    def scene(self) -> Scene:
        """Describe the group as it is now."""
        return Scene(
            group=CLASS,
            setting="class",
            zone=BERLIN.key,
            task="",
            learners=dict(self.learners),
            apart=self.apart,
            waiting={person: tuple(self.waiting(person)) for person in self.learners},
        )

    def waiting(self, person: PersonId) -> Iterator[OpenQuestion]:
        """List what is open for somebody, as if all of it had been shown."""
        for part, run in self.open.items():
            if self.parts[part].person == person:
                yield OpenQuestion(run=run, part=part, begun_at=NOW, asked_at=NOW, zone=BERLIN.key)

    def begin(self) -> None:
        """Open it."""
        blank = Occurrence(
            id=ONCE,
            kind=self.kind,
            group=CLASS,
            by=ADA,
            status=OccurrenceStatus.OPEN,
            started_at=NOW,
            due_at=None,
            state="",
        )
        asked = OccurrenceRequested(
            id=EventId("begin"), at=NOW, who=ADA, group=CLASS, kind=self.kind, choices=self.choices
        )
        program = programs()[self.kind]
        move = program.begin(blank, asked, self.scene())
        assert move == program.begin(blank, asked, self.scene())
        self._take(move)

    def happen(self, event: OccurrenceEvent) -> None:
        """Let one event happen; twice over, it gives the same."""
        program, before = programs()[self.kind], self.now
        move = program.advance(before, event, self.scene())
        assert move == program.advance(before, event, self.scene())
        assert (move.occurrence.id, move.occurrence.kind, move.occurrence.by) == (ONCE, self.kind, ADA)
        self._take(move)

    def _take(self, move: Move) -> None:
        one = move.occurrence
        assert one.due_at is None or one.due_at > self.at
        assert one.due_at is None or one.status is OccurrenceStatus.OPEN or self.kind == "peer_exchange"
        for start in move.starts:
            assert start.part not in self.parts, f"{start.part} begins twice"
            assert start.flow in flows()
            assert start.person in PEOPLE
            self.parts[start.part] = start
            self.open[start.part] = RunId(f"run of {start.part}")
            for part in start.replaces:
                self.open.pop(part, None)
        for person, run, by, _ in move.reminders:
            local = self.at.astimezone(BERLIN)
            assert by in (ADA, *PEOPLE)
            assert person in PEOPLE
            assert 7 <= local.hour < 20, f"{person} is reminded in the night"
            assert (run, local.date()) not in self.brought, f"{person} is reminded twice a day"
            self.brought.add((run, local.date()))
        kept = STATES[self.kind].model_validate_json(one.state)
        assert STATES[self.kind].model_validate_json(kept.model_dump_json()) == kept
        self.now = one

    # Events.

    def name(self) -> EventId:
        """Name the next event."""
        self.events += 1
        return EventId(f"event/{self.events}")

    def steered(self, step: str, about: str, who: PersonId) -> OccurrenceSteered:
        """Let somebody have a say."""
        return OccurrenceSteered(id=self.name(), at=self.at, who=who, occurrence=ONCE, step=step, about=about)

    def finish(self, nth: int, status: RunStatus, said: Mapping[str, Value]) -> None:
        """End one of the open runs."""
        if self.open:
            self.end(sorted(self.open)[nth % len(self.open)], said, status)

    def end(self, part: str, said: Mapping[str, Value], status: RunStatus = RunStatus.DONE) -> None:
        """End the run of one part."""
        start, run = self.parts[part], self.open.pop(part)
        self.happen(
            RunFinished(
                id=self.name(),
                at=self.at,
                who=start.person,
                errand=Errand(occurrence=ONCE, part=part),
                run=run,
                flow=start.flow,
                status=status,
                said=said,
            )
        )

    def due(self) -> None:
        """Come to the moment for which it asked to be woken."""
        if self.now.due_at is not None:
            due_at, self.at = self.now.due_at, max(self.at, self.now.due_at)
            self.happen(OccurrenceDue(id=self.name(), at=self.at, who=ADA, occurrence=ONCE, due_at=due_at))

    def enrol(self, person: PersonId, role: Role) -> None:
        """Put somebody on the roster, in whatever role."""
        if role is Role.LEARNER:
            self.learners[person] = person.capitalize()
        else:
            self.learners.pop(person, None)
        self.happen(
            PeopleEnrolled(
                id=self.name(), at=self.at, who=ADA, group=CLASS, role=role, people=((person, person.capitalize()),)
            )
        )

    def remove(self, person: PersonId) -> None:
        """Take somebody off the roster: what they had open is stopped, as the registrar does."""
        self.learners.pop(person, None)
        self.open = {part: run for part, run in self.open.items() if self.parts[part].person != person}
        self.happen(MemberRemoved(id=self.name(), at=self.at, who=ADA, group=CLASS, person=person))

    def do(self, doing: Sequence[object]) -> None:
        """Let one thing happen."""
        match doing:
            case ("finish", int(nth), RunStatus() as status, dict(said)):
                self.finish(nth, status, said)
            case ("do it all", int(nth)):
                self.finish(nth, RunStatus.DONE, ALL_THAT_IS_ASKED)
            case ("wait", int(hours)):
                until = self.at + timedelta(hours=hours)
                while self.now.due_at is not None and self.now.due_at <= until:
                    self.due()
                self.at = max(self.at, until)
            case ("steer", str(step), str(about), str(who)):
                if step in programs()[self.kind].STEPS:
                    self.happen(self.steered(step, about, PersonId(who)))
            case ("enrol", str(person), Role() as role):
                self.enrol(PersonId(person), role)
            case ("remove", str(person)):
                self.remove(PersonId(person))


@st.composite
def lives(draw: st.DrawFn) -> tuple[Life, list[tuple[object, ...]]]:
    """Draw a program, a group, and what happens to it."""
    kind = draw(st.sampled_from(["check_in", *["habit_of_week"] * 3, *["peer_exchange"] * 6]))
    learners = draw(st.lists(st.sampled_from(PEOPLE), min_size=2, unique=True))
    apart = draw(st.lists(st.lists(st.sampled_from(PEOPLE), min_size=2, max_size=2, unique=True), max_size=3))
    life = Life(
        kind,
        draw(CHOICES[kind]),
        {person: person.capitalize() for person in learners},
        frozenset(map(frozenset, apart)),
    )
    return life, draw(DOINGS)


@given(lives())
@settings(max_examples=400, deadline=None)
def test_whatever_happens_the_rules_hold(drawn: tuple[Life, list[tuple[object, ...]]]) -> None:
    life, doings = drawn
    life.begin()
    for doing in doings:
        life.do(doing)
    # In the end everybody stops answering: the program comes to its end by itself.
    for _ in range(200):
        if life.now.due_at is None:
            break
        life.due()
    assert life.now.due_at is None
    assert life.now.status is not OccurrenceStatus.OPEN
    note(f"{life.kind}: {life.now.status}, {min(len(life.parts) // 10, 5)}0 runs")


def a_round(*people: PersonId, **choices: str) -> Life:
    """Begin a round without practice, up to where everybody has shared."""
    named = {person: person.capitalize() for person in people}
    life = Life("peer_exchange", {"practice": "no", **choices}, named, frozenset())
    life.begin()
    for person in people:
        life.end(f"share:{person}", ALL_THAT_IS_ASKED)
    return life


def statuses(life: Life) -> list[ReviewStatus]:
    """List where the reviews stand."""
    return [review.status for review in read_round(life.now).reviews]


CRUEL: dict[str, Value] = {"describe": "you are an idiot"}


def test_a_returned_comment_does_not_go_out_in_its_old_words() -> None:
    life = a_round(*PEOPLE[:2])
    life.end("review:0:1", CRUEL)
    life.happen(life.steered("return", "0", ADA))
    life.happen(life.steered("release", "0", ADA))
    assert statuses(life)[0] is ReviewStatus.ASKED
    life.end("review:0:2", CRUEL)
    life.happen(life.steered("release", "0", ADA))
    life.happen(life.steered("release", "0", ADA))
    assert [part for part in life.parts if part.startswith("received")] == ["received:0"]


def test_a_comment_that_lapsed_does_not_reach_an_author_who_took_the_piece_back() -> None:
    life = a_round(*PEOPLE[:3])
    number = next(n for n, r in enumerate(read_round(life.now).reviews) if r.status is ReviewStatus.ASKED)
    review = read_round(life.now).reviews[number]
    life.at += timedelta(hours=49)
    life.happen(OccurrenceDue(id=life.name(), at=life.at, who=ADA, occurrence=ONCE, due_at=life.at))
    assert statuses(life)[number] is ReviewStatus.LAPSED
    life.happen(life.steered("withdraw", "", read_round(life.now).pieces[review.piece].author))
    life.end(f"review:{number}:1", ALL_THAT_IS_ASKED)
    assert f"withdrawn:{number}:{review.reviewer}" in life.parts
    assert f"received:{number}" not in life.parts


def test_who_shared_after_the_end_is_told_so_once() -> None:
    life = Life("peer_exchange", {"practice": "no"}, {p: p.capitalize() for p in PEOPLE[:3]}, frozenset())
    life.begin()
    for person in PEOPLE[:2]:
        life.end(f"share:{person}", ALL_THAT_IS_ASKED)
    life.at = read_round(life.now).review_until
    life.end(f"share:{PEOPLE[2]}", ALL_THAT_IS_ASKED)
    life.happen(life.steered("close", "", ADA))
    told = [part for part, start in life.parts.items() if start.flow == "peer-news" and start.person == PEOPLE[2]]
    assert told == [f"unpaired:{PEOPLE[2]}"]


def test_a_vote_ends_when_the_last_one_without_a_voice_leaves() -> None:
    life = Life("habit_of_week", {"order": "voted"}, {p: p.capitalize() for p in PEOPLE[:2]}, frozenset())
    life.begin()
    life.end("voting:ben", {"habit": read_week(life.now).offered[1]})
    life.remove(PEOPLE[1])
    assert read_week(life.now).habit == read_week(life.now).offered[1]


def test_a_skipped_week_takes_back_what_is_open_and_hears_of_nothing_more() -> None:
    life = Life("habit_of_week", {"order": "voted"}, {p: p.capitalize() for p in PEOPLE[:2]}, frozenset())
    life.begin()
    life.end("voting:ben", {"habit": read_week(life.now).offered[1]})
    life.happen(life.steered("skip", "", ADA))
    assert sorted(life.open) == ["skipped:ben", "skipped:cleo"]
    before = life.now
    life.happen(life.steered("skip", "", ADA))
    life.happen(life.steered("move_on", "", ADA))
    life.enrol(PEOPLE[2], Role.LEARNER)
    assert life.now == before


def test_a_comment_goes_out_at_its_moment_also_where_somebody_is_quicker_than_the_clock() -> None:
    life = a_round(*PEOPLE[:3], naming="hidden", hold="off")
    life.end("review:0:1", ALL_THAT_IS_ASKED)
    life.at += timedelta(minutes=16)
    life.happen(life.steered("remind", "nobody", ADA))
    assert "received:0" in life.parts


def test_what_was_asked_for_in_the_evening_comes_also_where_somebody_is_quicker_than_the_clock() -> None:
    life = a_round(*PEOPLE[:3])
    life.at = NOW.replace(hour=21)
    life.happen(life.steered("remind", PEOPLE[0], ADA))
    assert life.brought == set()
    life.at += timedelta(hours=11)
    life.happen(life.steered("remind", "nobody", ADA))
    assert len(life.brought) == 1


def test_a_round_ends_also_where_somebody_is_quicker_than_the_clock() -> None:
    life = a_round(*PEOPLE[:3])
    life.at = read_round(life.now).close_at + timedelta(seconds=2)
    life.end("review:0:1", ALL_THAT_IS_ASKED)
    assert life.now.status is OccurrenceStatus.DONE
