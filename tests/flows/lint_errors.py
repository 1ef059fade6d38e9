"""Every error of the linter: its rule, a flow that breaks it, and one that does not."""

from bot.flows.findings import Rule
from tests.flows.lint_documents import (
    BY_PROGRAM,
    BYE,
    CHANGED_NOTHING,
    FIRST,
    HAS_WAY,
    HELPED,
    LAST,
    WAS_KEPT,
    between,
    day,
    flow,
    menu,
    offered,
    plan,
    say,
    saying,
    scale,
    text,
    told,
)

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
    "no such placeholder in an example": (
        Rule.PLACEHOLDER,
        between(text("Which part today?", example="The legs of {name}.")),
        between(text("Which part today?", example="The legs of {task}.")),
    ),
    "an example quotes what is asked later": (
        Rule.TOO_EARLY,
        between(text("Which part today?", example="Like {said.next}.")),
        between(text("Which part today?", example="Like {said.kept}.", when=WAS_KEPT)),
    ),
    "no such placeholder in who reads it": (
        Rule.PLACEHOLDER,
        between(reads="{name} reads this."),
        between(reads="{facilitator} reads this."),
    ),
    "who reads it may be nothing": (
        Rule.PLACEHOLDER,
        between(reads="{remembered.who} reads this."),
        between(reads="{given.ask} reads this.", **BY_PROGRAM),
    ),
    "who reads it is quoted before it is said": (
        Rule.TOO_EARLY,
        between(reads="{said.next} reads this."),
        between(reads="{group} reads this."),
    ),
    # What a program hands over.
    "nobody hands it over": (
        Rule.PLACEHOLDER,
        between(say("Read this: {given.wish}"), **BY_PROGRAM),
        between(say("Read this: {given.ask}"), **BY_PROGRAM),
    ),
    "a condition looks at what nobody hands over": (
        Rule.PLACEHOLDER,
        between(say("Hello.", when={"given": "wish"}), **BY_PROGRAM),
        between(say("Hello.", when={"given": "ask"}), **BY_PROGRAM),
    ),
    "something is handed over where anybody begins": (
        Rule.PLACEHOLDER,
        between(given=["ask"]),
        between(**BY_PROGRAM),
    ),
    "a menu is offered where anybody begins": (
        Rule.PLACEHOLDER,
        between(offered()),
        between(offered(), **BY_PROGRAM),
    ),
    "what is looked at may be nothing": (
        Rule.PLACEHOLDER,
        between(say("Hello.", when={"given": "ask"}), say("Read this: {given.ask}"), **BY_PROGRAM),
        between(say("Hello.", when={"given": "ask"}), say("{given.ask}", when={"given": "ask"}), **BY_PROGRAM),
    ),
    "what a question looked at may be nothing later": (
        Rule.PLACEHOLDER,
        between(day(when={"given": "ask"}), day(id="then"), say("{given.ask}"), **BY_PROGRAM),
        between(day(when={"given": "ask"}), say("{given.ask}", when={"answered": "day"}), **BY_PROGRAM),
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
