"""What a group is called and works on."""

import pytest

from bot.storage.groups import load_groups
from tests.stage import ADA
from tests.web.house import CLASS, Stage, form_on, submit

PAGE = f"/groups/{CLASS}/settings"


async def test_changes_are_saved_and_shown(stage: Stage) -> None:
    ada = await stage.signed_in(ADA)
    page = await ada.get(PAGE)
    assert form_on(page, PAGE).fields["task"] == ["our playground map"]
    saved = await submit(ada, page, PAGE, task=" the  bridge ", reply_day="", zone="America/New_York")
    assert "Saved." in saved.text
    (group,) = await stage.database.read(lambda c: load_groups(c, [CLASS]))
    assert (group.name, group.task, group.reply_day, group.zone) == ("6b", "the bridge", "", "America/New_York")


@pytest.mark.parametrize(
    ("field", "typed", "sentence"),
    [
        ("name", "", "What is the group called?"),
        ("name", "x" * 81, "up to 80 characters; this has 81"),
        ("task", "x" * 61, "up to 60 characters; this has 61"),
        ("reply_day", "x" * 41, "up to 40"),
        ("adult", "x" * 81, "up to 80"),
        ("crisis_lines", "x" * 601, "up to 600"),
        ("zone", "Berlin", "time zone"),
        ("zone", "../../etc/passwd", "time zone"),
    ],
)
async def test_what_does_not_fit_is_kept_and_explained(stage: Stage, field: str, typed: str, sentence: str) -> None:
    ada = await stage.signed_in(ADA)
    again = await submit(ada, await ada.get(PAGE), PAGE, **{field: typed})
    assert again.status_code == 422
    assert sentence in again.text
    assert form_on(again, PAGE).fields[field] == [typed]
    (group,) = await stage.database.read(lambda c: load_groups(c, [CLASS]))
    assert (group.name, group.task) == ("6b", "our playground map")


async def test_crisis_lines_are_kept_a_line_each_and_those_above_hold_without(stage: Stage) -> None:
    ada = await stage.signed_in(ADA)
    saved = await submit(ada, await ada.get(PAGE), PAGE, crisis_lines=" Counsellor:  12 \r\n\x00Helpline: 116 111 ")
    assert form_on(saved, PAGE).fields["crisis_lines"] == ["Counsellor: 12\nHelpline: 116 111"]
    made = await submit(ada, await ada.get("/groups"), "/groups", name="Chess", setting="club", parent=CLASS)
    below = str(made.url).replace("roster", "settings")
    page = await ada.get(below)
    assert form_on(page, page.url.path).fields["crisis_lines"] == [""]
    assert "those of the group above hold" in page.text
    assert "Helpline: 116 111" in page.text
    assert "none are shown" in (await ada.get("/groups/class-6b/settings")).text
