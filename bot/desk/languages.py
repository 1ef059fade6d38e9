"""The languages that the desk speaks."""

from collections.abc import Mapping

from bot.desk.english import ENGLISH
from bot.desk.wording import Wording

BY_LANGUAGE: Mapping[str, Wording] = {"en": ENGLISH}


def wording_in(lang: str) -> Wording:
    """Find the wording for a language; English stands in."""
    return BY_LANGUAGE.get(lang) or BY_LANGUAGE.get(lang.partition("-")[0]) or ENGLISH
