"""How far an answer goes, by examples."""

import pytest

from bot.flows.depth import depth_of

EXAMPLES = {
    0: [
        "",
        "???",
        "...",
        "idk",
        "I dk",
        "I don\u2019t know",
        "I DON'T KNOW!!",
        "dunno",
        "nothing",
        "Nothing really.",
        "none",
        "none of it",
        "no",
        "nope",
        "not sure",
        "n/a",
        "\U0001f642",
        "I want to hurt myself because nobody likes me",
        "he keeps hitting me after the lesson",
        "I am scared of the break",
        "I think about killing myself",
        "they bully me",
    ],
    1: [
        "It was hard.",
        "the scale",
        "maths",
        "I liked it and it was fun",
        "no idea was bad",
        "not sure about the scale",
    ],
    2: [
        "I stopped at the second street before the break",
        "On Monday I drew the map with Mia",
        "Then I had to count all the steps again",
    ],
    3: [
        "I stopped because the square was too small",
        "I drew it so that others find the library",
        "It was easier compared to last week",
    ],
    4: [
        "Next time I measure first",
        "I used to guess, now I measure",
        "From now on I ask because it is faster",
        "I'll try it with a smaller part",
    ],
}


@pytest.mark.parametrize(("depth", "answer"), [(depth, answer) for depth, some in EXAMPLES.items() for answer in some])
def test_an_answer_goes_this_far(depth: int, answer: str) -> None:
    assert depth_of(answer) == depth


def test_few_words_that_name_a_moment_still_only_say_something() -> None:
    assert depth_of("when I tried it") == 1


def test_line_breaks_and_spaces_do_not_matter() -> None:
    assert depth_of("  I   don't\nknow ") == 0
