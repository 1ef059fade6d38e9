"""Whoever is shown words of a learner is written down for that learner, on every page there is."""

import re

from bot.storage.review_tables import audit
from tests.programs.group import BEN, CLEO, DANA
from tests.stage import ADA, rows
from tests.web.crawling import Crawl
from tests.web.house import Stage
from tests.web.living import ADDRESS, a_term, cruel_round, open_class

MARK = re.compile(r"mark-(\w+)")


async def shown_and_kept(stage: Stage, crawl: Crawl) -> dict[str, tuple[set[str], set[str]]]:
    """Open every page as Ada; answer by address whose words she saw, and for whom that was written down."""
    found = {}
    ada = await stage.signed_in(ADA)
    async for page in crawl.pages(ada, ["/groups", "/review?show=all"]):
        kept = await rows(stage.database, "SELECT actor_id, person_id FROM audit WHERE deed IN ('read', 'exported')")
        await stage.database.write(lambda connection: connection.execute(audit.delete()))
        found[str(page.url)] = (set(MARK.findall(page.text)), {person for actor, person in kept if actor == ADA})
    return found


async def test_every_page_with_somebodys_words_says_so_to_them(stage: Stage) -> None:
    await a_term(stage)
    crawl = Crawl(stage)
    found = await shown_and_kept(stage, crawl)
    unseen = {address: shown - kept for address, (shown, kept) in found.items() if not shown <= kept}
    assert unseen == {}
    with_words = {address.removeprefix("http://mull.test") for address, (shown, _) in found.items() if shown}
    for page in (ADDRESS, f"{ADDRESS}/people/{BEN}", f"{ADDRESS}/people/{BEN}/growth", f"{ADDRESS}/people/{BEN}/print"):
        assert page in with_words
    for part in ("/rounds/", "/weeks/", "/review"):
        assert any(part in address for address in with_words), part


async def test_pages_without_words_are_kept_for_nobody(stage: Stage) -> None:
    group = await open_class(stage)
    await group.begin("peer_exchange", practice="no")
    await group.begin("habit_of_week")
    found = await shown_and_kept(stage, Crawl(stage))
    assert found
    assert {address for address, (_, kept) in found.items() if kept} == set()


async def test_who_wrote_a_held_comment_learns_who_read_it(stage: Stage) -> None:
    group = await open_class(stage)
    name, _ = await cruel_round(group)
    await (await stage.signed_in(ADA)).get(f"{ADDRESS}/rounds/{name}")
    assert {person for (person,) in await rows(stage.database, "SELECT person_id FROM audit WHERE deed = 'read'")} == {
        BEN,
        CLEO,
        DANA,
    }
