"""Whatever anybody does, in whatever flow: what `World` checks after every event holds, and nothing ever raises."""

import os
from collections import Counter
from datetime import UTC, datetime, timedelta
from typing import Any, TypeAlias

from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from bot.core.effects import AskQuestion, OfferForm, SendMessage
from bot.core.events import (
    AnswerEdited,
    ChoicePressed,
    Control,
    ControlPressed,
    EventId,
    FormSubmitted,
    Raw,
    RunEvent,
    RunRequested,
    TextReceived,
    TimerFired,
)
from bot.core.people import GroupId, PersonId, Place
from bot.core.runs import Mode, Opening, Run, RunId, TimerKind
from bot.flows.document import Document
from bot.flows.library import flows, packs
from bot.flows.lint import lint
from bot.flows.phrases import ENGLISH
from tests.flows.world import Shelf, World

Given: TypeAlias = dict[str, Any]

BEN = PersonId("ben")
PLACES = (Place("browser:ben"), Place("slack:school:d1"))
BEGIN = datetime(2026, 10, 24, 9, tzinfo=UTC)
ZONES = ("UTC", "Europe/Berlin", "America/Los_Angeles", "Asia/Kathmandu", "Australia/Lord_Howe")
PROFILE = settings(
    max_examples=400,
    deadline=None,
    derandomize="CI" in os.environ,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much],
)

# Random flows, as a teacher might write them.

WAYS = ["I asked", "I drew it", "I waited"]
QUESTIONS: dict[str, Given] = {
    "text": {"text": {"lines": 1}, "probe": {"by": "depth"}},
    "comment": {"text": {"lines": 1}, "probe": {"by": "comment"}},
    "one": {"choice": {"options": WAYS, "own": True, "none": True}},
    "strict": {"choice": {"options": WAYS}},
    "many": {"choice": {"options": WAYS, "many": True, "own": True}},
    "scale": {"scale": ["none", "some", "all"]},
    "rubric": {"rubric": {"levels": ["I saw it.", "I did it.", "I taught it."], "evidence": {"ask": "Where?"}}},
    "person": {"people": {}},
    "people": {"people": {"most": 2}},
    "date": {"date": {}},
    "plan": {"plan": {"cue": {"ask": "When?"}, "remember": "plan"}},
    "goal": {
        "goal": {
            "outcome": {"ask": "What then?"},
            "obstacle": {"ask": "What is in the way?"},
            "plan": {"ask": "And if it comes?"},
            "remember": "wish",
        }
    },
}
VALUES = {
    "one": ["i_asked", "i_drew_it", "i_waited", "none"],
    "strict": ["i_asked", "i_drew_it", "i_waited"],
    "many": ["i_asked", "i_drew_it", "i_waited"],
    "scale": ["1", "2", "3", "cant_say"],
    "rubric": ["1", "2", "3", "cant_say"],
}


def leaves(asked: dict[str, str]) -> st.SearchStrategy[Given]:
    """Draw one thing that a condition may look at; `asked` holds the kinds of the questions so far."""
    found = [st.sampled_from([{"remembered": "plan"}, {"remembered": "wish"}])]
    if asked:
        found.append(st.sampled_from(sorted(asked)).map(lambda key: {"answered": key}))
    menus = sorted(key for key, kind in asked.items() if kind in VALUES)
    if menus:
        found.append(st.sampled_from(menus).flatmap(lambda key: said(key, VALUES[asked[key]])))
    return st.one_of(found)


def said(key: str, values: list[str]) -> st.SearchStrategy[Given]:
    """Draw a condition on what was said to one question."""
    wanted = st.lists(st.sampled_from(values), min_size=1, max_size=2, unique=True)
    return wanted.map(lambda some: {"said": {key: some}})


def conditions(asked: dict[str, str]) -> st.SearchStrategy[Given]:
    """Draw a condition of any shape."""
    one = leaves(asked)
    some = st.lists(one, min_size=1, max_size=2)
    return st.one_of(one, one.map(lambda c: {"not": c}), some.map(lambda c: {"all": c}), some.map(lambda c: {"any": c}))


