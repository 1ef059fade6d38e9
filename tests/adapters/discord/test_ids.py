"""The names of what can be pressed: as agreed, short enough, and read back as they were put together."""

from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.adapters.discord import ids
from bot.adapters.discord.inbound import Said, Write, pressed
from bot.adapters.fitting import size
from bot.core.effects import Option
from bot.core.events import ChoicePressed, Control, ControlPressed
from bot.core.runs import RunId

NOW = datetime(2026, 3, 6, 10, 40, tzinfo=UTC)
RUN = RunId("0123456789abcdef0123")
WAITS = st.integers(0, 999_999_999)


def press(name: str, *values: str) -> Any:
    """Press a button, or choose from a menu."""
    data: dict[str, Any] = {"custom_id": name, "component_type": 3 if values else 2}
    return pressed({"id": "1", "user": {"id": "11"}, "data": data | ({"values": [*values]} if values else {})}, NOW)


def test_names_are_as_agreed() -> None:
    assert ids.do("start form") == "do:start form"
    assert [ids.menu_of_words(), ids.menu_of_words(2)] == ["do", "do:#2"]
    assert ids.answer(RUN, 3, 1, Option("yes", "Yes")) == f"answer:{RUN}:3:yes"
    assert [ids.pick(RUN, 3), ids.pick(RUN, 3, 2)] == [f"pick:{RUN}:3", f"pick:{RUN}:3:2"]
    assert ids.control(RUN, 3, Control.SKIP) == f"control:{RUN}:3:skip"
    assert ids.controls(RUN, 3) == f"controls:{RUN}:3"
    assert [ids.write(RUN, 3), ids.write(RUN, 3, is_many=True)] == [f"write:{RUN}:3", f"write:{RUN}:3:many"]
    assert [ids.form(RUN), ids.edit(RUN, "next.cue")] == [f"form:{RUN}", f"edit:{RUN}:next.cue"]
    assert ids.ask("pause until") == "ask:pause until"


@pytest.mark.parametrize(
    ("value", "written"),
    [
        ("v1", "v1"),
        ("v" * 100, "v" * 100),
        ("v" * 101, "#7"),
        ("🤖" * 51, "#7"),
        ("#2", "#7"),
        ("", "#7"),
        (" v", "#7"),
        ("a:b", "a:b"),
    ],
)
def test_a_value_that_does_not_fit_is_its_number(value: str, written: str) -> None:
    assert ids.value_of(7, Option(value, "x")) == written


@given(st.text(st.characters(exclude_categories=["Cs"]), max_size=130), st.integers(1, 200), WAITS)
def test_an_option_is_read_back_whatever_its_value(value: str, number: int, wait: int) -> None:
    name = ids.answer(RUN, wait, number, Option(value, "x"))
    assert size(name) <= 100
    found = press(name)
    assert isinstance(found, ChoicePressed)
    assert (found.run, found.wait) == (RUN, wait)
    assert found.chosen in [(value,), (str(number),)]


@given(st.sampled_from(Control), WAITS)
def test_controls_are_read_back(control: Control, wait: int) -> None:
    for found in (press(ids.control(RUN, wait, control)), press(ids.controls(RUN, wait), control.value)):
        assert isinstance(found, ControlPressed)
        assert (found.run, found.wait, found.control) == (RUN, wait, control)


def test_words_and_wishes_to_write_are_read_back() -> None:
    assert press(ids.do("join o1")) == Said("join o1")
    assert press(ids.menu_of_words(2), "edit r1 k") == Said("edit r1 k")
    assert press(ids.write(RUN, 3)) == Write(RUN, 3)
    assert press(ids.write(RUN, 3, is_many=True)) == Write(RUN, 3, is_many=True)
    assert press(ids.pick(RUN, 3, 2), "v1", "#9").chosen == ("v1", "9")


@pytest.mark.parametrize("make", [ids.do, ids.ask, lambda words: ids.edit(RUN, words)])
def test_a_name_that_discord_would_not_take_is_refused_by_name(make: Any) -> None:
    with pytest.raises(ValueError, match="custom_id: 1 to 100 characters"):
        make("w" * 100)
