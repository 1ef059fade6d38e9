"""Quiet for a while, which ends by itself."""

from datetime import timedelta
from zoneinfo import ZoneInfo

from bot.adapters.asking import Asked, AskForm, Button, Item, Reply
from bot.core.effects import Input, Prompt
from bot.core.platform_news import PersonPaused
from bot.core.timing import LONGEST_PAUSE, morning_of
from bot.desk.dates import read_day, written
from bot.desk.here import Deed, Here, Result, tell

UNTIL = "until"


def pause(here: Here, asked: Asked, rest: str) -> Result:
    """Be quiet for a while: `until <day>`, `2 weeks`; nothing asks how long, `until` alone asks which day."""
    sent = dict(asked.given).get(UNTIL)
    typed = sent if sent is not None else rest.strip()
    if sent is None and typed.casefold() in here.wording.calendar.fillers:
        return Reply(form=_form(here))
    if not typed and sent is None:
        return Reply(items=(how_long(here),))
    return _pause_until(here, asked, typed, is_form=sent is not None)


def resume(here: Here, asked: Asked, rest: str) -> Result:
    """Start again now."""
    event = PersonPaused(id=asked.id, at=asked.at, who=asked.who, until=None)
    said = tell(here.wording.resumed, Button(label=here.wording.labels.start, does="start", is_primary=True))
    return Deed(event=event, said=said, otherwise=tell(here.how_to_join))


def paused(here: Here) -> Item | None:
    """Say that somebody is paused, with the ways out; nothing where they are not."""
    until = here.asker.paused_until
    return (
        _paused_until(here, written(until, here.asker.zone, here.wording.calendar))
        if until and until > here.at
        else None
    )


def how_long(here: Here) -> Item:
    """Offer a few pauses, and the end of the one there is."""
    wording = here.wording
    buttons = (
        *(Button(label=label, does=does) for label, does in wording.pauses),
        Button(label=wording.labels.until, does=f"pause {UNTIL}"),
    )
    now = paused(here)
    if now is not None:
        return Item(text=now.text, buttons=(*buttons, Button(label=wording.labels.resume, does="resume")))
    return Item(text=wording.how_long, buttons=buttons)


def _pause_until(here: Here, asked: Asked, typed: str, *, is_form: bool) -> Result:
    zone, wording = here.asker.zone, here.wording
    today = here.at.astimezone(ZoneInfo(zone)).date()
    day = read_day(typed, today, wording.calendar)
    if day is None:
        example = written(morning_of(today + timedelta(weeks=1), zone), zone, wording.calendar)
        return _slip(here, typed, wording.which_day.format(example=example), is_form=is_form)
    if day <= today:
        return _slip(here, typed, wording.day_is_over, is_form=is_form)
    if day - today > LONGEST_PAUSE:
        return _slip(here, typed, wording.day_is_far.format(weeks=LONGEST_PAUSE.days // 7), is_form=is_form)
    until = morning_of(day, zone)
    event = PersonPaused(id=asked.id, at=asked.at, who=asked.who, until=until)
    said = Reply(items=(_paused_until(here, written(until, zone, wording.calendar)),))
    return Deed(event=event, said=said, otherwise=tell(here.how_to_join))


def _paused_until(here: Here, day: str) -> Item:
    labels = here.wording.labels
    buttons = (
        Button(label=labels.change_date, does=f"pause {UNTIL}"),
        Button(label=labels.resume, does="resume"),
    )
    return Item(text=here.wording.paused.format(day=day), buttons=buttons)


def _slip(here: Here, typed: str, sentence: str, *, is_form: bool) -> Reply:
    """Ask once more: beside the field where there was one, so that nobody types twice."""
    if is_form:
        return Reply(form=_form(here, typed, sentence))
    return tell(sentence, Button(label=here.wording.labels.until, does=f"pause {UNTIL}"))


def _form(here: Here, said: str = "", slip: str = "") -> AskForm:
    wording = here.wording
    prompt = Prompt(
        key=UNTIL, text=wording.until_when, label=wording.until_when, input=Input.DATE, reads="", said=said, slip=slip
    )
    return AskForm(words=f"pause {UNTIL}", title=wording.pause_title, prompts=(prompt,))
