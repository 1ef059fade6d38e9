"""Every rule of the linter, with a flow that breaks it and one that does not; and the flows that come with Mull."""

from typing import Any, TypeAlias

import pytest

from bot.flows.document import Document, OptionText
from bot.flows.findings import Finding, Rule
from bot.flows.library import flows, packs
from bot.flows.lint import lint
from bot.flows.reading_level import grade, sentences, syllables, words

Given: TypeAlias = dict[str, Any]

PACKS = {"ways": [OptionText(value=value, label=f"{value} now") for value in ("ask", "draw", "wait")]}


# Steps that break no rule, to be changed in one place.


def say(sentence: str | Given, **more: Any) -> Given:
    """Say one sentence."""
    return {"say": sentence, **more}


def text(ask: str, **more: Any) -> Given:
    """Ask for one's own words."""
    enough = {"enough": "One sentence is enough."}
    return {"id": "part", "ask": ask, "label": "The part", "example": "The legs.", "text": enough, **more}


def day(**more: Any) -> Given:
    """Ask for a day."""
    return {"id": "day", "ask": "Which day?", "date": {}, **more}


def menu(*options: str | Given, **more: Any) -> Given:
    """Ask with a menu of options, or of a pack."""
    choice = {"own": True, "none": True, **({"options": options} if options else {"from": "ways"})}
    return {"id": "way", "ask": "What did you try today?", "choice": {**choice, **more}}


def scale(*points: str) -> Given:
    """Ask with a scale."""
    return {"id": "much", "ask": "How much of today was clear?", "scale": points}


def rubric(*levels: str) -> Given:
    """Ask for a level and where it shows."""
    evidence = {"ask": "Where could somebody see it?", "example": "At the table."}
    return {"id": "level", "ask": "Where are you today?", "rubric": {"levels": levels, "evidence": evidence}}


def plan(cue: str = "When will you do it?", **more: Any) -> Given:
    """Ask for a plan; `more` is about its cue."""
    cue_part = {"ask": cue, "label": "When", "example": "On Tuesday.", **more}
    return {
        "id": "next",
        "ask": "What will you try next?",
        "example": "Count the legs twice.",
        "plan": {"cue": cue_part, "remember": "plan"},
    }


KEPT = {
    "id": "kept",
    "when": {"remembered": "plan"},
    "ask": 'You planned: "{remembered.plan}" What happened?',
    "label": "What happened to it",
    "choice": {"options": ["It helped", "It changed nothing", "I did something else"], "own": True, "none": True},
}
FIRST = (say("{facilitator} asks about {task}."), KEPT)
BYE = say("{facilitator} writes back by {reply_day}.")
LAST = (plan(), BYE)
NO_APPRAISAL = say("It touches no appraisal.")


def flow(*steps: Given, **head: Any) -> Document:
    """Build a flow from its steps; `head` replaces what stands above them."""
    given: Given = {
        "flow": "made-up",
        "title": "Made up",
        "band": "11-13",
        "settings": ["class"],
        "exercises": {"attributes": ["voice"], "phases": ["notice", "plan"]},
        "fallbacks": {"task": "your work"},
        "steps": steps,
    }
    return Document.model_validate(given | head)


def between(*steps: Given, **head: Any) -> Document:
    """Put steps between a beginning and an end that break no rule."""
    return flow(*FIRST, *steps, *LAST, **head)


def asking(sentence: str) -> Document:
    """Ask one question in a flow that breaks no rule."""
    return between(text(sentence))


def saying(sentence: str) -> Document:
    """Say one sentence in a flow that breaks no rule."""
    return between(say(sentence))


def told(**translations: str) -> Given:
    """Say one sentence in several languages."""
    return say(translations)


WAS_KEPT = {"answered": "kept"}
HELPED = {"said": {"kept": ["it_helped"]}}
CHANGED_NOTHING = {"said": {"kept": ["it_changed_nothing"]}}
HAS_WAY = {"said": {"way": ["ask"]}}

