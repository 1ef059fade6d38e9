"""What can go wrong in Mull itself; each exception's docstring is its default message."""


class MullError(Exception):
    """Something in Mull went wrong."""

    def __init__(self, message: str | None = None) -> None:
        super().__init__(message or type(self).__doc__)


class FlowError(MullError):
    """A flow cannot go on as it is written."""


class DocumentError(MullError):
    """A flow file does not follow the schema."""


class NewerDatabase(MullError):
    """This database was written by a newer Mull. Update Mull, or point it to another database."""


class NotYours(MullError):
    """There is nothing here for you."""