@st.composite
def documents(draw: st.DrawFn) -> Document:
    """Draw a flow that the linter lets through, with conditions, jumps ahead, and circles that ask."""
    steps: list[Given] = []
    asked: dict[str, str] = {}
    for number in range(draw(st.integers(1, 5))):
        kind = draw(st.sampled_from(["say", *QUESTIONS]))
        step: Given = {"id": f"q{number}"}
        if draw(st.booleans()):
            step["when"] = draw(conditions(asked))
        if kind == "say":
            quoted = draw(st.sampled_from(sorted(asked))) if asked else None
            step["say"] = f"You said {{said.{quoted}}}." if quoted else "Hi {first_name}, {remembered.plan}."
            if quoted:
                step["when"] = {"answered": quoted}
        else:
            step |= {"ask": f"Question {number}?", **QUESTIONS[kind]}
            asked[step["id"]] = kind
        steps.append(step)
    draw(st.sampled_from([jump_ahead, circle, straight_on]))(steps, asked)
    head = {"flow": "made-up", "title": "Made up", "band": "11-13", "settings": ["class"], "steps": steps}
    exercises = {"attributes": ["voice"], "phases": ["plan"]}
    visible = {"visibility": draw(st.sampled_from(["private", "facilitators", "group"]))}
    nudge = {"nudge_after": draw(st.sampled_from([0, 1, 48]))}
    document = Document.model_validate({**head, **visible, **nudge, "exercises": exercises})
    assume(not any(finding.is_error for finding in lint(document, packs())))
    return document


def jump_ahead(steps: list[Given], asked: dict[str, str]) -> None:
    """Let the first step with a condition lead past the next ones."""
    for number, step in enumerate(steps):
        if "when" in step:
            step["then"] = steps[-1]["id"] if number + 2 < len(steps) else "end"
            return


def circle(steps: list[Given], asked: dict[str, str]) -> None:
    """Ask all once more, as long as somebody wants to."""
    more = {"id": "more", "ask": "Once more?", "choice": {"options": ["Yes, please", "Enough"]}}
    steps += [more, {"say": "Once more.", "when": {"said": {"more": ["yes_please"]}}, "then": steps[0]["id"]}]


def straight_on(steps: list[Given], asked: dict[str, str]) -> None:
    """Leave the steps in their order."""


# Random people.

HOSTILE = (
    "",
    " ",
    "\x00",
    "a\x00b",
    "\ud83d",
    "\udfff\ud800",
    "\u202emoc\u202c",
    "\U0001f642" * 10_000,
    "x" * 10_001,
    "{first_name} {said.q0} {0} %s",
    "=1+1",
    "1,2,3",
    "2026-13-40",
    "9999-12-31",
    "0001-01-01",
    "٢",
)
USUAL = (
    *(word for words in ENGLISH.words.values() for word in words),
    *WAYS,
    "1",
    "2",
    "can't say",
    "own",
    "none",
    "monday",
    "tomorrow",
    "2026-12-01",
    "I stopped when the square was too small",
    "because it was new",
    "Cy, Dee, Mia",
)
texts = st.one_of(
    st.sampled_from(USUAL), st.sampled_from(HOSTILE), st.text(max_size=20), st.text(st.characters(), max_size=5)
)
raws: st.SearchStrategy[Raw] = st.one_of(texts, st.lists(texts, max_size=4).map(tuple))
back = st.integers(0, 2)
"""Which question of those shown: 0 is the newest."""

acts = st.one_of(
    st.tuples(st.just("text"), texts),
    st.tuples(st.just("press"), back, st.lists(st.integers(0, 8), max_size=3)),
    st.tuples(st.just("press"), back, st.lists(st.integers(0, 8), min_size=1, max_size=1)),
    st.tuples(st.just("forge"), back, st.integers(-2, 2), st.lists(texts, max_size=3)),
    st.tuples(st.just("control"), back, st.sampled_from(Control)),
    st.tuples(st.just("form"), back, st.dictionaries(st.integers(0, 12), raws, max_size=6)),
    st.tuples(st.just("edit"), back, st.integers(0, 12), raws),
    st.tuples(st.just("stranger"), texts),
    st.tuples(st.just("timer"), back, st.integers(-1, 1), st.sampled_from(TimerKind)),
    st.tuples(st.just("wait"), st.sampled_from([1, 3, 30, 50, 130])),
    st.tuples(st.just("request"), st.integers(0, 9), st.sampled_from(Mode), st.booleans()),
)
openings = st.builds(
    Opening,
    lang=st.sampled_from(["en", "de", "en-GB"]),
    zone=st.sampled_from(ZONES),
    words=st.sampled_from([{}, {"first_name": "Ben", "facilitator": "Ms {Ada}", "task": "{task}"}]),
    remembered=st.sampled_from([{}, {"plan": "Draw it"}, {"plan": "{first_name}", "wish": "x" * 500}]),
    peers=st.sampled_from([{}, {"p1": "Cy", "p2": "Dee", "p3": "Mia"}]),
)