ERRORS = {
    # Steps.
    "a step leads nowhere": (
        Rule.UNKNOWN_STEP,
        between(say("Hello.", then="nowhere")),
        between(say("Hello.", then="next")),
    ),
    "a condition names no question": (
        Rule.UNKNOWN_STEP,
        between(say("Hello.", when={"answered": "nothing"})),
        between(say("Hello.", when={"answered": "kept"})),
    ),
    "a quote names no question": (
        Rule.UNKNOWN_STEP,
        between(say("You said {said.nothing}.", when=WAS_KEPT)),
        between(say("You said {said.kept}.", when=WAS_KEPT)),
    ),
    "two steps have one id": (
        Rule.DUPLICATE_STEP,
        between(say("Hello.", id="one"), say("Hello.", id="one")),
        between(say("Hello.", id="one"), say("Hello.", id="two")),
    ),
    "a step is called end": (
        Rule.DUPLICATE_STEP,
        between(say("Hello.", id="end")),
        between(say("Hello.", id="ending")),
    ),
    "an id is what a step without one is called": (
        Rule.DUPLICATE_STEP,
        between(say("Hello."), say("Hello.", id="step_3")),
        between(say("Hello."), say("Hello.", id="step_9")),
    ),
    # Routes.
    "a step is jumped over": (
        Rule.UNREACHABLE,
        between(say("Hello.", then="next"), say("Nobody reads this.")),
        between(say("Hello.", then="next", when=WAS_KEPT), say("Somebody reads this.")),
    ),
    "a condition contradicts itself": (
        Rule.UNREACHABLE,
        between(say("Hello.", when={"all": [WAS_KEPT, {"not": WAS_KEPT}]})),
        between(say("Hello.", when={"any": [WAS_KEPT, {"not": WAS_KEPT}]})),
    ),
    "one menu cannot have two answers": (
        Rule.UNREACHABLE,
        between(say("Hello.", when={"all": [HELPED, CHANGED_NOTHING]})),
        between(say("Hello.", when={"any": [HELPED, CHANGED_NOTHING]})),
    ),
    "two ticks need a menu with several": (
        Rule.UNREACHABLE,
        between(menu(), say("Hello.", when={"all": [HAS_WAY, {"said": {"way": ["draw"]}}]})),
        between(menu(many=True), say("Hello.", when={"all": [HAS_WAY, {"said": {"way": ["draw"]}}]})),
    ),
    "a condition looks at a later question": (
        Rule.TOO_EARLY,
        between(say("Hello.", when={"answered": "next"})),
        flow(*FIRST, *LAST, say("Hello.", when={"answered": "next"})),
    ),
    "a condition looks at its own question": (
        Rule.TOO_EARLY,
        between(day(when={"answered": "day"})),
        between(day(when=WAS_KEPT)),
    ),
    "a quote comes before its question": (
        Rule.TOO_EARLY,
        between(say("You said {said.next}.")),
        flow(*FIRST, *LAST, say("You said {said.next}.", when={"answered": "next"})),
    ),
    "a further question quotes itself": (
        Rule.TOO_EARLY,
        flow(*FIRST, plan(cue='When do you "{said.next.cue}"?'), BYE),
        flow(*FIRST, plan(cue='When do you "{said.next}"?'), BYE),
    ),
    "a circle that asks nothing": (
        Rule.CIRCLE,
        between(say("Hello.", id="one"), say("Hello again.", then="one")),
        between(say("Hello.", id="one"), say("Hello again.", then="next")),
    ),
    "a circle that may ask nothing": (
        Rule.CIRCLE,
        between(menu() | {"when": {"remembered": "way"}}, say("And now?", then="way", when={"not": HAS_WAY})),
        between(menu(), say("And now?", then="way", when={"not": HAS_WAY})),
    ),
    "more branches than anybody can check": (
        Rule.TOO_MANY_WAYS,
        between(*(say("Hello.", when={"remembered": f"name_{n}"}) for n in range(30))),
        between(*(say("Hello.", when={"remembered": f"name_{n % 3}"}) for n in range(30))),
    ),
    # Texts.
    "a question longer than a message": (
        Rule.TOO_LONG,
        between(day(ask=f"Which{'!' * 2000}", label="The day")),
        between(day(ask=f"Which{'!' * 1995}", label="The day")),
    ),
    "a sentence longer than a message, in another language": (
        Rule.TOO_LONG,
        between(told(en="Hello.", de="ja " * 700)),
        between(told(en="Hello.", de="ja " * 600)),
    ),
    "an option longer than a button": (
        Rule.TOO_LONG,
        between(menu("Ask", "Draw", "W" * 76)),
        between(menu("Ask", "Draw", "W" * 75)),
    ),
    "a title longer than a heading": (Rule.TOO_LONG, between(title="T" * 46), between(title="T" * 45)),
    "a label longer than its room in a form": (
        Rule.TOO_LONG,
        between(day(label="L" * 46)),
        between(day(label="L" * 45)),
    ),
    "something blank is said": (Rule.EMPTY, saying(" "), saying("Hm.")),
    "an option in no language": (
        Rule.EMPTY,
        between(menu("Ask", "Draw", {})),
        between(menu("Ask", "Draw", {"de": "Warten"})),
    ),
    "no such placeholder": (Rule.PLACEHOLDER, saying("Hello {name}."), saying("Hello {first_name}.")),
    "a brace that begins no placeholder": (
        Rule.PLACEHOLDER,
        saying("Hello {First_name}."),
        saying("Hello (First_name)."),
    ),
    "a placeholder in a label": (
        Rule.PLACEHOLDER,
        between(day(label="The day of {task}")),
        between(day(label="The day of it")),
    ),
    "nothing stands in for a word that may be unset": (
        Rule.PLACEHOLDER,
        between(fallbacks={}),
        between(fallbacks={"task": "your work"}),
    ),
    "a fallback for no placeholder": (
        Rule.PLACEHOLDER,
        between(fallbacks={"task": "your work", "taks": "your work"}),
        between(fallbacks={"task": "your work", "reply_day": "Friday"}),
    ),
    "a quote of what may never have been left": (
        Rule.PLACEHOLDER,
        between(say("You wrote: {remembered.wish}")),
        between(say("You wrote: {remembered.wish}", when={"remembered": "wish"})),
    ),
    "a long question without a label": (
        Rule.LABEL,
        between(day(ask="Which day of this week, or of the next, was it?")),
        between(day(ask="Which day of this week, or of the next, was it?", label="The day")),
    ),
    "a question with a place to fill and no label": (
        Rule.LABEL,
        between(day(ask="Which day of {task}?")),
        between(day(ask="Which day of {task}?", label="The day")),
    ),
    "a long further question without a label": (
        Rule.LABEL,
        flow(*FIRST, plan(cue="When, at which time of the day, will you do it?", label=""), BYE),
        flow(*FIRST, plan(cue="When, at which time of the day, will you do it?", label="When"), BYE),
    ),
    # Menus.
    "no such pack": (
        Rule.UNKNOWN_PACK,
        between(menu(**{"from": "nowhere"})),
        between(menu(**{"from": "ways"})),
    ),
    "a menu of one": (Rule.MENU, between(menu("Ask")), between(menu("Ask", "Draw"))),
    "two options of one value": (
        Rule.MENU,
        between(menu("Ask!", "Ask?", "Wait")),
        between(menu("Ask", "Ask twice", "Wait")),
    ),
    "an option with a value of the bot's own": (
        Rule.MENU,
        between(menu("Ask", "Wait", {"value": "none", "label": "Neither"})),
        between(menu("Ask", "Wait", {"value": "neither", "label": "Neither"})),
    ),
    "a condition names a value that is no option": (
        Rule.UNKNOWN_VALUE,
        between(say("Hello.", when={"said": {"kept": ["it_hleped"]}})),
        between(say("Hello.", when={"said": {"kept": ["it_helped", "none"]}})),
    ),
    "a condition names no value": (
        Rule.UNKNOWN_VALUE,
        between(say("Hello.", when={"said": {"kept": []}})),
        between(say("Hello.", when={"said": {"kept": ["none"]}})),
    ),
    "a condition names a point that a scale does not have": (
        Rule.UNKNOWN_VALUE,
        between(scale("none", "some", "most", "all"), say("Oh.", when={"said": {"much": ["5"]}})),
        between(scale("none", "some", "most", "all"), say("Oh.", when={"said": {"much": ["4", "cant_say"]}})),
    ),
    "a condition compares free text": (
        Rule.UNKNOWN_VALUE,
        flow(*FIRST, *LAST, say("Hello.", when={"said": {"next.cue": ["monday"]}})),
        flow(*FIRST, *LAST, say("Hello.", when={"answered": "next.cue"})),
    ),
}

