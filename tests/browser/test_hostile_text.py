"""A school of hostile words in a real browser: they are read, and that is all; no page is wider than a phone."""

import re
from dataclasses import dataclass, field

from playwright.async_api import Dialog, Page, Route, expect

from bot.core.people import PersonId
from tests.browser.learner import reply
from tests.browser.serving import Windows
from tests.programs.group import CLEO
from tests.stage import ADA
from tests.web.hostile import BREAKER, PIA, HostileSchool, hostile_school
from tests.web.house import BEN, Stage
from tests.web.test_hostile_text import addresses_of

OWN = re.compile(r"/(?:me|help|adult)\b")
OUTSIDE = re.compile(r"/(?:sign-in.*)?$")
LISTEN = """
addEventListener("securitypolicyviolation",
  event => report(`${event.violatedDirective} ${event.blockedURI} ${event.sample}`));
"""
TYPED = f"Typed here {BREAKER}"
OPEN_ALL = "document.querySelectorAll('details').forEach(one => one.open = true)"
MADE_OF_WORDS = """
[...document.querySelectorAll("x-owned, iframe, base, style, img, [style], form[action^=http], script:not([src])"),
 ...[...document.querySelectorAll("*")].filter(one => [...one.attributes].some(each => /^on/i.test(each.name)))]
  .map(one => one.outerHTML.slice(0, 200))
"""
TOO_WIDE = """
[...document.querySelectorAll("body *")]
  .filter(one => one.getBoundingClientRect().right > innerWidth + 1).slice(0, 3).map(one => one.outerHTML.slice(0, 200))
"""


@dataclass
class Watch:
    """Notes whatever words of people made a page do."""

    page: Page
    house: str
    did: list[str] = field(default_factory=list)

    async def begin(self) -> None:
        """Listen, and let nothing through to anywhere else."""
        self.page.on("dialog", self._dismiss)
        await self.page.expose_function("owned", lambda *_: self.did.append("a script ran"))
        await self.page.expose_function("report", self._note)
        await self.page.add_init_script(LISTEN)
        await self.page.context.route(lambda address: not address.startswith(self.house), self._abort)

    async def visit(self, address: str) -> None:
        """Open a page and unfold all of it."""
        await self.page.goto(address)
        await self.page.evaluate(OPEN_ALL)
        self.did += await self.page.evaluate(MADE_OF_WORDS)
        if await self.page.evaluate("document.documentElement.scrollWidth > innerWidth"):
            self.did.append(f"{address} is too wide: {await self.page.evaluate(TOO_WIDE)}")
        if not self.page.url.startswith(self.house):
            self.did.append(f"{address} led to {self.page.url}")

    def _note(self, said: str) -> None:
        self.did.append(said)

    async def _dismiss(self, dialog: Dialog) -> None:
        self.did.append(f"a dialog: {dialog.message}")
        await dialog.dismiss()

    async def _abort(self, route: Route) -> None:
        self.did.append(f"asked for {route.request.url}")
        await route.abort()


async def watched(windows: Windows, school: HostileSchool, person: PersonId | None) -> Watch:
    """Open a watched window."""
    watch = Watch(await windows.open(person), school.stage.house.base_url)
    await watch.begin()
    return watch


async def test_hostile_words_do_nothing_on_any_page(windows: Windows, stage: Stage) -> None:
    school = await hostile_school(stage)
    visits: dict[PersonId | None, list[str]] = {None: [], BEN: [], CLEO: ["/me"], ADA: [], PIA: ["/groups", "/review"]}
    for route, address in await addresses_of(school):
        if not route.endswith(("/healthz", "/download")):
            visits[None if OUTSIDE.match(address) else BEN if OWN.match(address) else ADA].append(address)
    for person, places in visits.items():
        watch = await watched(windows, school, person)
        for address in places:
            await watch.visit(address)
        if person == CLEO:
            await reply(watch.page, TYPED)
            await expect(watch.page.locator(".talk .own").last).to_contain_text(TYPED)
        assert watch.did == [], person
        await watch.page.context.close()
