"""A learner's page as data: the conversation so far, the one open question, and what else there is."""

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import assert_never
from zoneinfo import ZoneInfo

from bot.adapters.notices import in_words
from bot.core.effects import (
    CONTROLS,
    CONTROLS_OF_FIRST,
    AskAboutPost,
    AskQuestion,
    CallAdult,
    CallGroup,
    Input,
    InviteGroup,
    OfferForm,
    Option,
    Prompt,
    SendMessage,
    SettleQuestion,
    ShowComment,
)
from bot.core.events import Control
from bot.core.people import Action, GroupId, Place
from bot.core.runs import Comment, Mode, Run, RunId, RunStatus
from bot.flows.conversation import in_focus
from bot.flows.flow import OWN, Flow
from bot.flows.phrases import phrases_in
from bot.flows.prompting import Prompting
from bot.flows.walk import before_prompt
from bot.runner.flow_menu import FlowChoice, load_menu
from bot.runner.flow_shelf import FlowShelf
from bot.storage.chat import BotLine, Chat, Line, OwnLine, last_prompt, load_chat
from bot.storage.connection import Connection
from bot.storage.groups import load_groups
from bot.storage.own_answers import has_run_of
from bot.storage.threads import ThreadRead
from bot.storage.turns import load_open_runs, load_runs
from bot.web.auth import Visitor
from bot.web.own_threads import newest_waiting


