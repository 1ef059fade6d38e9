"""A learner's own rounds: their work, the comments they got and gave, and nobody else's."""

import re
import shutil
from collections.abc import AsyncIterator
from html import unescape
from pathlib import Path

import httpx
import pytest

from bot.core.events import AnswerEdited
from bot.core.occurrences import OccurrenceId
from bot.core.people import PersonId
from bot.flows.peer_exchange.pairing import order
from bot.flows.peer_exchange.round import read_round
from bot.storage.database import Database, open_database
from bot.storage.turns import load_open_runs
from tests.programs.group import BEN, CLEO, DANA, ELIF, Group, page_of
from tests.web.house import Stage, form_on, forms_on, send_fields, submit
from tests.web.rounds import a_group

THREE = (BEN, CLEO, DANA)
LINES = "\n".join(f"Line {n} of the bridge, and a photo: https://school.example/{n}" for n in range(1, 30))


def text_of(page: httpx.Response) -> str:
    """Read a page as a person does."""
    return " ".join(unescape(re.sub(r"<[^>]*>", " ", page.text)).split())


@pytest.fixture
async def database(sqlite_with_tables: Path, tmp_path: Path) -> AsyncIterator[Database]:
    """Open a fresh database."""
    shutil.copy(sqlite_with_tables, tmp_path / "mull.db")
    opened = open_database(f"sqlite:///{tmp_path / 'mull.db'}")
    yield opened
    await opened.close()


async def a_round(database: Database, **choices: str) -> tuple[Group, Stage, OccurrenceId]:
    """Begin a round of three without practice."""
    group, stage = await a_group(database, THREE)
    name = await group.begin("peer_exchange", **{"practice": "no", "hold": "off", **choices})
    return group, stage, name


async def look(stage: Stage, person: PersonId) -> httpx.Response:
    """Open somebody's rounds."""
    return await (await stage.signed_in(person)).get("/me/rounds")


async def test_named_rounds_show_who_wrote_what_and_what_became_of_it(database: Database) -> None:
    group, stage, _ = await a_round(database)
    for _ in range(3):
        await group.work_through(*THREE)
    seen = text_of(await look(stage, BEN))
    assert "ben's bridge: folded twice" in seen
    for other in ("cleo", "dana"):
        assert f"{other.capitalize()} wrote: What is there In line 2 the maker, seen by {other}" in seen
        assert f"It has reached {other.capitalize()} . Worth most in it: the place." in seen
    assert "11:40" not in seen


async def test_hidden_rounds_show_no_name_and_no_time(database: Database) -> None:
    group, stage, _ = await a_round(database, naming="hidden")
    for _ in range(2):
        await group.work_through(*THREE)
    await group.move(minutes=20)
    await group.work_through(*THREE)
    seen = text_of(await look(stage, BEN))
    assert "Names are hidden here; only Ms Ada sees them" in seen
    assert "Comments on it What is there In line 2" in seen
    assert "It has reached its maker. Worth most in it: the place." in seen
    assert not re.search(r"\d\d:\d\d|Cleo|Dana", seen)
    answers = await (await stage.signed_in(BEN)).get("/me/answers")
    assert not re.search(r"\d\d:\d\d", text_of(answers))


async def test_comments_stand_as_they_were_delivered(database: Database) -> None:
    group, stage, name = await a_round(database)
    for _ in range(2):
        await group.work_through(*THREE)
    held = read_round(await group.occurrence(name))
    review = next(r for r in held.reviews if r.reviewer == CLEO and held.pieces[r.piece].author == BEN)
    assert review.run
    changed = AnswerEdited(
        id=group.name_event(),
        at=group.now,
        who=CLEO,
        place=page_of(CLEO),
        run=review.run,
        key="suggest",
        raw="Something quite different now",
    )
    await group.accept(changed)
    for person in (BEN, CLEO):
        seen = text_of(await look(stage, person))
        assert "At the books, give a number (cleo" in seen
        assert "Something quite different" not in seen


async def test_what_waits_for_the_facilitator_says_so(database: Database) -> None:
    group, stage, name = await a_round(database, hold="all")
    for _ in range(2):
        await group.work_through(*THREE)
    assert text_of(await look(stage, BEN)).count("Ms Ada will read it before it goes on.") == 2
    assert "None yet." in text_of(await look(stage, BEN))
    numbers = [n for n, r in enumerate(read_round(await group.occurrence(name)).reviews) if r.reviewer == BEN]
    await group.steer(name, "keep_back", str(numbers[0]))
    await group.steer(name, "return", str(numbers[1]))
    seen = text_of(await look(stage, BEN))
    assert "It stays with you and Ms Ada ." in seen
    assert "Ms Ada would like other words from you." in seen


