"""One step of one run: `advance(flow, run, event)` gives the next run and what is to be done. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import time, timedelta
from typing import assert_never
from zoneinfo import ZoneInfo

from bot.core.effects import AnyEffect
from bot.core.events import (
    AnswerEdited,
    ChoicePressed,
    Control,
    ControlPressed,
    FormSubmitted,
    Raw,
    RunEvent,
    RunReminded,
    RunRequested,
    RunResumed,
    TextChanged,
    TextReceived,
    TimerFired,
)
from bot.core.runs import OPEN, Answer, Memory, Run, RunStatus, Timer, TimerKind, Value
from bot.core.schedules import next_day
from bot.core.timing import after_quiet
from bot.flows.flow import Flow, Question
from bot.flows.form import applies, asked_in, path
from bot.flows.reading import Slip, read
from bot.flows.walk import Walk

LATER = timedelta(hours=3)
TOMORROW_AT = time(15, 0)
LATEST = time(20, 0)
"""After this, "later today" means tomorrow."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Turn:
    """What one event did to one run; `timer` is the only one the run now has."""

    run: Run
    effects: tuple[AnyEffect, ...] = ()
    answers: tuple[Answer, ...] = ()
    memories: tuple[Memory, ...] = ()
    timer: Timer | None = None


def begin(flow: Flow, run: Run, event: RunEvent) -> Turn:
    """Walk a run to its first question."""
    walk = Walk(flow, run, event)
    walk.is_shown = True
    walk.tell_comments()
    walk.go_on(flow.legs[0])
    return _turn(walk)


def offer(flow: Flow, run: Run, event: RunEvent, first_effect: int, lead: str = "") -> Turn:
    """Show the open question of a run again, or begin it where it was not shown; effects count from `first_effect`."""
    walk = Walk(flow, run, event, first_effect)
    if lead:
        walk.tell(lead)
    if run.is_shown:
        walk.ask()
    else:
        walk.is_shown = True
        walk.tell_comments()
        walk.go_on(flow.legs[0])
    return _turn(walk)


def advance(flow: Flow, run: Run, event: RunEvent) -> Turn:
    """Let one event happen to one run; never raises, whatever the event holds.

    A button of an earlier prompt, or of a run that is over, gets a kind sentence and changes nothing. A flow that
    cannot go on ends the run as `broken`, visibly.
    """
    walk = Walk(flow, run, event)
    if isinstance(event, AnswerEdited):
        _edit(walk, event)
    elif run.status is not OPEN or walk.question is None:
        if not isinstance(event, TimerFired | RunReminded):
            walk.tell(flow.phrases.old_button)
    else:
        _react(walk, walk.question, event)
    return _turn(walk)


def _react(walk: Walk, question: Question, event: RunEvent) -> None:
    match event:
        case TextReceived():
            control = walk.flow.controls.get(event.text.strip().casefold().rstrip(".!"))
            is_a_day = question.asks_when and control is Control.TOMORROW
            if control is not None and not is_a_day:
                _obey(walk, question, control)
            else:
                _answer(walk, question, event.text)
        case ChoicePressed() | ControlPressed() if event.wait != walk.wait:
            walk.tell(walk.phrases.old_button)
        case ChoicePressed():
            _answer(walk, question, event.chosen)
        case ControlPressed():
            _obey(walk, question, event.control)
        case FormSubmitted():
            _fill_in(walk, event.raw)
        case TimerFired():
            _wake(walk, event)
        case RunReminded():
            _remind(walk, _lead(walk, event))
        case AnswerEdited() | RunRequested() | RunResumed() | TextChanged():
            raise TypeError(f"{type(event).__name__} is no event of an open question")
        case _:
            assert_never(event)


def _answer(walk: Walk, question: Question, raw: Raw) -> None:
    value = read(question, raw, walk.run.opening, walk.phrases, walk.event.at)
    if not isinstance(value, Slip):
        walk.record(question, value)
        walk.go_on_after(question)
        return
    walk.slips += value.counts
    sentence = value.sentence
    if walk.slips > 1 and sentence == walk.phrases.slip_menu:
        sentence = walk.phrases.slip_menu_again
    walk.ask(slip=sentence)


def _fill_in(walk: Walk, raw: Mapping[str, Raw]) -> None:
    """Read a whole form: blank means skipped, a slip is asked again, branches open as answers arrive.

    A comment that leaves room gets its one follow-up as a further part, together with what opened. What was written
    under a question that another answer on the same page closed is kept as well.
    """
    opening, slips = walk.run.opening, dict[str, str]()
    last, follow_ups = walk.flow.legs[0], {walk.key or "", *walk.again}
    for leg in path(walk.flow, walk.said, opening):
        last = leg if leg.questions else last
        for question in asked_in(leg, follow_ups):
            is_asked = question.key in raw and applies(leg, question, walk.said)
            if is_asked and (slip := _fill_in_one(walk, question, raw[question.key])) is not None:
                slips[question.key] = slip.sentence
    for key, given in raw.items():
        closed = walk.flow.questions.get(key)
        if closed is not None and key not in walk.said and key not in slips and "".join(given).strip():
            _fill_in_one(walk, closed, given)
    if slips:
        walk.stand_at(next(iter(slips)))
        walk.offer_form(slips, dict(raw))
    elif not walk.ask_what_is_left():
        walk.go_on(walk.leave(last))