@dataclass(frozen=True, slots=True, kw_only=True)
class Bubble:
    """One thing said; `about` names the question where the one before it is another, `day` begins a new day."""

    is_own: bool
    text: str
    about: str = ""
    day: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Open:
    """The question that waits for an answer here."""

    run: RunId
    wait: int
    title: str
    prompt: Prompt
    controls: tuple[Control, ...]
    is_form: bool

    @property
    def options(self) -> tuple[Option, ...]:
        """List the buttons; one's own words have a field of their own."""
        return tuple(option for option in self.prompt.options if option.value != OWN)

    @property
    def own_words(self) -> str:
        """Find what was said before and is none of the options."""
        said = (self.prompt.said,) if isinstance(self.prompt.said, str) else self.prompt.said
        if self.prompt.input in (Input.TEXT, Input.DATE):
            return said[0] if said else ""
        known = {option.value for option in self.prompt.options}
        return ", ".join(value for value in said if value not in known)


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    """A run that is open but not on show."""

    run: RunId
    flow: str
    group: GroupId | None
    title: str
    until: datetime | None
    is_shown: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupChoice:
    """A group in which one may answer, with what can be begun there."""

    id: GroupId
    name: str
    zone: str
    flows: tuple[FlowChoice, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class MyPage:
    """Everything on a learner's page; `newest` is the last effect it shows, `has_rounds` says whether they were ever in
    a feedback round of one of these groups, `written` is what somebody wrote to them and waits."""

    bubbles: tuple[Bubble, ...]
    newest: int
    is_cut: bool
    open: Open | None
    waiting: tuple[Waiting, ...]
    groups: tuple[GroupChoice, ...]
    zone: str
    has_rounds: bool
    written: ThreadRead | None


FlowOf = Callable[[Run], Flow]


def load_my_page(
    connection: Connection, shelf: FlowShelf, who: Visitor, now: datetime, *, run: str = "", most: int
) -> MyPage:
    """Read a learner's page; `run` names an open run to go on with instead of the last one."""

    def flow_of(of: Run) -> Flow:
        return shelf.get(connection, of.flow, of.version, of.opening.lang)

    runs = load_open_runs(connection, [who.person])[who.person]
    focus = _focus(runs, who.place, run, now)
    groups = load_group_choices(connection, who)
    zone = groups[0].zone if groups else "UTC"
    chat = load_chat(connection, who.place, who.person, most)
    known = load_runs(connection, {line.run for line in chat.lines if isinstance(line, OwnLine)})
    written = newest_waiting(connection, who.person)
    return MyPage(
        bubbles=tuple(_bubbles(_without(chat, written), focus, known, now.astimezone(ZoneInfo(zone)))),
        newest=chat.newest,
        is_cut=chat.is_cut,
        open=_open(connection, who.place, focus, flow_of(focus)) if focus else None,
        waiting=tuple(
            Waiting(
                run=r.id,
                flow=r.flow,
                group=r.group,
                title=flow_of(r).title,
                until=r.put_off_until if r.put_off_until and r.put_off_until > now else None,
                is_shown=r.is_shown,
            )
            for r in sorted(runs.values(), key=lambda r: (r.started_at, r.id))
            if r is not focus
        ),
        groups=groups,
        zone=zone,
        has_rounds=has_run_of(connection, who.person, "peer-share", [group.id for group in groups]),
        written=written,
    )


def load_group_choices(connection: Connection, who: Visitor) -> tuple[GroupChoice, ...]:
    """List the groups in which somebody may answer, and the flows made for groups like these."""
    rows = load_groups(connection, who.actor.groups(Action.ANSWER))
    menu = load_menu(connection).values() if rows else ()
    return tuple(
        GroupChoice(
            id=GroupId(row.id),
            name=row.name,
            zone=row.zone,
            flows=tuple(flow for flow in menu if flow.is_offered_in(row.setting)),
        )
        for row in rows
    )


def _focus(runs: dict[RunId, Run], place: Place, wanted: str, now: datetime) -> Run | None:
    named = runs.get(RunId(wanted))
    if named is not None and named.is_shown:
        return named
    awake = {run.id: run for run in runs.values() if run.put_off_until is None or run.put_off_until <= now}
    return in_focus(awake, place)


def _open(connection: Connection, place: Place, run: Run, flow: Flow) -> Open | None:
    """Write the open question out anew, with the slip that was said last: what was sent may be gone by now."""
    question = flow.questions.get(run.key or "")
    if question is None or run.status is not RunStatus.OPEN:
        return None
    shown = last_prompt(connection, place, run)
    slip = shown.prompt.slip if isinstance(shown, AskQuestion) else ""
    return Open(
        run=run.id,
        wait=run.wait,
        title=flow.title,
        prompt=Prompting(flow, run, run.said).lone_prompt(question, slip),
        controls=CONTROLS if run.trail and question.key != run.trail[0] else CONTROLS_OF_FIRST,
        is_form=run.mode is Mode.FORM,
    )


def _without(chat: Chat, written: ThreadRead | None) -> Chat:
    """Leave out of the conversation what stands above the question anyway: the same words twice confuse."""
    if written is None:
        return chat
    return replace(chat, lines=tuple(line for line in chat.lines if not _is_about(line, written)))


def _is_about(line: Line, written: ThreadRead) -> bool:
    effect = line.effect if isinstance(line, BotLine) else None
    if isinstance(effect, ShowComment):
        return effect.comment.thread == written.id and effect.comment.text == written.said[-1].text
    last = written.said[-1]
    comment = Comment(thread=written.id, by=last.name, about=written.about, text=last.text)
    return isinstance(effect, SendMessage) and effect.text == before_prompt(comment, phrases_in("en"))


def _bubbles(chat: Chat, focus: Run | None, known: dict[RunId, Run], now: datetime) -> Iterator[Bubble]:
    seen: set[tuple[RunId, int]] = {(focus.id, focus.wait)} if focus else set()
    together = Counter((line.run, line.at) for line in chat.lines if isinstance(line, OwnLine))
    last_day = now.date() if chat.lines and _day(chat.lines[0], now) == now.date() else None
    above = ""
    for line in sorted(chat.lines, key=lambda line: _order(line, known)):
        text = _text(line, seen)
        if text is None:
            continue
        if isinstance(line, BotLine) and isinstance(line.effect, AskQuestion):
            above = text
        day = _day(line, now)
        yield Bubble(
            is_own=isinstance(line, OwnLine),
            text=text,
            about=_about(line, known, together, above),
            day="" if day == last_day else _name(day, now),
        )
        last_day = day


def _order(line: Line, known: dict[RunId, Run]) -> tuple[datetime, int, int]:
    """Put the answers of a form in the order of its questions: they all came at once."""
    if isinstance(line, BotLine):
        return (line.at, 1, line.seq)
    keys = list(known[line.run].said) if line.run in known else []
    return (line.at, 0, keys.index(line.key) if line.key in keys else 0)


def _text(line: Line, seen: set[tuple[RunId, int]]) -> str | None:
    """Write a line; a question that was shown before, or is open below, is not shown again."""
    if isinstance(line, OwnLine):
        return line.said
    match line.effect:
        case SendMessage(text=text):
            return text
        case AskQuestion() as asked:
            if (asked.run, asked.wait) in seen:
                return None
            seen.add((asked.run, asked.wait))
            return asked.prompt.text
        case OfferForm() as offered:
            if (offered.run, -1) in seen:
                return None
            seen.add((offered.run, -1))
            return f"{offered.title}: all questions on one page."
        case AskAboutPost(text=text):
            return text
        case ShowComment() | CallAdult():
            return in_words(line.effect)
        case SettleQuestion() | InviteGroup() | CallGroup():
            return None
        case _:
            assert_never(line.effect)


def _about(line: Line, known: dict[RunId, Run], together: Counter[tuple[RunId, datetime]], above: str) -> str:
    """Name the question of an answer that does not stand below it.

    That is one from a form, one changed later, and one given after another question had come in between.
    """
    if isinstance(line, BotLine):
        return ""
    run = known.get(line.run)
    is_of_form = together[line.run, line.at] > 1 or (run is not None and run.mode is Mode.FORM)
    return line.asked if line.revision or is_of_form or (above and above != line.asked) else ""


def _day(line: Line, now: datetime) -> date:
    return line.at.astimezone(now.tzinfo).date()


def _name(day: date, now: datetime) -> str:
    return "Today" if day == now.date() else f"{day:%A} {day.day} {day:%B}"
