"""Public holidays of countries and their regions, by the `holidays` package."""

import re
from collections.abc import Mapping
from datetime import date
from functools import cache
from importlib.resources import files
from typing import Any

import holidays

from bot.calendars.lines import plain_name
from bot.core.calendars import FreeTime, joined

MOVED = re.compile(r" \(substituted from [^)]*\)")
ENGLISH = ("en_US", "en_GB", "en_CA", "en_AU")


@cache
def countries() -> Mapping[str, str]:
    """Map the codes of countries (ISO 3166) to their names, in the order of the names."""
    named = dict(_table("iso3166.tab"))
    known = {found[1]: title for title, found in holidays.registry.COUNTRIES.items()}
    titles = {code: named.get(code, title.replace("_", " ").title()) for code, title in known.items()}
    return dict(sorted(titles.items(), key=lambda item: item[1]))


@cache
def country_of(zone: str) -> str:
    """Guess the country of a time zone by its name; empty where it is none's, as with UTC."""
    return next((code for code, _, name, *_ in _table("zone.tab") if name == zone and code in countries()), "")


@cache
def regions(country: str) -> Mapping[str, str]:
    """Map the codes of a country's regions to their names; empty where its holidays are the same everywhere."""
    calendar: Any = holidays.country_holidays(country)
    names = {code: name for name, code in calendar.subdivisions_aliases.items()}
    titles = {code: names.get(code, code) for code in calendar.subdivisions}
    return dict(sorted(titles.items(), key=lambda item: item[1]))


def public_holidays(country: str, region: str, first: date, last: date) -> tuple[FreeTime, ...]:
    """List the public holidays between two dates, named in English where that is known; no `region`: the whole country.

    A country or region that is not in `countries()` or `regions(country)` is a KeyError.
    """
    if country not in countries() or (region and region not in regions(country)):
        raise KeyError(country, region)
    known: Any = holidays.country_holidays(country)
    language = next((one for one in ENGLISH if one in known.supported_languages), None)
    found = holidays.country_holidays(
        country,
        subdiv=region or None,
        years=range(first.year, last.year + 1),
        language=language,
        categories=(holidays.PUBLIC,),
    )
    return joined(tuple(_free(day, name) for day, name in found.items() if first <= day <= last))


def _free(day: date, names: str) -> FreeTime:
    named = MOVED.sub("", names.replace("; ", " / "))
    return FreeTime(day, day, plain_name(named))


def _table(name: str) -> list[list[str]]:
    """Read a table of the time zone database."""
    lines = (files("tzdata") / "zoneinfo" / name).read_text("utf-8").splitlines()
    return [line.split("\t") for line in lines if line and not line.startswith("#")]
