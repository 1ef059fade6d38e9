"""Judge a flow before anybody meets it: errors are refused, warnings are for a person to decide. Pure.

Here is what a flow cannot go on with or a platform cannot show; `wording` holds the rules for good prompts.
"""

from collections import Counter
from collections.abc import Iterator

from bot.flows.document import AskStep, ChoiceStep, Document, Given, RubricStep, Said, Step, TextStep
from bot.flows.findings import (
    FILLED,
    NEEDED,
    Finding,
    Packs,
    Part,
    Piece,
    Rule,
    follows_of,
    options_of,
    pieces,
    step_name,
)
from bot.flows.flow import CANT_SAY, END, NONE, OWN, PLACEHOLDER, Flow, Leg, pick
from bot.flows.routes import Routes, conditions_in, keys_in, places_in, routes
from bot.flows.wording import judge_wording

WORDS = ("first_name", "facilitator", "group", "task", "reply_day")
"""What a placeholder may name, besides `said.KEY`, `remembered.NAME` and `given.NAME`."""

MAY_BE_UNSET = frozenset({"task"})
"""What a facilitator may leave open, so that a flow brings its own."""

SHORT = 45
LONGEST = {
    Part.TITLE: SHORT,
    Part.LABEL: SHORT,  # a Discord modal's label
    Part.OPTION: 75,  # a Slack button
    Part.POINT: 75,
    Part.LEVEL: 75,
}
LONGEST_MESSAGE = 2_000  # a Discord message

FEWEST_OPTIONS = 2

BLOCKING = frozenset({Rule.UNKNOWN_STEP, Rule.DUPLICATE_STEP, Rule.UNKNOWN_PACK})
"""What has to be mended before routes can be followed."""


def lint(document: Document, packs: Packs) -> list[Finding]:
    """List all that is wrong with a document: errors first, each in the order of the steps."""
    texts = pieces(document, packs)
    wanted = {s.choice.from_ for s in document.steps if isinstance(s, ChoiceStep) and s.choice.from_}
    menus = {name: list(document.menus.get(name) or packs.get(name, ())) for name in wanted}
    flow = Flow(document.model_copy(update={"menus": menus}), "en")
    found = [*_steps(document), *_menus(document, packs, flow), *_lengths(texts), *_labels(document)]
    found += [*_places(document, texts, flow), *_conditions(flow), *_given(document, flow)]
    ways: Routes | None = None
    if not any(finding.rule in BLOCKING for finding in found):
        ways = routes(flow, _sentences(document, texts), _open_steps(document))
        mended_first = {finding.step_index for finding in found if finding.rule is Rule.UNKNOWN_VALUE}
        found += [f for f in _routes(flow, ways, texts) if f.step_index not in mended_first]
    found += judge_wording(document, texts, packs, ways)
    found = list(dict.fromkeys(found))
    return sorted(found, key=lambda f: (not f.is_error, -1 if f.step_index is None else f.step_index))


def _error(leg: Leg, rule: Rule, message: str) -> Finding:
    return Finding(leg.index, leg.id, rule, message, is_error=True)


# Steps and menus.


def _steps(document: Document) -> Iterator[Finding]:
    names = [step_name(document, index) for index in range(len(document.steps))]
    for index, (name, step) in enumerate(zip(names, document.steps, strict=True)):
        if name in names[:index]:
            message = f"another step is named {name}; give this one a name of its own"
            yield Finding(index, name, Rule.DUPLICATE_STEP, message, is_error=True)
        if name == END:
            message = f"`{END}` means the end of a flow; give this step another name"
            yield Finding(index, name, Rule.DUPLICATE_STEP, message, is_error=True)
        if step.then is not None and step.then != END and step.then not in names:
            message = f"`then` leads to {step.then}, and there is no such step"
            yield Finding(index, name, Rule.UNKNOWN_STEP, message, is_error=True)


def _menus(document: Document, packs: Packs, flow: Flow) -> Iterator[Finding]:
    for leg, step in zip(flow.legs, document.steps, strict=True):
        if not isinstance(step, ChoiceStep):
            continue
        pack = step.choice.from_
        if pack is not None and pack not in packs and pack not in document.menus:
            yield _error(leg, Rule.UNKNOWN_PACK, f"there is no pack named {pack}")
            continue
        if not step.choice.offered and len(options_of(step, document, packs)) < FEWEST_OPTIONS:
            yield _error(leg, Rule.MENU, "a menu needs two options or more")
        values = Counter(option.value for option in leg.questions[0].options)
        values.subtract([OWN] * step.choice.own + [NONE] * step.choice.none)
        for value, count in values.items():
            if count > 1:
                yield _error(leg, Rule.MENU, f"two options are the same to the bot: {value}")
            if count > 0 and value in (OWN, NONE, CANT_SAY):
                yield _error(leg, Rule.MENU, f"the value {value} belongs to the bot; use `own: true` or `none: true`")