def _fill_in_one(walk: Walk, question: Question, raw: Raw) -> Slip | None:
    is_blank = not "".join(raw).strip()
    value: Value | Slip = None
    if not is_blank:
        value = read(question, raw, walk.run.opening, walk.phrases, walk.event.at)
    if isinstance(value, Slip):
        return value
    if question.key not in walk.said or question.key in walk.again or value != walk.said[question.key]:
        walk.record(question, value)
    return None


def _obey(walk: Walk, question: Question, control: Control) -> None:
    match control:
        case Control.SKIP:
            walk.record(question, None)
            walk.go_on_after(question)
        case Control.BACK:
            walk.go_back()
        case Control.LATER | Control.TOMORROW:
            _put_off(walk, control)
        case Control.STOP:
            walk.status = RunStatus.STOPPED
            walk.tell(walk.phrases.stopped_errand if walk.flow.is_for_programs else walk.phrases.stopped)
        case Control.HELP:
            prompting = walk.prompting
            reads = prompting.reads(question)
            walk.tell(walk.phrases.help.format(reads=reads, facilitator=prompting.facilitator))
        case _:
            assert_never(control)


def _put_off(walk: Walk, control: Control) -> None:
    """Keep a promise of today where "later" is said twice; nobody is asked in the night."""
    zone = ZoneInfo(walk.run.opening.zone)
    at, now = walk.event.at, walk.event.at.astimezone(zone)
    promised, until = walk.put_off_until, at + LATER
    until = promised if promised and at < promised < until else until
    local = until.astimezone(zone)
    if control is Control.TOMORROW or local.date() > now.date() or local.time() > LATEST:
        until = next_day(at, TOMORROW_AT, zone.key)
        local = until.astimezone(zone)
    walk.put_off_until = until
    when = walk.phrases.at_time if local.date() == now.date() else walk.phrases.tomorrow_at
    walk.tell(walk.phrases.put_off.format(when=when.format(time=f"{local:%H:%M}")))


def _wake(walk: Walk, event: TimerFired) -> None:
    """Ask again, where this is still the timer that the run has."""
    timer = _timer(walk)
    if timer is None or (timer.wait, timer.kind) != (event.wait, event.kind) or event.at < timer.due_at:
        return
    if event.kind is TimerKind.NUDGE:
        _remind(walk, walk.phrases.nudge)
    else:
        walk.ask()


def _lead(walk: Walk, event: RunReminded) -> str:
    """Say who asks for it by hand; what was planned asks in the name of those who lead the group."""
    if event.by:
        return walk.phrases.brought_back.format(by=event.by)
    return walk.phrases.reminder.format(facilitator=walk.prompting.facilitator)


def _remind(walk: Walk, lead: str) -> None:
    walk.is_nudged = True
    walk.tell(lead)
    walk.ask()


def _edit(walk: Walk, event: AnswerEdited) -> None:
    question = walk.flow.questions.get(event.key)
    if question is None or event.key not in walk.said:
        walk.tell(walk.phrases.old_button)
        return
    value = None if event.is_taken_back else read(question, event.raw, walk.run.opening, walk.phrases, event.at)
    if isinstance(value, Slip):
        walk.tell(value.sentence)
    elif value != walk.said[event.key]:
        walk.record(question, value)
        walk.tell(walk.phrases.taken_back if event.is_taken_back else walk.phrases.edited)


def _turn(walk: Walk) -> Turn:
    return Turn(
        run=walk.result(),
        effects=tuple(walk.effects),
        answers=tuple(walk.answers),
        memories=tuple(walk.memories),
        timer=_timer(walk),
    )


def _timer(walk: Walk) -> Timer | None:
    """Every waiting run has one deadline: when it was put off to, or the one nudge it may get."""
    if walk.status is not OPEN or not walk.is_shown:
        return None
    if walk.put_off_until is not None:
        return Timer(run=walk.run.id, wait=walk.wait, kind=TimerKind.PUT_OFF, due_at=walk.put_off_until)
    opening = walk.run.opening
    if walk.is_nudged or not walk.flow.nudge_after or opening.closes_at is not None:
        return None  # what is planned brings its own reminders
    due_at = after_quiet(walk.asked_at + walk.flow.nudge_after, opening.zone)
    return Timer(run=walk.run.id, wait=walk.wait, kind=TimerKind.NUDGE, due_at=due_at)
