"""The codes on cards and boards."""

import re

from hypothesis import given
from hypothesis import strategies as st

from bot.core.people import PersonId
from bot.web.cards import ALPHABET, WORDS, card_code, class_code, is_card, read_class_code
from tests.web.house import SECRET

people = st.text(min_size=1, max_size=30).map(PersonId)
numbers = st.integers(1, 10_000)


@given(people, numbers)
def test_a_card_is_short_and_spells_no_word(person: PersonId, card: int) -> None:
    code = card_code(SECRET, person, card)
    assert re.fullmatch(f"[{ALPHABET}]{{3}}-[{ALPHABET}]{{3}}", code)
    assert all(re.search(r"\d", half) for half in code.split("-"))


@given(people, numbers)
def test_a_card_is_known_however_it_is_typed(person: PersonId, card: int) -> None:
    code = card_code(SECRET, person, card)
    for typed in (code, code.lower(), code.replace("-", ""), f" {code.replace('-', ' ')} "):
        assert is_card(SECRET, person, card, typed)


def test_a_new_card_ends_the_old_one() -> None:
    assert not is_card(SECRET, PersonId("ben"), 2, card_code(SECRET, PersonId("ben"), 1))


def test_another_person_or_another_house_has_another_card() -> None:
    mine = card_code(SECRET, PersonId("ben"), 1)
    assert mine != card_code(SECRET, PersonId("cy"), 1)
    assert mine != card_code(b"another secret", PersonId("ben"), 1)


def test_a_class_code_reads_the_same_however_it_is_typed() -> None:
    code = class_code()
    assert re.fullmatch(r"[a-z]+-\d{4}", code)
    assert {read_class_code(typed) for typed in (code, code.upper(), code.replace("-", " "), f" {code} ")} == {code}


def test_words_for_class_codes_are_plain_and_differ() -> None:
    assert len(set(WORDS)) == len(WORDS) >= 60
    assert all(re.fullmatch("[a-z]{3,8}", word) for word in WORDS)


@given(st.text(max_size=200))
def test_whatever_is_typed_is_no_card(typed: str) -> None:
    is_card(SECRET, PersonId("ben"), 1, typed)
    read_class_code(typed)