async def test_work_is_taken_back_once_it_was_confirmed(database: Database) -> None:
    group, stage, name = await a_round(database)
    await group.work_through(*THREE, until="peer-review")
    client = await stage.signed_in(BEN)
    page = await client.get("/me/rounds")
    action = f"/me/rounds/{name}"
    fields = form_on(page, action).fields
    assert "<details" in page.text.split("Take my work back")[0].rpartition("<h3>")[2]
    for _ in range(2):  # an impatient press changes nothing
        page = await send_fields(client, action, fields, {})
        assert page.url.path == "/me/rounds"
    assert "You took this back." in page.text
    assert not [form for form in forms_on(page) if form.action == action]
    assert [piece.author for _, piece in read_round(await group.occurrence(name)).live()] == [CLEO, DANA]
    await group.work_through(CLEO)
    seen = text_of(await look(stage, CLEO))
    assert "Cleo" in seen
    assert "ben's bridge" not in seen


async def test_nothing_is_taken_back_from_a_round_that_has_ended(database: Database) -> None:
    group, stage, name = await a_round(database)
    await group.work_through(*THREE)
    client = await stage.signed_in(BEN)
    page = await client.get("/me/rounds")
    fields = form_on(page, f"/me/rounds/{name}").fields
    await group.steer(name, "close")
    assert "It has ended." in text_of(await look(stage, BEN))
    assert (await send_fields(client, f"/me/rounds/{name}", fields, {})).status_code == 404


async def test_a_round_is_there_for_those_in_it_only(database: Database) -> None:
    group, stage, name = await a_round(database)
    await group.work_through(*THREE)
    ben = await stage.signed_in(BEN)
    await group.steer(name, "close")
    await group.enrol(ELIF)  # too late for that round
    elif_ = await stage.signed_in(ELIF)
    fields = form_on(await ben.get("/adult"), "/adult").fields
    assert "My rounds" in (await ben.get("/me")).text
    assert "My rounds" not in (await elif_.get("/me")).text
    assert "Nothing here yet" in (await elif_.get("/me/rounds")).text
    for client in (elif_, await stage.signed_in(PersonId("ada"))):
        token = form_on(await client.get("/adult"), "/adult").fields["csrf"]
        for address in (f"/me/rounds/{name}", "/me/rounds/nothing"):
            assert (await send_fields(client, address, fields, {"csrf": token})).status_code == 404
    assert len((await look(stage, BEN)).text.split(name)) > 1
    assert name not in (await look(stage, ELIF)).text


async def test_long_work_is_folded_and_its_addresses_are_links(database: Database) -> None:
    group, stage, _ = await a_round(database)
    await group.say(BEN, LINES, "clear", "skip")
    await group.work_through(CLEO, DANA, until="peer-review")
    for person, address in ((CLEO, "/me"), (BEN, "/me"), (BEN, "/me/rounds")):
        page = (await (await stage.signed_in(person)).get(address)).text
        shown = page.split('<details class="folded">')[1].split("</details>")[0]
        summary, whole = shown.split("</summary>")
        assert "Line 3 of the bridge" in summary
        assert "Line 9 of the bridge" not in summary
        assert "<a " not in summary
        assert whole.count('rel="noopener noreferrer nofollow ugc"') == 29


async def test_a_run_that_waits_begins_by_its_own_button(database: Database) -> None:
    group, stage, _ = await a_round(database)
    await group.work_through(*THREE, until="peer-review")
    await group.work_through(CLEO, DANA)  # two comments come while Ben is in the middle of a review
    client = await stage.signed_in(BEN)
    page = await client.get("/me")
    assert "Also waiting" in page.text
    waiting = next(form for form in forms_on(page) if form.fields.get("wait") == ["0"])
    page = await send_fields(client, "/me/say", waiting.fields, {})
    assert page.url.path == "/me"
    assert "What will you do with this comment now?" in page.text
    await submit(client, page, "/me/say", control="stop")
    assert len((await stage.database.read(lambda connection: load_open_runs(connection, [BEN])))[BEN]) == 2


async def test_the_order_of_comments_does_not_tell_who_wrote_first(database: Database) -> None:
    group, stage, name = await a_round(database, naming="hidden")
    await group.work_through(*THREE, until="peer-review")
    for person in (DANA, CLEO, BEN):
        await group.work_through(person, until="peer-received")
        await group.move(minutes=20)
    held = read_round(await group.occurrence(name))
    seen = []
    for author in THREE:
        mine = [str(n) for n, review in enumerate(held.reviews) if held.pieces[review.piece].author == author]
        shown = re.findall(r"seen by (\w+)", text_of(await look(stage, author)).split("Comments I gave")[0])
        assert shown == [held.reviews[int(number)].reviewer for number in order(mine, name)]
        seen.append([("dana", "cleo", "ben").index(person) for person in shown])
    assert any(one == sorted(one) for one in seen)  # in one of the orders in which they were written, and
    assert any(one != sorted(one) for one in seen)  # in another