WARNINGS = {
    "1 no moment": (
        Rule.MOMENT,
        asking("How did learning go?"),
        asking("How did Tuesday's learning go?"),
    ),
    "1 who asks is no moment": (
        Rule.MOMENT,
        asking("What does {facilitator} explain well?"),
        asking("What in {task} is explained well?"),
    ),
    "3 two question marks": (
        Rule.ONE_ASK,
        asking("What was clear today? What not?"),
        asking("What was clear today?"),
    ),
    "3 and did": (
        Rule.ONE_ASK,
        asking("What was your plan today and did it work?"),
        asking("What happened to your plan today?"),
    ),
    "4 how much did it help": (
        Rule.LEADING,
        asking("How much did drawing help you today?"),
        asking("Did drawing help, change nothing, or make it harder today?"),
    ),
    "4 don't you": (
        Rule.LEADING,
        asking("Don’t you think today was short?"),
        asking("What do you think of today?"),
    ),
    "4 praise": (Rule.LEADING, asking("What was amazing in {task}?"), asking("What was new in {task}?")),
    "5 a trait": (
        Rule.TRAIT,
        asking("How curious are you today?"),
        asking("What did you ask in today's lab?"),
    ),
    "5 usually": (
        Rule.TRAIT,
        asking("What do you usually do before {task}?"),
        asking("What did you do before {task}?"),
    ),
    "5 how sure is no trait": (
        Rule.TRAIT,
        asking("How patient are you with {task}?"),
        asking("How sure are you of {task}?"),
    ),
    "6 quotes nothing": (Rule.BUILDS_ON, flow(FIRST[0], *LAST), flow(*FIRST, *LAST)),
    "6 asks something else first": (
        Rule.BUILDS_ON,
        flow(day(), *FIRST, *LAST),
        flow(day(when={"not": {"remembered": "plan"}}), *FIRST, *LAST),
    ),
    "6 quotes what may have been skipped": (
        Rule.BUILDS_ON,
        between(say("You said {said.kept}.")),
        between(say("You said {said.kept}.", when=WAS_KEPT)),
    ),
    "7 ends on a look back": (
        Rule.FORWARD,
        flow(*FIRST, *LAST, day()),
        flow(*FIRST, *LAST, day(remember="day")),
    ),
    "7 may end on a look back": (
        Rule.FORWARD,
        flow(*FIRST, plan() | {"when": HELPED}, BYE),
        flow(*FIRST, plan(), BYE),
    ),
    "7 no phase": (
        Rule.FORWARD,
        between(exercises={"attributes": ["voice"], "phases": []}),
        between(exercises={"attributes": ["voice"], "phases": ["plan"]}),
    ),
    "8 no cue": (
        Rule.PLAN,
        flow(*FIRST, plan(cue="How will you do it?"), BYE),
        flow(*FIRST, plan(cue="What will tell you to begin?"), BYE),
    ),
    "9 a long ask": (
        Rule.PLAIN,
        asking("Think of today. Take your time for it. Which part of {task} was hard for you then?"),
        asking("Think of today. Take your time. Which part of {task} was hard?"),
    ),
    "9 a long sentence": (
        Rule.PLAIN,
        saying("We go through the whole of your work with you, part by part."),
        saying("We go through your work. We do it part by part."),
    ),
    "9 a quote is a sentence of its own": (
        Rule.PLAIN,
        between(say("You said {said.kept} in this class about what you had planned to do then.", when=WAS_KEPT)),
        between(say('You said in this class: "{said.kept}" It was about what you planned.', when=WAS_KEPT)),
    ),
    "9 a hard word": (
        Rule.PLAIN,
        asking("Which strategy did you use today?"),
        asking("Which way of working did you use today?"),
    ),
    "9 a hard word in an option": (
        Rule.PLAIN,
        between(menu("Ask", "Draw", "Collaborate")),
        between(menu("Ask", "Draw", "Work together")),
    ),
    "9 a habit's own name may stand": (
        Rule.PLAIN,
        saying("This week: working interdependently."),
        saying("This week: Thinking interdependently."),
    ),
    "9 hard to read as a whole": (
        Rule.PLAIN,
        between(*[say("Individual interpretations occasionally necessitate additional considerations.")] * 12),
        between(*[say("Some of us read it in one way, and some in two.")] * 12),
    ),
    "10 an idiom": (
        Rule.LITERAL,
        asking("Where in {task} did you hit the wall?"),
        asking("Where in {task} did you not know the next step?"),
    ),
    "10 two emoji": (Rule.LITERAL, saying("Hello 🙂🙂."), saying("Hello 🙂.")),
    "11 agreement": (
        Rule.SCALE,
        between(scale("disagree", "a bit", "mostly", "agree")),
        between(scale("none", "a bit", "most", "all")),
    ),
    "11 three points for the older ones": (
        Rule.SCALE,
        between(scale("none", "half", "all")),
        between(scale("none", "a little", "half", "most", "all")),
    ),
    "11 four points for the youngest": (
        Rule.SCALE,
        between(scale("none", "a bit", "most", "all"), band="8-10"),
        between(scale("none", "half", "all"), band="8-10"),
    ),
    "11 bare numbers": (
        Rule.SCALE,
        between(scale("1", "2", "3", "4")),
        between(scale("one", "two", "three", "four")),
    ),
    "11 faces": (
        Rule.SCALE,
        between(scale("🙁", "😐", "🙂", "😀")),
        between(scale("none", "a bit 🙂", "most", "all")),
    ),
    "11 levels that nobody says of oneself": (
        Rule.SCALE,
        between(rubric("Starts", "Goes on", "Ends")),
        between(rubric("I start", "I go on", "I end")),
    ),
    "12 two options": (Rule.FAIR_MENU, between(menu("Ask", "Draw")), between(menu("Ask", "Draw", "Wait"))),
    "12 seven options": (Rule.FAIR_MENU, between(menu(*"abcdefg")), between(menu(*"abcdef"))),
    "12 not one's own": (Rule.FAIR_MENU, between(menu(own=False)), between(menu(own=True))),
    "12 not none": (Rule.FAIR_MENU, between(menu(none=False)), between(menu(none=True))),
    "13 how much is enough": (
        Rule.ROOM,
        between(text("Which part today?", text={"lines": 2})),
        between(text("Which part today?", text={"lines": 2, "enough": "Two words."})),
    ),
    "13 no example": (
        Rule.ROOM,
        between(text("Which part today?", example="")),
        between(text("Which part today?", example="The legs.")),
    ),
    "13 no example of a cue": (
        Rule.ROOM,
        flow(*FIRST, plan(example=""), BYE),
        flow(*FIRST, plan(example="On Tuesday."), BYE),
    ),
    "13 in detail": (Rule.ROOM, asking("What in detail was hard today?"), asking("What was hard today?")),
    "14 why after a setback": (
        Rule.SETBACK,
        asking("Why did you stop on Tuesday?"),
        asking("What happened just before you stopped on Tuesday?"),
    ),
    "14 why about ideas is welcome": (
        Rule.SETBACK,
        asking("Why didn’t you go on today?"),
        asking("Why does ice float in today's test?"),
    ),
    "15 must": (Rule.INVITES, saying("You must end this."), saying("You can end this.")),
    "15 should you": (
        Rule.INVITES,
        asking("What should you do today?"),
        asking("What in today's lesson should we keep?"),
    ),
    "15 what was missed": (Rule.INVITES, saying("You missed two."), saying("Ready when you are.")),
    "15 streak": (Rule.INVITES, saying("That makes a streak."), saying("That makes three.")),
    "16 who asks": (
        Rule.WHO_READS,
        flow(say("This is about {task}."), KEPT, plan(), say("An answer comes by {reply_day}.")),
        flow(say("This is about {task}."), KEPT, *LAST),
    ),
    "16 when somebody writes back": (
        Rule.WHO_READS,
        flow(*FIRST, plan()),
        flow(*FIRST, plan(), visibility="private"),
    ),
    "17 home": (
        Rule.PROTECTED,
        asking("What at home was hard today?"),
        asking("What in today's homework was hard?"),
    ),
    "17 somebody is no body": (
        Rule.PROTECTED,
        saying("It is about the body."),
        saying("It is about somebody."),
    ),
    "1.1 three open questions": (
        Rule.BAND,
        between(*(text("Which part today?", id=f"part_{n}") for n in range(3))),
        between(
            text("Which part today?", id="part_1", when=HELPED),
            text("Which part today?", id="part_2", when=CHANGED_NOTHING),
            text("Which part today?", id="part_3", when={"not": {"any": [HELPED, CHANGED_NOTHING]}}),
        ),
    ),
    "1.1 far back": (
        Rule.BAND,
        asking("What was hard last term, in {task}?"),
        asking("What was hard last week, in {task}?"),
    ),
    "1.1 appraisal": (Rule.BAND, between(band="adults"), between(NO_APPRAISAL, band="adults")),
    "S3 pilot": (Rule.NOT_A_PILOT, saying("Welcome to our pilot."), saying("Welcome to our class.")),
    "S3 roll-out": (
        Rule.NOT_A_PILOT,
        between(about="The roll-out begins."),
        between(about="The week begins."),
    ),
}


