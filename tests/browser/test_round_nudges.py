"""A facilitator sees who waits for whom in a round, and brings somebody's question back with one press."""

import pytest
from playwright.async_api import expect

from bot.core.events import Control
from tests.browser.looking import look_over
from tests.browser.serving import Windows
from tests.programs.group import BEN, CLEO, DANA, ELIF, FINN
from tests.stage import ADA
from tests.web.house import Stage
from tests.web.living import ADDRESS, open_class


@pytest.mark.parametrize("width", [360, 1280], ids=["phone", "desk"])
async def test_one_press_reminds_and_the_page_says_so(windows: Windows, stage: Stage, width: int) -> None:
    group = await open_class(stage, (BEN, CLEO, DANA, ELIF, FINN))
    name = await group.begin("peer_exchange", practice="no", hold="all")
    await group.work_through(BEN, CLEO, DANA, until="peer-review")
    await group.steer(name, "pair_now")
    await group.work_through(CLEO)
    await group.move(days=1)
    await group.control(FINN, Control.TOMORROW)
    ada = await windows.open(ADA, width=width)
    await ada.goto(f"{ADDRESS}/rounds/{name}")
    await look_over(ada)
    doing = ada.get_by_role("region", name="Who is at what")
    await expect(doing).to_contain_text("since yesterday")
    await expect(doing.get_by_role("button", name="Remind Finn")).to_have_count(0)
    await doing.get_by_role("button", name="Remind Elif").click()
    await expect(ada.get_by_role("status").first).to_contain_text("Their question is with them once more")
    await expect(doing).to_contain_text("by Ms Ada")
    await expect(doing.get_by_role("button", name="Remind Elif")).to_have_count(0)
    await look_over(ada)

    elif_ = await windows.open(ELIF, width=360)
    await elif_.goto("/me")
    await expect(elif_.locator(".talk")).to_contain_text("Ms Ada asked me to bring this back to you.")
    await elif_.get_by_role("button", name="Later", exact=False).first.click()
    await expect(elif_.locator(".talk")).to_contain_text("No rush. I'll ask again")
