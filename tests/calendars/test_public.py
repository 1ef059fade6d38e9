"""Public holidays: named countries and regions, English names, and only what everybody has free."""

from datetime import date

import pytest

from bot.calendars.lines import read_lines, write_lines
from bot.calendars.public import countries, country_of, public_holidays, regions
from bot.core.calendars import FreeTime

FIRST, LAST = date(2026, 8, 1), date(2027, 7, 31)


def named(country: str, region: str = "") -> dict[str, str]:
    """Map the first days of a country's holidays to their names."""
    return {str(time.first): time.name for time in public_holidays(country, region, FIRST, LAST)}


def test_countries_and_regions_have_names() -> None:
    assert countries()["DE"] == "Germany"
    assert countries()["US"] == "United States"
    assert list(countries().values()) == sorted(countries().values())
    assert regions("DE")["BY"] == "Bayern"
    assert regions("GB")["SCT"] == "Scotland"
    assert regions("ZW") == {}


def test_a_region_has_holidays_of_its_own_and_names_are_english() -> None:
    assert named("DE")["2026-10-03"] == "German Unity Day"
    assert "2027-01-06" not in named("DE")
    assert named("DE", "BY")["2027-01-06"] == "Epiphany"
    assert "2026-08-01" not in named("FR")
    assert named("FR")["2026-08-15"] == "Assumption Day"


def test_days_in_a_row_with_one_name_are_one_line() -> None:
    assert FreeTime(date(2026, 10, 1), date(2026, 10, 3), "National Day") in public_holidays("CN", "", FIRST, LAST)
    assert all("(substituted" not in time.name for time in public_holidays("CN", "", FIRST, LAST))


def test_only_days_between_the_two_dates_are_listed() -> None:
    assert next(iter(named("GB", "ENG"))) == "2026-08-31"
    assert public_holidays("GB", "ENG", date(2026, 12, 26), date(2026, 12, 26)) == (
        FreeTime(date(2026, 12, 26), date(2026, 12, 26), "Boxing Day"),
    )


@pytest.mark.parametrize("country", ["DE", "TR", "IN", "CN", "IL", "NZ", "ZW", "TH"])
def test_what_is_added_can_stand_in_a_list(country: str) -> None:
    found = public_holidays(country, "", FIRST, LAST)
    assert found
    assert read_lines(write_lines(found)) == found


@pytest.mark.parametrize(("country", "region"), [("XX", ""), ("DE", "TX"), ("", "")])
def test_what_is_not_known_is_refused(country: str, region: str) -> None:
    with pytest.raises(KeyError):
        public_holidays(country, region, FIRST, LAST)


@pytest.mark.parametrize(
    ("zone", "country"), [("Europe/Berlin", "DE"), ("America/Chicago", "US"), ("UTC", ""), ("no/zone", "")]
)
def test_a_time_zone_is_in_a_country(zone: str, country: str) -> None:
    assert country_of(zone) == country