def rules(document: Document, *, are_errors: bool) -> set[Rule]:
    """Name the rules that a document breaks."""
    return {finding.rule for finding in lint(document, PACKS) if finding.is_error is are_errors}


@pytest.mark.parametrize(("rule", "bad", "good"), ERRORS.values(), ids=ERRORS.keys())
def test_an_error_is_found_alone_and_only_where_it_is(rule: Rule, bad: Document, good: Document) -> None:
    assert rules(bad, are_errors=True) == {rule}
    assert rules(good, are_errors=True) == set()


@pytest.mark.parametrize(("rule", "bad", "good"), WARNINGS.values(), ids=WARNINGS.keys())
def test_a_warning_is_given_alone_and_only_where_it_is_due(rule: Rule, bad: Document, good: Document) -> None:
    assert lint(good, PACKS) == []
    assert {(finding.rule, finding.is_error) for finding in lint(bad, PACKS)} == {(rule, False)}


def test_every_rule_has_its_case() -> None:
    assert {rule for rule, _, _ in (*ERRORS.values(), *WARNINGS.values())} == set(Rule)


@pytest.mark.parametrize("name", sorted(flows()))
def test_the_flows_that_come_with_mull_break_no_rule(name: str) -> None:
    assert lint(flows()[name], packs()) == []


