"""Time zones as people type them on Discord."""

from zoneinfo import ZoneInfo

import discord
import pytest

from bot.adapters.discord.zones import FIRST, suggest_zones
from tests.adapters.discord.commanding import NOON


@pytest.mark.parametrize(
    ("typed", "first"),
    [
        ("berl", "Europe/Berlin"),
        ("Berlin", "Europe/Berlin"),
        ("germany", "Europe/Berlin"),
        ("new y", "America/New_York"),
        ("new_york", "America/New_York"),
        ("são paulo", "America/Sao_Paulo"),
        ("SAO P", "America/Sao_Paulo"),
        ("europe/lond", "Europe/London"),
        ("uk", "Europe/London"),
        ("EST", "America/New_York"),
        ("munich", "Europe/Berlin"),
        ("japan", "Asia/Tokyo"),
        ("utc", "UTC"),
    ],
)
def test_a_zone_is_found_by_what_people_type(typed: str, first: str) -> None:
    assert suggest_zones(typed, discord.Locale.british_english, NOON)[0].value == first


def test_what_fits_nothing_suggests_nothing() -> None:
    assert suggest_zones("xyzzy", None, NOON) == []


def test_before_anything_is_typed_the_zones_of_the_servers_language_are_there() -> None:
    offered = suggest_zones("", discord.Locale.german, NOON)
    assert [choice.value for choice in offered] == ["Europe/Berlin", "Europe/Vienna", "Europe/Zurich"]
    assert offered[0].name == "Europe/Berlin (13:00)"
    assert suggest_zones("america", discord.Locale.brazil_portuguese, NOON)[0].value == "America/Manaus"


@pytest.mark.parametrize("locale", [*discord.Locale, None])
@pytest.mark.parametrize("typed", ["", "a", "europe", "   ", "_"])
def test_suggestions_are_real_zones_and_as_many_as_discord_takes(locale: discord.Locale | None, typed: str) -> None:
    offered = suggest_zones(typed, locale, NOON)
    assert 1 <= len(offered) <= 25
    assert all(ZoneInfo(choice.value).key and len(choice.name) <= 100 for choice in offered)


def test_every_language_of_discord_has_its_zones() -> None:
    assert FIRST.keys() == set(discord.Locale)
