"""Words from outside."""

from hypothesis import given
from hypothesis import strategies as st

from bot.core.words import keepable


def test_what_no_database_keeps_is_taken_out() -> None:
    assert keepable("Zo\x00ë \ud83d!") == "Zoë ?!"


@given(st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00")))
def test_everything_else_stays(text: str) -> None:
    assert keepable(text) == text


@given(st.text(st.characters()))
def test_whatever_comes_can_be_kept(text: str) -> None:
    kept = keepable(text)
    assert kept.encode().decode() == kept
    assert "\x00" not in kept