@pytest.mark.parametrize("name", sorted(packs()))
def test_the_packs_that_come_with_mull_make_fair_menus(name: str) -> None:
    assert lint(between(menu(**{"from": name})), packs()) == []


def test_a_finding_names_its_step_and_errors_come_first() -> None:
    found = lint(between(say("You must end this."), say("Hello.", then="nowhere")), PACKS)

    assert found == [
        Finding(3, "step_4", Rule.UNKNOWN_STEP, "`then` leads to nowhere, and there is no such step", is_error=True),
        Finding(2, "step_3", Rule.INVITES, "“must”: invite; nothing is owed, counted or marked"),
    ]


def test_a_warning_names_the_word_and_the_topic() -> None:
    (found,) = lint(asking("Which family of functions was hard today?"), PACKS)

    assert (found.step_id, found.message) == ("part", "“family”: may touch family; is it needed?")


def test_menus_kept_in_a_document_need_no_pack() -> None:
    document = between(menu()).model_copy(update={"menus": PACKS})

    assert lint(document, {}) == []


def test_wording_is_judged_in_english_only() -> None:
    assert lint(between(told(en="Hello.", de="Pilot: you must, and you must, and you must say it.")), PACKS) == []


def test_a_way_back_to_a_question_is_no_circle() -> None:
    more = menu("Yes", "No", "Not yet") | {"id": "more"}
    again = say("Then that one.", when={"said": {"more": ["yes"]}}, then="part")

    assert rules(between(text("Which part today?"), more, again), are_errors=True) == set()


@pytest.mark.parametrize(
    ("word", "count"),
    [
        ("a", 1),
        ("hard", 1),
        ("make", 1),
        ("asked", 1),
        ("stopped", 1),
        ("table", 2),
        ("needed", 2),
        ("boxes", 2),
        ("people", 2),
        ("colour", 2),
        ("playground", 2),
        ("expected", 3),
    ],
)
def test_syllables_are_counted_well_enough(word: str, count: int) -> None:
    assert syllables(word) == count


def test_a_text_is_cut_into_words_and_sentences() -> None:
    assert words("Don’t stop: in-between, 3 times.") == ["Don’t", "stop", "in-between", "3", "times"]
    assert [s.strip() for s in sentences("You wrote: draw it. Did it help? …")] == [
        "You wrote",
        "draw it",
        "Did it help",
    ]


def test_the_grade_tells_plain_from_hard() -> None:
    assert grade(["We drew the map. It was hard.", "Which step made you stop?"]) < 1
    assert grade(["Evaluate the effectiveness of your metacognitive strategies."]) > 12
    assert grade([]) == 0