# Texts.


def _lengths(texts: list[Piece]) -> Iterator[Finding]:
    for piece in texts:
        versions = piece.by_language().values()
        if piece.part in NEEDED and not (versions and all(text.strip() for text in versions)):
            yield piece.finding(Rule.EMPTY, f"the {piece.part} is blank", is_error=True)
        most = LONGEST.get(piece.part, LONGEST_MESSAGE)
        for text in versions:
            if len(text) > most:
                message = f"the {piece.part} has {len(text):,} characters; there is room for {most:,}"
                yield piece.finding(Rule.TOO_LONG, message, is_error=True)


def _labels(document: Document) -> Iterator[Finding]:
    """Find questions that a form could not name: long, or with places to fill, and without a label."""
    for index, step in enumerate(document.steps):
        if not isinstance(step, AskStep):
            continue
        for part in (step, *follows_of(step).values()):
            asks = {"en": part.ask} if isinstance(part.ask, str) else part.ask
            bare = [ask for lang, ask in asks.items() if not pick(part.label, lang)]
            if any(len(ask) > SHORT or PLACEHOLDER.search(ask) for ask in bare):
                message = f"forms have little room: give “{bare[0]}” a label of {SHORT} characters at most"
                yield Finding(index, step.id, Rule.LABEL, message, is_error=True)


def _places(document: Document, texts: list[Piece], flow: Flow) -> Iterator[Finding]:
    for name in document.fallbacks:
        if name not in WORDS:
            message = f"fallbacks: there is no placeholder {{{name}}}"
            yield Finding(None, "", Rule.PLACEHOLDER, message, is_error=True)
    for piece in texts:
        for text in piece.by_language().values():
            if piece.part not in FILLED:
                if "{" in text:
                    message = f"placeholders are filled in questions, examples and what is said, not in: {piece.part}"
                    yield piece.finding(Rule.PLACEHOLDER, message, is_error=True)
                continue
            for name in PLACEHOLDER.findall(text):
                yield from _place(piece, name, document, flow)
            if "{" in PLACEHOLDER.sub("", text):
                yield piece.finding(Rule.PLACEHOLDER, "a { begins no placeholder", is_error=True)


def _place(piece: Piece, name: str, document: Document, flow: Flow) -> Iterator[Finding]:
    kind, _, rest = name.partition(".")
    if kind == "said" and rest:
        if rest not in flow.questions:
            message = f"{{{name}}} names a question that is not there"
            yield piece.finding(Rule.UNKNOWN_STEP, message, is_error=True)
    elif kind == "given" and rest:
        if rest not in document.given:
            message = f"{{{name}}} is handed over by nobody: list it under `given`"
            yield piece.finding(Rule.PLACEHOLDER, message, is_error=True)
    elif name not in WORDS and not (kind == "remembered" and rest):
        message = f"there is no placeholder {{{name}}}"
        yield piece.finding(Rule.PLACEHOLDER, message, is_error=True)
    elif name in MAY_BE_UNSET and name not in document.fallbacks:
        message = f"{{{name}}} may be unset: say under `fallbacks` what stands in"
        yield piece.finding(Rule.PLACEHOLDER, message, is_error=True)


# Conditions and routes.


def _conditions(flow: Flow) -> Iterator[Finding]:
    for leg in flow.legs:
        for key in sorted(keys_in(leg.when) - flow.questions.keys()):
            yield _error(leg, Rule.UNKNOWN_STEP, f"`when` names {key}, and there is no such question")
        for leaf in conditions_in(leg.when):
            for key, wanted in leaf.said.items() if isinstance(leaf, Said) else ():
                yield from _values(leg, key, wanted, flow)


def _given(document: Document, flow: Flow) -> Iterator[Finding]:
    """What a program hands over is there only where a program begins the flow."""
    is_offered = any(question.takes_offered for question in flow.questions.values())
    if (document.given or is_offered) and document.begun_by == "anybody":
        yield Finding(None, "", Rule.PLACEHOLDER, "only a program hands something over: `begun_by: program`", True)
    for leg in flow.legs:
        for leaf in conditions_in(leg.when):
            if isinstance(leaf, Given) and leaf.given not in document.given:
                yield _error(leg, Rule.PLACEHOLDER, f"`when` looks at given {leaf.given}: list it under `given`")


