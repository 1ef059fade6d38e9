"""Short things that facilitators type, tidied and checked; each slip is a sentence that says what to do."""

import unicodedata
from functools import cache
from zoneinfo import ZoneInfo, available_timezones

from starlette.datastructures import FormData

from bot.web.auth import text_of

NAME = 80
"""Characters in a name: as much as a card has room for."""


@cache
def zones() -> tuple[str, ...]:
    """List the time zones one may choose, as `Europe/London`."""
    return tuple(sorted(zone for zone in available_timezones() if "/" in zone or zone == "UTC"))


def is_zone(name: str) -> bool:
    """Say whether a time zone of this name exists."""
    try:
        ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        return False
    return name in available_timezones()


def tidy(text: str) -> str:
    """Make one line of what was typed: no control signs, single spaces, composed letters."""
    seen = "".join(sign if unicodedata.category(sign) not in ("Cc", "Cs") else " " for sign in text)
    return unicodedata.normalize("NFC", " ".join(seen.split()))


def field(form: FormData, name: str) -> str:
    """Read one line from a form."""
    return tidy(text_of(form, name))


def paragraphs(form: FormData, name: str) -> str:
    """Read a text of several lines from a form, each line tidied."""
    return "\n".join(tidy(line) for line in text_of(form, name).splitlines()).strip()


def too_long(what: str, text: str, most: int) -> str:
    """Say that a text is too long, or nothing."""
    return f"{what} can have up to {most} characters; this has {len(text)}." if len(text) > most else ""
