"""The flows that a group may be asked, and how a flow's answers are put in order."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import lru_cache

from bot.core.errors import FlowError
from bot.core.runs import Visibility
from bot.flows.document import AskStep, Document
from bot.flows.flow import pick
from bot.runner.flow_shelf import FlowShelf
from bot.storage.answers import AnswerRead, RunRead
from bot.storage.connection import Connection
from bot.storage.flows import all_current


@dataclass(frozen=True, slots=True, kw_only=True)
class FlowChoice:
    """A flow as menus have it; one that is not `is_in_menus` people meet in a program, or by a shortcut.

    `habits` and `attributes` are those that it exercises.
    """

    id: str
    title: str
    about: str
    settings: frozenset[str]
    is_in_menus: bool
    has_readable: bool
    habits: frozenset[str]
    attributes: frozenset[str]

    def is_offered_in(self, setting: str) -> bool:
        """Say whether people may begin it in groups like these."""
        return setting in self.settings and self.is_in_menus

    def is_read_in(self, setting: str) -> bool:
        """Say whether facilitators of groups like these may come to read answers to it."""
        return setting in self.settings and self.has_readable

    def is_meant(self, typed: str) -> bool:
        """Say whether somebody means this flow: by its id, or by its title."""
        return typed.casefold() in (self.id, self.title.casefold())


def load_menu(connection: Connection, lang: str = "en") -> dict[str, FlowChoice]:
    """Read every current flow, by id, in the order of their titles."""
    choices = sorted((_choice(written, lang) for written in all_current(connection).values()), key=lambda c: c.title)
    return {choice.id: choice for choice in choices}


def in_flow_order(connection: Connection, shelf: FlowShelf, run: RunRead) -> RunRead:
    """Put a run's answers in the order of its flow's questions, since a form answers all at one moment."""
    if run.version is None:
        return run
    try:
        keys = list(shelf.get(connection, run.flow, run.version, "en").questions)
    except FlowError:
        return run
    return replace(run, answers=_sorted(run.answers, {key: place for place, key in enumerate(keys)}))


def _sorted(answers: Iterable[AnswerRead], places: dict[str, int]) -> list[AnswerRead]:
    return sorted(answers, key=lambda answer: places.get(answer.key, len(places)))


@lru_cache(maxsize=512)
def _choice(written: str, lang: str) -> FlowChoice:
    """Read a document once a language; a new version is a new string."""
    document = Document.model_validate_json(written)
    title, about = pick(document.title, lang), pick(document.about, lang)
    asks = [step.visibility or document.visibility for step in document.steps if isinstance(step, AskStep)]
    return FlowChoice(
        id=document.flow,
        title=title,
        about=about,
        settings=frozenset(document.settings),
        is_in_menus=document.begun_by == "anybody",
        has_readable=any(visibility is not Visibility.PRIVATE for visibility in asks),
        habits=frozenset(document.exercises.habits),
        attributes=frozenset(document.exercises.attributes),
    )
