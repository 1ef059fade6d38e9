"""Compiled flows at hand, so that a turn never reads a document it has read before."""

from bot.core.errors import FlowError
from bot.flows.document import Document
from bot.flows.flow import Flow
from bot.storage.connection import Connection
from bot.storage.flows import read_document


class FlowShelf:
    """Versions never change, so what is on the shelf stays right for ever."""

    def __init__(self) -> None:
        self._flows: dict[tuple[str, str, str], Flow] = {}

    def get(self, connection: Connection, flow: str, version: str, lang: str) -> Flow:
        """Find a flow in a language; read and compile it the first time."""
        found = self._flows.get((flow, version, lang))
        if found is None:
            document = read_document(connection, flow, version)
            if document is None:
                raise FlowError(f"version {version} of the flow {flow} is not in the database")
            found = self._flows[flow, version, lang] = Flow(Document.model_validate_json(document), lang)
        return found
