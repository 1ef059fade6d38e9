"""The school year on its page: by hand, from a file, from public holidays, and what slips."""

import re

import httpx
import pytest

from bot.core.calendars import NO_YEAR, FreeTime, SchoolYear
from bot.core.people import GroupId, PersonId, Role
from bot.storage.calendars import own_year, save_calendar, year_of
from bot.storage.connection import Connection
from bot.storage.groups import add_group
from bot.web.pages.calendar import BACKWARDS, NO_COUNTRY, NO_DAY, NO_FILE
from tests.stage import ADA, CY, NOW, OLA, a_group
from tests.web.house import BEN, CLASS, DEE, Fields, Stage, enrol, forms_on, send_fields

PAGE = f"/groups/{CLASS}/calendar"
LAKESIDE = GroupId("lakeside")
HOLIDAYS = b"""BEGIN:VCALENDAR
BEGIN:VEVENT
DTSTART;VALUE=DATE:20260330
DTEND;VALUE=DATE:20260411
SUMMARY:Easter break
END:VEVENT
BEGIN:VEVENT
DTSTART:20260401T180000Z
DURATION:PT2H
SUMMARY:Concert
END:VEVENT
END:VCALENDAR
"""


async def fields_of(page: httpx.Response) -> Fields:
    """Read what the form holds, with what stands elsewhere on the page but belongs to it, and what is selected."""
    [form] = [one for one in forms_on(page) if "lines" in one.fields]
    hidden = re.findall(r'<input type="hidden" name="(regions_of)" value="(\w*)"', page.text)
    selects = re.findall(r'<select id="(\w+)".*?</select>', page.text, re.DOTALL)
    parts = re.findall(r"<select.*?</select>", page.text, re.DOTALL)
    chosen = {name: re.findall(r'value="(\w*)" selected', part) for name, part in zip(selects, parts, strict=True)}
    return {**form.fields, **{name: [value] for name, value in hidden}, **{k: v for k, v in chosen.items() if v}}


async def send(
    who: httpx.AsyncClient, page: httpx.Response | None = None, file: bytes | None = None, **typed: str
) -> httpx.Response:
    """Send the form as it stands on a page, some of it typed anew, perhaps with a file."""
    fields = await fields_of(page or await who.get(PAGE))
    given = {**fields, **{name: [value] for name, value in typed.items()}}
    files = {"file": ("holidays.ics", b"" if file is None else file, "text/calendar")}
    return await who.post(PAGE, data=given, files=files, follow_redirects=True)


async def saved(stage: Stage) -> SchoolYear | None:
    """Read what was saved for the class."""
    return await stage.database.read(lambda connection: own_year(connection, CLASS))


async def text_in_list(page: httpx.Response) -> str:
    """Read what stands in the list."""
    return (await fields_of(page))["lines"][0]


async def put_into_school(stage: Stage, year: SchoolYear) -> None:
    """Put the class into a school that has a year of its own."""

    def work(connection: Connection) -> None:
        add_group(connection, a_group(LAKESIDE, name="Lakeside School"))
        connection.exec_driver_sql(f"UPDATE groups SET parent_id = 'lakeside' WHERE id = '{CLASS}'")
        save_calendar(connection, LAKESIDE, year, ADA, NOW)

    await stage.database.write(work)


async def test_a_year_is_written_by_hand_and_read_as_a_list(stage: Stage) -> None:
    ada = await stage.signed_in(ADA)
    assert "Enter them once a year" in (await ada.get(PAGE)).text
    lines = "3.4.2026 Good Friday\n\nWinter break: 21 December 2026 - 3 January 2027"
    page = await send(ada, begins="2026-01-12", ends="2027-07-09", lines=lines, shifts="yes", do="save")
    assert "Saved." in page.text
    assert await text_in_list(page) == "2026-04-03 Good Friday\n2026-12-21 to 2027-01-03 Winter break"
    assert "Friday 3 April" in page.text
    assert "Monday 21 December to Sunday 3 January 2027" in page.text
    assert 'value="yes" checked' in page.text
    year = await saved(stage)
    assert year is not None
    assert (str(year.begins), str(year.ends), year.shifts, len(year.free)) == ("2026-01-12", "2027-07-09", True, 2)


