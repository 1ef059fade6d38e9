"""What `mull check` finds."""

from dataclasses import dataclass
from pathlib import Path

from bot.settings import Settings


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing looked at; `to_do` is empty where all is well."""

    what: str
    state: str
    to_do: str = ""


def has_no_file(settings: Settings) -> bool:
    """Say whether the database is a file that is not there yet."""
    return settings.is_embedded and not Path(settings.database.removeprefix("sqlite:///")).exists()
