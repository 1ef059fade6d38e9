"""The one name of the driver's that other layers may write down: what a transaction's work is given."""

from sqlalchemy import Connection

__all__ = ["Connection"]
