"""How hard a text is to read, roughly."""

import pytest

from bot.flows.reading_level import grade, sentences, syllables, words


@pytest.mark.parametrize(
    ("word", "count"),
    [
        ("a", 1),
        ("hard", 1),
        ("make", 1),
        ("asked", 1),
        ("stopped", 1),
        ("table", 2),
        ("needed", 2),
        ("boxes", 2),
        ("people", 2),
        ("colour", 2),
        ("playground", 2),
        ("expected", 3),
    ],
)
def test_syllables_are_counted_well_enough(word: str, count: int) -> None:
    assert syllables(word) == count


def test_a_text_is_cut_into_words_and_sentences() -> None:
    assert words("Don’t stop: in-between, 3 times.") == ["Don’t", "stop", "in-between", "3", "times"]
    assert [s.strip() for s in sentences("You wrote: draw it. Did it help? …")] == [
        "You wrote",
        "draw it",
        "Did it help",
    ]


def test_the_grade_tells_plain_from_hard() -> None:
    assert grade(["We drew the map. It was hard.", "Which step made you stop?"]) < 1
    assert grade(["Evaluate the effectiveness of your metacognitive strategies."]) > 12
    assert grade([]) == 0
