"""The flows that a group may be asked, and how a flow's answers are put in order."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import lru_cache

from bot.core.errors import FlowError
from bot.flows.document import Document
from bot.flows.flow import pick
from bot.runner.flow_shelf import FlowShelf
from bot.storage.answers import AnswerRead, RunRead
from bot.storage.connection import Connection
from bot.storage.flows import all_current


@dataclass(frozen=True, slots=True)
class FlowChoice:
    """A flow in a menu."""

    id: str
    title: str
    about: str
    settings: frozenset[str]


def load_menu(connection: Connection) -> dict[str, FlowChoice]:
    """Read every current flow, by id, in the order of their titles."""
    choices = sorted((_choice(written) for written in all_current(connection).values()), key=lambda c: c.title)
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
def _choice(written: str) -> FlowChoice:
    """Read a document once; a new version is a new string."""
    document = Document.model_validate_json(written)
    title, about = pick(document.title, "en"), pick(document.about, "en")
    return FlowChoice(document.flow, title, about, frozenset(document.settings))
