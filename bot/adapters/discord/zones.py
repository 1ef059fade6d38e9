"""Time zones as somebody types them: a city, a country, the beginning of either."""

import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from importlib.resources import files
from zoneinfo import ZoneInfo

import discord
from discord import app_commands

MOST = 25
"""Suggestions that Discord shows at most."""

FIRST: Mapping[discord.Locale, str] = {
    discord.Locale.american_english: "America/New_York America/Chicago America/Denver America/Los_Angeles "
    "America/Phoenix America/Anchorage Pacific/Honolulu America/Toronto",
    discord.Locale.british_english: "Europe/London Europe/Dublin",
    discord.Locale.brazil_portuguese: "America/Sao_Paulo America/Manaus America/Rio_Branco",
    discord.Locale.bulgarian: "Europe/Sofia",
    discord.Locale.chinese: "Asia/Shanghai Asia/Singapore",
    discord.Locale.croatian: "Europe/Zagreb",
    discord.Locale.czech: "Europe/Prague",
    discord.Locale.danish: "Europe/Copenhagen",
    discord.Locale.dutch: "Europe/Amsterdam Europe/Brussels",
    discord.Locale.finnish: "Europe/Helsinki",
    discord.Locale.french: "Europe/Paris Europe/Brussels Europe/Zurich America/Toronto",
    discord.Locale.german: "Europe/Berlin Europe/Vienna Europe/Zurich",
    discord.Locale.greek: "Europe/Athens",
    discord.Locale.hindi: "Asia/Kolkata",
    discord.Locale.hungarian: "Europe/Budapest",
    discord.Locale.indonesian: "Asia/Jakarta Asia/Makassar Asia/Jayapura",
    discord.Locale.italian: "Europe/Rome",
    discord.Locale.japanese: "Asia/Tokyo",
    discord.Locale.korean: "Asia/Seoul",
    discord.Locale.latin_american_spanish: "America/Mexico_City America/Bogota America/Lima America/Santiago "
    "America/Argentina/Buenos_Aires America/Caracas",
    discord.Locale.lithuanian: "Europe/Vilnius",
    discord.Locale.norwegian: "Europe/Oslo",
    discord.Locale.polish: "Europe/Warsaw",
    discord.Locale.romanian: "Europe/Bucharest",
    discord.Locale.russian: "Europe/Moscow Asia/Yekaterinburg Asia/Novosibirsk Asia/Vladivostok",
    discord.Locale.spain_spanish: "Europe/Madrid Atlantic/Canary",
    discord.Locale.swedish: "Europe/Stockholm",
    discord.Locale.taiwan_chinese: "Asia/Taipei",
    discord.Locale.thai: "Asia/Bangkok",
    discord.Locale.turkish: "Europe/Istanbul",
    discord.Locale.ukrainian: "Europe/Kyiv",
    discord.Locale.vietnamese: "Asia/Ho_Chi_Minh",
}
"""What stands first where nothing is typed yet, by the server's language."""

ALSO: Mapping[str, str] = {
    "America/New_York": "usa us est edt eastern",
    "America/Chicago": "usa us cst cdt central",
    "America/Denver": "usa us mst mdt mountain",
    "America/Los_Angeles": "usa us pst pdt pacific san francisco",
    "Asia/Dubai": "uae",
    "Asia/Kolkata": "ist delhi mumbai bangalore calcutta",
    "Asia/Shanghai": "beijing",
    "Europe/Berlin": "cet cest munich hamburg",
    "Europe/London": "uk gmt bst england scotland wales",
    "UTC": "gmt",
}
"""What people type besides a zone's own city and its country."""


@dataclass(frozen=True, slots=True)
class Zone:
    """A time zone by its IANA name, with the words it is found by."""

    name: str
    city: str
    others: tuple[str, ...]

    def rank(self, typed: str) -> int | None:
        """Say how well it fits what was typed, 0 best; None where it does not."""
        if typed in (self.city, *self.others):
            return 0
        if self.city.startswith(typed):
            return 1
        if any(other.startswith(typed) for other in self.others):
            return 2
        return 3 if any(f" {typed}" in f" {text}" for text in (plain(self.name), *self.others)) else None


def suggest_zones(typed: str, locale: discord.Locale | None, at: datetime) -> list[app_commands.Choice[str]]:
    """Offer zones that fit what was typed so far, each with the time it is there `at`; the server's own first."""
    first = FIRST.get(locale, "").split() if locale else []
    names = _fitting(plain(typed), first) if plain(typed) or not first else first
    return [app_commands.Choice(name=_labelled(name, at), value=name) for name in names[:MOST]]


def _fitting(typed: str, first: Sequence[str]) -> list[str]:
    ranked = [(rank, zone.name not in first, zone.name) for zone in _zones() if (rank := zone.rank(typed)) is not None]
    return [name for *_, name in sorted(ranked)]


def plain(text: str) -> str:
    """Bring a text to small letters without accents, and the marks between words to single spaces."""
    letters = unicodedata.normalize("NFKD", text.casefold())
    return re.sub(r"[\W_]+", " ", "".join(letter for letter in letters if not unicodedata.combining(letter))).strip()


def _labelled(name: str, at: datetime) -> str:
    return f"{name.replace('_', ' ')} ({at.astimezone(ZoneInfo(name)):%H:%M})"


@cache
def _zones() -> tuple[Zone, ...]:
    """Read the zones that people live in today, with their countries, from the IANA's own tables."""
    countries = {code: plain(country) for code, country in _table("iso3166.tab")}
    named = [(name, countries[code]) for code, _, name, *_ in _table("zone.tab")]
    return tuple(_zone(name, country) for name, country in [*named, ("UTC", "universal time")])


def _zone(name: str, country: str) -> Zone:
    return Zone(name, plain(name.rpartition("/")[2]), (country, *ALSO.get(name, "").split()))


def _table(name: str) -> Iterator[list[str]]:
    for line in (files("tzdata") / "zoneinfo" / name).read_text("utf-8").splitlines():
        if line and not line.startswith("#"):
            yield line.split("\t")
