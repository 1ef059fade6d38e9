"""Headers, forms from elsewhere, and pages for what did not work out."""

from dataclasses import replace

import pytest

from bot.core.events import Event, Outcome
from bot.runner.inbox import NotSaved
from tests.stage import CY
from tests.web.house import BEN, Stage, form_on, send_fields, submit

PAGES = ["/", "/me", "/me/answers", "/help", "/adult", "/nowhere", "/sign-in/nothing", "/static/mull.css", "/healthz"]


@pytest.mark.parametrize("path", PAGES)
async def test_every_page_is_guarded(stage: Stage, path: str) -> None:
    headers = (await (await stage.signed_in(BEN)).get(path)).headers
    policy = headers["content-security-policy"]
    assert policy.startswith("default-src 'none'; script-src 'self'; style-src 'self';")
    assert "unsafe" not in policy
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "same-origin"
    assert headers["cross-origin-opener-policy"] == "same-origin"
    assert headers["cache-control"] == ("no-cache" if path.startswith("/static") else "no-store")


@pytest.mark.parametrize("path", ["/me", "/me/answers", "/help", "/adult", "/me/form/x", "/me/answers/x/y"])
async def test_strangers_are_sent_to_the_front(stage: Stage, path: str) -> None:
    page = await stage.client().get(path)
    assert (page.status_code, page.headers["location"]) == (303, "/")


async def test_a_strangers_page_is_told_to_listen_no_more(stage: Stage) -> None:
    assert (await stage.client().get("/me/live")).status_code == 204


@pytest.mark.parametrize("path", ["/docs", "/openapi.json", "/redoc", "/static/../app.py", "/me/form/nothing"])
async def test_what_is_not_there_is_a_kind_page(stage: Stage, path: str) -> None:
    page = await (await stage.signed_in(BEN)).get(path)
    assert page.status_code == 404
    assert "There is nothing here for you" in page.text


async def test_a_form_without_its_token_is_refused(stage: Stage) -> None:
    client = await stage.signed_in(BEN)
    fields = form_on(await client.get("/adult"), "/adult").fields
    assert (await send_fields(client, "/adult", fields, {"csrf": ""})).status_code == 403
    assert (await send_fields(client, "/adult", fields, {"csrf": "é" * 64})).status_code == 403
    other = await stage.signed_in(CY)
    theirs = form_on(await other.get("/adult"), "/adult").fields["csrf"]
    assert (await send_fields(client, "/adult", fields, {"csrf": theirs})).status_code == 403
    assert (await send_fields(client, "/adult", fields, {})).status_code == 200


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        pytest.param({"origin": "https://elsewhere.test"}, 403, id="another site"),
        pytest.param({"origin": "null"}, 403, id="nowhere"),
        pytest.param({"sec-fetch-site": "cross-site"}, 403, id="said by the browser"),
        pytest.param({"sec-fetch-site": "same-site"}, 403, id="a neighbour"),
        pytest.param({"origin": "http://mull.test", "sec-fetch-site": "same-origin"}, 303, id="our own"),
        pytest.param({"origin": "http://10.0.0.5:8000", "host": "10.0.0.5:8000"}, 303, id="by another of our names"),
    ],
)
async def test_a_form_from_elsewhere_is_refused(stage: Stage, headers: dict[str, str], status: int) -> None:
    client = await stage.signed_in(BEN)
    fields = form_on(await client.get("/adult"), "/adult").fields
    assert (await client.post("/adult", data=fields, headers=headers)).status_code == status


async def test_the_front_page_takes_no_form_from_elsewhere_either(stage: Stage) -> None:
    page = await stage.client().post("/", data={"class": "x", "card": "y"})
    assert page.status_code == 403


async def test_too_much_is_refused_before_it_is_read(stage: Stage) -> None:
    client = await stage.signed_in(BEN)
    page = await submit(client, await client.get("/adult"), "/adult", text="x" * 2_000_001)
    assert page.status_code == 413


async def test_what_was_typed_survives_a_database_that_is_away(stage: Stage) -> None:
    client = await stage.signed_in(BEN)
    page = await submit(client, await client.get("/me"), "/me/start", flow="weekly-check-in")
    page = await submit(client, page, "/me/say", chosen="3")

    async def closed(event: Event) -> Outcome:
        raise NotSaved

    stage.app.state.house = replace(stage.house, accept=closed)
    kept = await submit(client, page, "/me/say", text="The bike shed & <the> fence")
    assert kept.status_code == 503
    assert "Your words are still here" in kept.text
    assert "The bike shed &amp; &lt;the&gt; fence</textarea>" in kept.text
    stage.app.state.house = stage.house
    page = await submit(client, kept, "/me/say")
    assert page.status_code == 200
    assert page.text.count("The bike shed &amp; &lt;the&gt; fence") == 1


async def test_health_is_the_databases(stage: Stage) -> None:
    assert (await stage.client().get("/healthz")).text == "ok\n"
