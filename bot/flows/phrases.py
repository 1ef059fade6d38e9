"""What the bot itself says around a flow's own sentences, by language."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Phrases:
    """One language: buttons, words people may type, kind sentences."""

    # Options that every menu may have.
    my_own: str
    none_of_these: str
    cant_say: str

    # Words that stand for a button, as people type them.
    words: dict[str, frozenset[str]]
    buttons: dict[str, str]
    days: dict[str, int]
    today: frozenset[str]
    tomorrow: frozenset[str]

    # Who reads it, in six words or fewer.
    reads_private: str
    reads_facilitators: str
    reads_group: str
    your_facilitator: str
    and_others: str

    # What this is and is not, said once, with the first question somebody ever gets.
    what_this_is: str

    # Answers to what people do.
    help: str
    help_idle: str
    first_question: str
    put_off: str
    at_time: str
    tomorrow_at: str
    stopped: str
    stopped_errand: str
    nudge: str
    reminder: str
    brought_back: str
    old_button: str
    nothing_open: str
    is_open_already: str
    one_more: str
    comment_before: str
    more_waiting: str
    not_yours: str
    edited: str
    taken_back: str
    broken: str
    done: str
    probes: dict[int, str]
    probes_adult: dict[int, str]

    # Comments on somebody's work.
    naming: dict[str, str]
    nudges: dict[str, str]
    send_as_it_is: str

    # Slips.
    slip_empty: str
    slip_long: str
    slip_sign: str
    slip_menu: str
    slip_menu_again: str
    slip_own: str
    slip_date: str
    slip_most: str
    slip_nobody: str


ENGLISH = Phrases(
    my_own="In my own words",
    none_of_these="None of these",
    cant_say="Can't say",
    words={
        "skip": frozenset({"skip", "pass"}),
        "back": frozenset({"back", "go back"}),
        "later": frozenset({"later", "not now"}),
        "tomorrow": frozenset({"tomorrow"}),
        "stop": frozenset({"stop", "quit"}),
        "help": frozenset({"help", "?", "who reads this", "who reads this?"}),
    },
    buttons={
        "skip": "Skip",
        "back": "Back",
        "later": "Later today",
        "tomorrow": "Tomorrow",
        "stop": "Stop here",
        "help": "Who reads this?",
    },
    days={
        "monday": 0,
        "tuesday": 1,
        "wednesday": 2,
        "thursday": 3,
        "friday": 4,
        "saturday": 5,
        "sunday": 6,
    },
    today=frozenset({"today", "now"}),
    tomorrow=frozenset({"tomorrow"}),
    reads_private="Only you see this.",
    reads_facilitators="{facilitator} will read this.",
    reads_group="Your group can read this.",
    your_facilitator="Your teacher",
    and_others="{first} and {count} more",
    what_this_is=(
        "Answers are read on school days, not around the clock, and this is no emergency line. "
        "If something can't wait, go to an adult near you."
    ),
    help=(
        "{reads} You can skip any question, go back, or stop; what you said is kept and you can change it. "
        "Nobody watches this around the clock. "
        "Somebody to talk to: {facilitator}, or any adult you trust."
    ),
    help_idle=(
        "No question is open right now. You can begin a check-in any time. "
        "Nobody watches this around the clock: to talk to somebody, go to any adult you trust."
    ),
    first_question="This is the first question.",
    put_off="No rush. I'll ask again {when}.",
    at_time="at {time}",
    tomorrow_at="tomorrow at {time}",
    stopped_errand="We stop here, and that is fine. What you wrote is kept.",
    stopped="We stop here. What you wrote is kept. You can begin again whenever you like.",
    nudge="Your question is still here. Ready when you are.",
    reminder="{facilitator} would still like to hear from you. It is open, and late is fine.",
    brought_back="{by} asked me to bring this back to you. Ready when you are, and “later” is fine too.",
    old_button="That question is closed. You can change what you said among your answers.",
    nothing_open="No question is open right now, so I haven't kept that. You can begin a check-in any time.",
    is_open_already="You have this one open. Let's go on where you were.",
    one_more="One more is waiting: {title}.",
    comment_before="Before we begin: {by} wrote about your “{about}”\n\n{text}",
    more_waiting="After it: {count} more.",
    not_yours="That is not yours to answer.",
    edited="Changed. The earlier version is kept too.",
    taken_back="Taken back: the question counts as skipped. What you wrote before is kept as an earlier version.",
    broken="Something in these questions is broken, so we stop here. What you wrote is kept.",
    done="That was the last question. Thank you.",
    probes={
        1: "Pick one moment. What were you working on?",
        2: "What made you do that just then?",
        3: "Where could you use that next?",
    },
    probes_adult={
        1: "Which lesson or meeting are you thinking of?",
        2: "What told you it was time to do that?",
        3: "What would you expect to see if that is the reason?",
    },
    naming={
        "named": "Your name stands beside it.",
        "hidden": "Other learners don't see your name; {facilitator} can.",
    },
    nudges={
        "praise": "What did you notice that made it work?",
        "place": "Where? Copy three words, or name the part.",
        "person": 'Could you say it about the work? For example: "The opening …"',
        "number": "No marks here. What would move it on?",
        "many": "Several points at once. Which one first?",
        "copied": "You wrote this about another piece. What is different in this one?",
    },
    send_as_it_is="Send it as it is",
    slip_empty="I got an empty answer. A few words will do, or skip it.",
    slip_long="That is {count} characters; I can keep {most}. Could you make it shorter?",
    slip_sign="There is a sign in it that I can't keep. Could you write it once more?",
    slip_menu="I was looking for one of these. Which fits?",
    slip_menu_again="Which of these fits? You can answer with its number, or skip.",
    slip_own="Go ahead, write it in your own words.",
    slip_date="Which day? For example {example}, or just the name of the day.",
    slip_most="You can pick {most} at most.",
    slip_nobody="There is nobody to pick yet. You can skip this one.",
)

BY_LANGUAGE = {"en": ENGLISH}


def phrases_in(lang: str) -> Phrases:
    """Find the phrases for a language; English stands in."""
    return BY_LANGUAGE.get(lang) or BY_LANGUAGE.get(lang.partition("-")[0]) or ENGLISH
