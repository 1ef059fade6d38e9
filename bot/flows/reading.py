"""Reading what a person gave: a value that fits the question, or a slip with a kind sentence."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from bot.core.effects import Input, Option
from bot.core.events import Raw
from bot.core.runs import Opening, Value
from bot.flows.flow import OWN, Question, plain, typed_for
from bot.flows.phrases import Phrases

SHORTEST_HINT = 2
TEXT_LIMIT = 10_000
"""Characters an answer may have: more than ten pages of a school exercise book."""


@dataclass(frozen=True, slots=True)
class Slip:
    """Why a given answer does not fit, said kindly; `counts` is False where nothing went wrong."""

    sentence: str
    counts: bool = True


def read(question: Question, raw: Raw, opening: Opening, phrases: Phrases, at: datetime) -> Value | Slip:
    """Turn what was given into what is stored; `at` (UTC) resolves words such as "tomorrow"."""
    texts = [raw] if isinstance(raw, str) else list(raw)
    for text in texts:
        if (slip := _unkeepable(text, phrases)) is not None:
            return slip
    texts = [text.replace("\r\n", "\n").strip() for text in texts]
    if not any(texts):
        return Slip(phrases.slip_empty if question.takes_text else phrases.slip_menu)
    if question.input is Input.TEXT:
        return "\n".join(texts)
    if question.input is Input.DATE:
        return _date(texts[0], opening, phrases, at)
    return _chosen(question, options_for(question, opening), texts, isinstance(raw, str), phrases)


def options_for(question: Question, opening: Opening) -> tuple[Option, ...]:
    """List the options of a question; people, and what a program offers, come from the run's own opening."""
    if question.picks_people:
        return tuple(Option(person, name) for person, name in opening.peers.items())
    if question.takes_offered:
        return (*(Option(value, label) for value, label in opening.offered.items()), *question.options)
    return question.options


def shown(question: Question, value: Value, opening: Opening) -> str:
    """Write a stored value as the person would read it; empty where it was skipped."""
    if value is None:
        return ""
    names = {option.value: option.label for option in options_for(question, opening)}
    return ", ".join(names.get(v, v) for v in ([value] if isinstance(value, str) else value))


def _unkeepable(text: str, phrases: Phrases) -> Slip | None:
    if len(text) > TEXT_LIMIT:
        return Slip(phrases.slip_long.format(count=f"{len(text):,}", most=f"{TEXT_LIMIT:,}"))
    if "\x00" in text or not _is_unicode(text):
        return Slip(phrases.slip_sign)
    return None


def _is_unicode(text: str) -> bool:
    """Find lone surrogates: no database can keep them."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


def _chosen(
    question: Question, options: Sequence[Option], texts: list[str], is_typed: bool, phrases: Phrases
) -> Value | Slip:
    if not options:
        return Slip(phrases.slip_nobody)
    is_many = question.input is Input.MANY
    given = [part.strip() for text in texts for part in (text.split(",") if is_typed and is_many else [text])]
    values: list[str] = []
    for text in filter(None, given):
        value = _match(options, question.typed or typed_for(options), text)
        if value == OWN and question.takes_own and len(given) == 1:
            return Slip(phrases.slip_own, counts=False)
        if value is None and not question.takes_own:
            return Slip(phrases.slip_menu)
        if value != OWN:
            values.append(value or text)
    values = list(dict.fromkeys(values))
    if not is_many:
        return values[0] if values else Slip(phrases.slip_menu)
    if question.picks_people and len(values) > question.most:
        return Slip(phrases.slip_most.format(most=question.most))
    return values


def _match(options: Sequence[Option], known: Mapping[str, str], text: str) -> str | None:
    """Find the option meant: its value, its words, its number, or the only one with a word that begins like this."""
    typed = plain(text)
    if (value := known.get(text) or known.get(typed)) is not None or len(typed) < SHORTEST_HINT:
        return value
    hinted = [o.value for o in options if f" {o.label.casefold()}".find(f" {typed}") >= 0]
    return hinted[0] if len(hinted) == 1 else None


def _date(text: str, opening: Opening, phrases: Phrases, at: datetime) -> str | Slip:
    today = at.astimezone(ZoneInfo(opening.zone)).date()
    found = _day(text.casefold().strip(" .,!"), today, phrases)
    if found is None:
        return Slip(phrases.slip_date.format(example=(today + timedelta(days=7)).isoformat()))
    return found.isoformat()


def _day(typed: str, today: date, phrases: Phrases) -> date | None:
    if typed in phrases.today:
        return today
    if typed in phrases.tomorrow:
        return today + timedelta(days=1)
    weekday = phrases.days.get(typed.removeprefix("on ").removeprefix("next "))
    if weekday is not None:
        return today + timedelta(days=(weekday - today.weekday() - 1) % 7 + 1)
    for shape in ("%Y-%m-%d", "%d.%m.%Y"):
        try:
            return datetime.strptime(typed, shape).date()  # noqa: DTZ007 - a day has no zone
        except ValueError:
            continue
    return None
