"""Where Alembic takes the steps."""

from importlib.resources import files

from alembic import command
from alembic.config import Config
from sqlalchemy import Connection


def upgrade(connection: Connection) -> None:
    """Take every missing step in the transaction at hand."""
    command.upgrade(configured(connection), "head")


def configured(connection: Connection) -> Config:
    """Tell Alembic where the steps are, and on which connection to take them."""
    config = Config()
    config.set_main_option("script_location", str(files("bot.storage") / "migrations"))
    config.attributes["connection"] = connection
    return config
