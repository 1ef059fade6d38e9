"""Every warning of the linter: its rule, a flow that breaks it, and one that does not."""

from bot.flows.findings import Rule
from tests.flows.lint_documents import (
    BY_PROGRAM,
    BYE,
    CHANGED_NOTHING,
    FIRST,
    HELPED,
    KEPT,
    LAST,
    NO_APPRAISAL,
    WAS_KEPT,
    asking,
    between,
    day,
    flow,
    menu,
    offered,
    plan,
    rubric,
    say,
    saying,
    scale,
    text,
)

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
    "6 a program hands over nothing that is used": (
        Rule.BUILDS_ON,
        flow(FIRST[0], *LAST, **BY_PROGRAM),
        flow(FIRST[0], say("You asked: {given.ask}"), *LAST, **BY_PROGRAM),
    ),
    "6 what is handed over in who reads it": (
        Rule.BUILDS_ON,
        flow(FIRST[0], *LAST, **BY_PROGRAM, reads="{facilitator} reads this."),
        flow(FIRST[0], *LAST, **BY_PROGRAM, reads="{given.ask} reads this."),
    ),
    "6 a menu that a program makes": (
        Rule.BUILDS_ON,
        flow(FIRST[0], menu(), *LAST, **BY_PROGRAM),
        flow(FIRST[0], offered(), *LAST, **BY_PROGRAM),
    ),
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
    "12 not none, offered by a program": (
        Rule.FAIR_MENU,
        between(offered(none=False), **BY_PROGRAM),
        between(offered(own=False), **BY_PROGRAM),
    ),
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
    "16 nobody to answer where nothing is asked": (
        Rule.WHO_READS,
        flow(say("{facilitator} asks about {task}."), KEPT, plan()),
        flow(say("That is all for {task}.")),
    ),
    "16 who reads it, in too many words": (
        Rule.WHO_READS,
        between(reads="The whole class of {group} reads this."),
        between(reads="{given.ask} and the class read this.", **BY_PROGRAM),
    ),
    "16 who reads it, in no words": (
        Rule.WHO_READS,
        between(reads=" "),
        between(reads=""),
    ),
    "17 who reads it": (
        Rule.PROTECTED,
        between(reads="Your family can read this."),
        between(reads="Your group can read this."),
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
    "1.1 the boxes of one comment are one open question": (
        Rule.BAND,
        between(*(text("Which part today?", id=f"part_{n}", probe={"by": "depth"}) for n in range(3))),
        between(*(text("Which part today?", id=f"part_{n}", probe={"by": "comment"}) for n in range(3))),
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