def _values(leg: Leg, key: str, wanted: list[str], flow: Flow) -> Iterator[Finding]:
    question = flow.questions.get(key)
    if question is None:
        return
    known = [option.value for option in question.options if option.value != OWN]
    if not known:
        message = f"{key} has no options to compare with; use `answered: {key}`"
        yield _error(leg, Rule.UNKNOWN_VALUE, message)
    elif not wanted or not set(wanted) <= set(known):
        named = ", ".join(value for value in wanted if value not in known) or "nothing"
        message = f"`when` asks whether {key} was {named}; it can be {', '.join(known)}"
        yield _error(leg, Rule.UNKNOWN_VALUE, message)


def _sentences(document: Document, texts: list[Piece]) -> dict[int, str]:
    """Put together what is filled at each step; who reads it is said at every question."""
    found: dict[int, str] = {}
    asking = [index for index, step in enumerate(document.steps) if isinstance(step, AskStep)]
    for piece in texts:
        if piece.part not in FILLED:
            continue
        for index in asking if piece.index is None else [piece.index]:
            found[index] = " ".join([found.get(index, ""), *piece.by_language().values()])
    return found


def _open_steps(document: Document) -> frozenset[int]:
    """Find the steps answered in free text; the boxes of a comment on somebody's work count as one."""
    found = [n for n, step in enumerate(document.steps) if isinstance(step, TextStep | RubricStep)]
    boxes = [n for n in found if _is_box(document.steps[n])]
    return frozenset(found) - frozenset(boxes[1:])


def _is_box(step: Step) -> bool:
    return isinstance(step, TextStep) and step.probe is not None and step.probe.by == "comment"


def _routes(flow: Flow, ways: Routes, texts: list[Piece]) -> Iterator[Finding]:
    if ways.are_too_many:
        message = "this flow branches in more ways than can be checked; use fewer conditions"
        yield Finding(None, "", Rule.TOO_MANY_WAYS, message, is_error=True)
        return
    for index in sorted(ways.circles):
        yield _error(flow.legs[index], Rule.CIRCLE, "from here the flow goes in a circle without asking anything")
    for leg in flow.legs:
        early = list(_too_early(leg, ways))
        yield from early
        if leg.index not in ways.shown and not early and not ways.circles:
            yield _error(leg, Rule.UNREACHABLE, "nothing leads to this step")
    for piece in texts:
        if piece.part not in FILLED:
            continue
        at = [leg.index for leg in flow.legs if leg.questions] if piece.index is None else [piece.index]
        for index in [index for index in at if index in ways.shown]:
            yield from _holes(piece, flow.legs[index], ways)


def _too_early(leg: Leg, ways: Routes) -> Iterator[Finding]:
    spots = ways.reached.get(leg.index, set())
    for key in sorted(keys_in(leg.when)) if spots else ():
        if not any(key in spot.values() for spot in spots):
            yield _error(leg, Rule.TOO_EARLY, f"`when` looks at {key}, which is never asked before this step")


def _holes(piece: Piece, leg: Leg, ways: Routes) -> Iterator[Finding]:
    """Find placeholders that nothing, or not always something, fills."""
    own = [question.key for question in leg.questions]
    spots = ways.shown[leg.index]
    for text in piece.by_language().values():
        for key in sorted(places_in(text, "said")):
            if key in own and piece.key in own and own.index(key) < own.index(piece.key):
                continue
            if key in own or not any(key in spot.values() for spot in spots):
                message = f"{{said.{key}}} is never asked before this"
                yield piece.finding(Rule.TOO_EARLY, message, is_error=True)
            elif any(spot.values().get(key) is None for spot in spots):
                message = f"{{said.{key}}} may have been skipped; add `when: {{answered: {key}}}`"
                yield piece.finding(Rule.BUILDS_ON, message)
        for kind, name in [(k, n) for k in ("remembered", "given") for n in sorted(places_in(text, k))]:
            known = f"{kind}.{name}"
            if known in ways.varying and any(known not in spot.known for spot in spots):
                message = f"{{{known}}} may be nothing; add `when: {{{kind}: {name}}}`"
                yield piece.finding(Rule.PLACEHOLDER, message, is_error=True)