class Player:
    """Turns drawn acts into events that fit, or nearly fit, what was asked so far."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.now = BEGIN
        self.count = 0
        self.asked: list[AskQuestion | OfferForm] = []
        self.nudges: Counter[RunId | None] = Counter()

    def act(self, act: tuple[Any, ...], place: Place) -> None:
        """Do one thing; time passes."""
        self.now += timedelta(seconds=7)
        if act[0] == "wait":
            self._wait(timedelta(hours=act[1]))
        else:
            self._happen(self._event(act, place))

    def _happen(self, event: RunEvent) -> None:
        effects = self.world.happen(event)
        self.asked += [effect for effect in effects if isinstance(effect, AskQuestion | OfferForm)]
        nudged = (e.run for e in effects if isinstance(e, SendMessage) and e.text == ENGLISH.nudge)
        self.nudges.update(nudged)
        assert max(self.nudges.values(), default=0) <= 1, "nudged twice"

    def _wait(self, span: timedelta) -> None:
        until = self.now + span
        while (due := min(self.world.timers.values(), key=lambda t: t.due_at, default=None)) and due.due_at <= until:
            self.now = max(self.now, due.due_at)
            del self.world.timers[due.run]
            self._happen(TimerFired(id=self._id(), at=self.now, who=BEN, run=due.run, wait=due.wait, kind=due.kind))
        self.now = until

    def _id(self) -> EventId:
        self.count += 1
        return EventId(f"test/school/{self.count}")

    def _event(self, act: tuple[Any, ...], place: Place) -> RunEvent:
        common: Given = {"id": self._id(), "at": self.now, "who": BEN, "place": place}
        kind, *rest = act
        if kind == "text":
            return TextReceived(text=rest[0], **common)
        if kind == "request" or not self.asked:
            number, mode, is_own_wish = rest if kind == "request" else (0, Mode.DIALOGUE, True)
            ids = list(self.world.shelf.documents)
            group = GroupId("class")
            flow = ids[number % len(ids)]
            return RunRequested(flow=flow, group=group, mode=mode, is_own_wish=is_own_wish, **common)
        if kind == "stranger":
            return ChoicePressed(run=RunId("somebody-else"), wait=1, chosen=(rest[0],), **common)
        return self._about_a_question(kind, rest, common)

    def _about_a_question(self, kind: str, rest: list[Any], common: Given) -> RunEvent:
        asked = self.asked[max(0, len(self.asked) - 1 - rest[0])]
        run, wait = asked.run, asked.wait
        match kind:
            case "press":
                return ChoicePressed(run=run, wait=wait, chosen=self._options(asked, rest[1]), **common)
            case "forge":
                return ChoicePressed(run=run, wait=wait + rest[1], chosen=tuple(rest[2]), **common)
            case "control":
                return ControlPressed(run=run, wait=wait, control=rest[1], **common)
            case "form":
                return FormSubmitted(run=run, raw={self._key(run, n): raw for n, raw in rest[1].items()}, **common)
            case "edit":
                return AnswerEdited(run=run, key=self._key(run, rest[1]), raw=rest[2], **common)
            case _:
                del common["place"]
                return TimerFired(run=run, wait=wait + rest[1], kind=rest[2], **common)

    def _options(self, asked: AskQuestion | OfferForm, picks: list[int]) -> tuple[str, ...]:
        prompt = asked.prompt if isinstance(asked, AskQuestion) else asked.prompts[0]
        values = [option.value for option in prompt.options] or ["nothing"]
        return tuple(values[pick % len(values)] for pick in picks)

    def _key(self, run: RunId, number: int) -> str:
        found = self.world.runs[run]
        keys = [*self.world.shelf(found.flow, found.version, found.opening.lang).questions, "no-such-question"]
        return keys[number % len(keys)]


def play(shelf: list[Document], opening: Opening, script: list[tuple[tuple[Any, ...], Place]], mode: Mode) -> list[Run]:
    """Play a script in a fresh world; answer its runs."""
    world = World(BEN, Shelf(shelf), opening)
    player = Player(world)
    player.act(("request", 0, mode, True), PLACES[0])
    for act, place in script:
        player.act(act, place)
    return list(world.runs.values())


scripts = st.lists(st.tuples(acts, st.sampled_from([*PLACES, PLACES[0], PLACES[0]])), max_size=40)
modes = st.sampled_from(Mode)


@PROFILE
@given(document=documents(), opening=openings, script=scripts, mode=modes)
def test_any_flow_withstands_anybody(
    document: Document, opening: Opening, script: list[tuple[tuple[Any, ...], Place]], mode: Mode
) -> None:
    assert play([document], opening, script, mode)


@PROFILE
@given(first=st.integers(0, 9), opening=openings, script=scripts, mode=modes)
def test_the_flows_that_come_with_mull_withstand_anybody(
    first: int, opening: Opening, script: list[tuple[tuple[Any, ...], Place]], mode: Mode
) -> None:
    shelf = list(flows().values())
    assert play(shelf[first % len(shelf) :] + shelf[: first % len(shelf)], opening, script, mode)


@PROFILE
@given(document=documents(), opening=openings)
def test_whoever_skips_everything_comes_to_the_end(document: Document, opening: Opening) -> None:
    script = [(("text", "skip"), PLACES[0])] * 40
    [run] = play([document], opening, script, Mode.DIALOGUE)
    assert run.status == "done"
    assert not any(run.said.values())