@pytest.mark.parametrize(
    ("typed", "slip"),
    [
        ({"lines": "2026-04-03 Good Friday\nsome day in June"}, "Line 2, “some day in June”: I can"),
        ({"begins": "in autumn"}, NO_DAY),
        ({"begins": "2026-09-01 to 2026-09-03"}, NO_DAY),
        ({"begins": "2026-09-01", "ends": "1.7.2026"}, BACKWARDS),
        ({"lines": "2026-04-03\n" * 201}, "This has 201."),
        ({"do": "file"}, NO_FILE),
        ({"do": "public", "country": ""}, NO_COUNTRY),
        ({"do": "public", "country": "Atlantis"}, NO_COUNTRY),
    ],
)
async def test_a_slip_says_what_to_do_and_keeps_what_was_typed(stage: Stage, typed: dict[str, str], slip: str) -> None:
    ada = await stage.signed_in(ADA)
    given = {"lines": "2026-04-03 <b>Good</b> Friday", "shifts": "yes", "begins": "soon", "ends": "2027-07-09", **typed}
    page = await send(ada, None, None, **given)
    assert page.status_code == 422
    assert slip in page.text.replace("&#39;", "'")
    kept = await fields_of(page)
    assert {name: kept[name] for name in given if name not in ("do", "country")} == {
        name: [value.strip()] for name, value in given.items() if name not in ("do", "country")
    }
    assert "<b>Good" not in page.text
    assert await saved(stage) is None


async def test_a_file_adds_lines_to_look_over(stage: Stage) -> None:
    ada = await stage.signed_in(ADA)
    page = await send(ada, file=HOLIDAYS, do="file", lines="2026-05-15 Bridge day", ends="2026-07-09")
    assert page.status_code == 200
    assert "Added to your list: 1 line." in page.text
    assert "Left out: 1 entry," in page.text
    assert await text_in_list(page) == "2026-03-30 to 2026-04-10 Easter break\n2026-05-15 Bridge day"
    assert await saved(stage) is None
    again = await send(ada, page, file=HOLIDAYS, do="file")
    assert "nothing in it that your list does not have" in again.text
    assert "Saved." in (await send(ada, again, do="save")).text
    assert len((await saved(stage) or NO_YEAR).free) == 2


@pytest.mark.parametrize(
    ("file", "slip"),
    [
        (b"<html>", "not a calendar file"),
        (HOLIDAYS.replace(b"20260330", b"20261330"), "Line 3: I can't read the date “20261330”."),
        (b"x" * 1_000_001, "over 1 MB"),
        (b"BEGIN:VCALENDAR\n" + b"BEGIN:VEVENT\n" * 50_000, "Line 5: entries stand inside each other"),
        (HOLIDAYS.replace(b"SUMMARY:C", b"RRULE:FREQ=SECONDLY\nSUMMARY:C"), "every hour or more often"),
        (
            HOLIDAYS.replace(b"SUMMARY:C", b"RRULE:FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30\nSUMMARY:C"),
            "Line 10: it repeats",
        ),
    ],
)
async def test_a_file_that_cannot_be_read_or_means_harm_is_refused(stage: Stage, file: bytes, slip: str) -> None:
    page = await send(await stage.signed_in(ADA), file=file, do="file", lines="2026-05-15 Bridge day")
    assert page.status_code == 422
    assert slip in page.text.replace("&#39;", "'")
    assert await text_in_list(page) == "2026-05-15 Bridge day"
    assert await saved(stage) is None


async def test_public_holidays_are_those_of_a_country_and_a_region(stage: Stage) -> None:
    ada = await stage.signed_in(ADA)
    page = await ada.get(PAGE)
    assert 'value="DE" selected' in page.text
    page = await send(ada, page, do="public", region="BY", begins="2026-01-01", ends="2026-07-31")
    assert "2026-01-06 Epiphany" in await text_in_list(page)
    assert 'value="BY" selected' in page.text
    other = await send(ada, page, do="public", country="GB")
    assert "Some regions of Britain (UK) have holidays of their own." in other.text
    assert await text_in_list(other) == await text_in_list(page)
    added = await send(ada, other, do="public", region="SCT")
    assert "2026-01-02" in await text_in_list(added)


