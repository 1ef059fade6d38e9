"""The flows and packs that come with Mull, read from their files."""

from collections.abc import Iterator
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable

from bot.core.errors import DocumentError
from bot.flows.document import ChoiceStep, Document, OptionText, parse
from bot.flows.pack import parse_pack
from bot.flows.program import programs


@cache
def packs() -> dict[str, list[OptionText]]:
    """Read the menus that flows may draw on, by name."""
    found = [parse_pack(file.read_text("utf-8"), file.name) for file in _yaml_files("packs")]
    return {pack.pack: pack.options for pack in found}


@cache
def flows() -> dict[str, Document]:
    """Read the flows that come with Mull, by id: those in the folder of each program."""
    documents = (read(file.read_text("utf-8"), file.name) for name in programs() for file in _yaml_files(name))
    return {document.flow: document for document in documents}


def read(source: str, name: str) -> Document:
    """Read one flow and fill in the menus it draws on.

    Raises DocumentError, also where a pack does not exist.
    """
    document = parse(source, name)
    wanted = {s.choice.from_ for s in document.steps if isinstance(s, ChoiceStep) and s.choice.from_}
    missing = sorted(wanted - packs().keys())
    if missing:
        raise DocumentError(f"{name}:1: there is no pack named {', '.join(missing)}")
    return document.model_copy(update={"menus": {pack: packs()[pack] for pack in sorted(wanted)}})


def _yaml_files(folder: str) -> Iterator[Traversable]:
    found = (file for file in (files("bot.flows") / folder).iterdir() if file.name.endswith(".yaml"))
    return iter(sorted(found, key=lambda file: file.name))
