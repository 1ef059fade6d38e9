"""Coming in with a class code and a card."""

import pytest

from tests.web.house import BEN, CLASS_CODE, Stage, submit


@pytest.mark.parametrize("spelling", ["maple-4127", "MAPLE 4127", " Maple4127 "])
async def test_a_learner_comes_in_by_card(stage: Stage, spelling: str) -> None:
    client = stage.client()
    page = await client.get("/")
    page = await submit(client, page, "/", **{"class": spelling, "card": stage.card(BEN).lower().replace("-", " ")})
    assert page.status_code == 200
    assert page.url.path == "/me"
    assert CLASS_CODE