async def test_a_list_that_cannot_be_read_is_added_to_and_not_touched(stage: Stage) -> None:
    page = await send(await stage.signed_in(ADA), lines="some day in June", file=HOLIDAYS, do="file")
    assert page.status_code == 422
    assert await text_in_list(page) == "some day in June\n2026-03-30 to 2026-04-10 Easter break"


async def test_more_than_a_list_can_have_is_not_added(stage: Stage) -> None:
    lines = "\n".join(f"2026-{month:02}-{day:02}" for month in range(1, 9) for day in range(1, 26))
    page = await send(await stage.signed_in(ADA), lines=lines, do="public", begins="2026-01-01", ends="2026-12-31")
    assert page.status_code == 422
    assert "it can have up to 200" in page.text
    assert await text_in_list(page) == lines


@pytest.mark.parametrize("begins", ["2100-12-30", "2000-01-01"])
async def test_the_ends_of_time_are_no_trouble(stage: Stage, begins: str) -> None:
    page = await send(await stage.signed_in(ADA), begins=begins, do="public", file=HOLIDAYS)
    assert page.status_code == 200
    assert (await send(await stage.signed_in(ADA), begins=begins, do="file", file=HOLIDAYS)).status_code == 200


async def test_the_year_of_the_school_is_shown_with_its_name_until_the_class_has_its_own(stage: Stage) -> None:
    await put_into_school(stage, SchoolYear(free=(FreeTime(NOW.date(), NOW.date(), "Founders' day"),)))
    ada = await stage.signed_in(ADA)
    page = await ada.get(PAGE)
    assert "This comes from <strong><bdi>Lakeside School</bdi></strong>" in page.text
    assert await text_in_list(page) == "2026-03-06 Founders' day"
    page = await send(ada, page, lines="2026-03-09 Our own day", do="save")
    assert "This comes from" not in page.text
    assert "Use those of <bdi>Lakeside School</bdi> again" in page.text
    [form] = [one for one in forms_on(page) if one.action.endswith("/above")]
    page = await send_fields(ada, f"{PAGE}/above", form.fields, {})
    assert "The holidays of <bdi>Lakeside School</bdi> count here again." in page.text
    assert await saved(stage) is None
    assert await stage.database.read(lambda connection: year_of(connection, CLASS)) != NO_YEAR


async def test_a_year_that_is_over_says_so(stage: Stage) -> None:
    ada = await stage.signed_in(ADA)
    page = await send(ada, ends="2026-03-05", do="save")
    assert "The school year ended on Thursday 5 March, so nothing comes by itself now." in page.text


@pytest.mark.parametrize("who", [BEN, CY, DEE, OLA])
async def test_who_does_not_read_the_answers_finds_nothing(stage: Stage, who: PersonId) -> None:
    await send(await stage.signed_in(ADA), lines="2026-04-03 Good Friday", do="save")
    if who == OLA:
        await enrol(stage, {OLA: "Ola"}, role=Role.OBSERVER)
    theirs = await stage.signed_in(who)
    shown = await theirs.get(PAGE)
    assert shown.status_code == 404
    assert "Good Friday" not in shown.text
    for path in (PAGE, f"{PAGE}/above"):
        assert (await send_fields(theirs, path, {}, {"lines": "", "do": "save"})).status_code in (403, 404)
    assert len((await saved(stage) or NO_YEAR).free) == 1


async def test_a_form_from_elsewhere_is_refused_also_with_a_file(stage: Stage) -> None:
    ada = await stage.signed_in(ADA)
    files = {"file": ("holidays.ics", HOLIDAYS, "text/calendar")}
    fields = await fields_of(await ada.get(PAGE))
    assert (await ada.post(PAGE, data={**fields, "csrf": ["x"]}, files=files)).status_code == 403
    elsewhere = {"origin": "http://elsewhere.test", "sec-fetch-site": "cross-site"}
    assert (await ada.post(PAGE, data=fields, files=files, headers=elsewhere)).status_code == 403
    two = [("file", ("a.ics", HOLIDAYS)), ("file", ("b.ics", HOLIDAYS))]
    assert (await ada.post(PAGE, data=fields, files=two)).status_code == 400
    much = {"file": ("holidays.ics", b"x" * 2_000_000, "text/calendar")}
    assert (await ada.post(PAGE, data=fields, files=much)).status_code == 413
    assert await saved(stage) is None
