"""An answer that came when what was asked was over is kept, and its facilitator reads when it came."""

from datetime import timedelta

import pytest

from bot.core.events import Outcome, RunRequested, TextReceived
from bot.core.people import Place
from tests.stage import ADA
from tests.web.house import BEN, CLASS, Stage
from tests.web.talk import CHECK_IN, kept

PLACE = Place(f"browser:{BEN}")
LATE = "after it closed"


@pytest.mark.parametrize(("hours", "is_late"), [(23, False), (24, True), (240, True)])
async def test_what_comes_after_the_close_says_so(stage: Stage, hours: int, is_late: bool) -> None:
    at = stage.hands()
    asked = RunRequested(
        id=stage.name(),
        at=at,
        who=BEN,
        place=PLACE,
        flow=CHECK_IN,
        group=CLASS,
        is_own_wish=False,
        closes_at=at + timedelta(hours=24),
    )
    assert await stage.happen(asked) is Outcome.ACCEPTED
    stage.hands.move(hours=hours)
    await stage.happen(TextReceived(id=stage.name(), at=stage.hands(), who=BEN, place=PLACE, text="about half"))
    assert await kept(stage) == {"thinking": "3"}
    page = await (await stage.signed_in(ADA)).get(f"/groups/{CLASS}")
    assert "about half" in page.text
    assert (LATE in page.text) is is_late
