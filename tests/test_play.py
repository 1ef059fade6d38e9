"""Flows and whole programs played at a keyboard, from lines typed beforehand."""

import re
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot.commands.play import WrongChoice, play
from bot.commands.play_keys import Leap, Leave, LookAt, NextMoment, Order, ShowAgain, Unclear, Words, read_line
from bot.commands.play_sitting import LEFT, OVER
from bot.core.errors import DocumentError
from bot.flows.program import Refused

NOW = datetime(2026, 3, 4, 15, 7, tzinfo=UTC)
"""A Wednesday; plays begin on its Monday."""


MINE = """
flow: mine
title: My own questions
band: 11-13
settings: [class]
exercises: {attributes: [voice], phases: [notice]}
steps:
  - id: tried
    ask: What did you try in the last lesson?
    text:
"""


class Keyboard:
    """Types what was written beforehand, each line once, and keeps the whole page."""

    def __init__(self, lines: Sequence[str]) -> None:
        self.page: list[str] = []
        self.prompts: list[str] = []
        self._lines = list(lines)

    def ask(self, prompt: str) -> str:
        """Type the next line."""
        self.prompts.append(prompt)
        line = f"{self._lines.pop(0)}\n" if self._lines else ""
        self.page.append(prompt + line.rstrip())
        return line

    @property
    def left(self) -> int:
        """Count the lines nobody asked for."""
        return len(self._lines)

    @property
    def text(self) -> str:
        """Give the page as one text, its lines unbroken."""
        return " ".join("\n".join(self.page).split())


class Reader(Keyboard):
    """Types what belongs to the question that stands last on the page, whoever's turn it is."""

    def __init__(self, lines: Sequence[str], answers: Mapping[str, str]) -> None:
        super().__init__(lines)
        self._answers = answers

    def ask(self, prompt: str) -> str:
        """Answer what is asked; where nothing is, type the next line."""
        question = next((line for line in reversed(self.page) if line.rstrip().endswith("help)")), "")
        last = " ".join(self.page[-12:]) if question and question == self.page[-1] else ""
        known = (answer for start, answer in self._answers.items() if start in last)
        if (answer := next(known, None)) is not None:
            self._lines.insert(0, answer.format(who=prompt.strip("> "), n=len(self.prompts)))
        return super().ask(prompt)


async def played(name: str, *lines: str, people: int | None = None, choices: Sequence[str] = ()) -> Keyboard:
    """Play something to the end of the lines, or to its own end."""
    keyboard = Keyboard(lines)
    await play(name, keyboard.ask, keyboard.page.append, people=people, choices=choices, now=NOW)
    return keyboard


@pytest.mark.parametrize(
    ("line", "meant"),
    [
        ("+", NextMoment),
        (" ", ShowAgain),
        (".", Leave),
        ("", Leave),
        ("+2w", Unclear),
        ("+12", Unclear),
        ("+ 3 more folds held", Words),
        ("cleo: hello", Words),
        ("I saw: it bent", Words),
        ("@cleo and @dana folded", Words),
    ],
)
def test_what_a_line_means(line: str, meant: type) -> None:
    assert isinstance(read_line(line and f"{line}\n", {"ada", "ben"}), meant)


def test_lines_that_say_more() -> None:
    names = {"ada", "ben"}
    assert read_line("+ 2D\n", names) == Leap(timedelta(days=2))
    assert read_line("+3h\n", names) == Leap(timedelta(hours=3))
    assert read_line("@Cleo\n", names) == LookAt("cleo")
    assert read_line("Ms Ada: keep-back 3\n", names) == Order("ada", "keep_back", "3")
    assert read_line("ada: ?\n", names) == Order("ada", "?", "")


# A flow.


async def test_a_flow_is_played_to_its_end() -> None:
    keyboard = await played("relevance-check", "mostly clear", "4", "skip", "the deck", "never typed")
    assert "How clear is what" in keyboard.text
    assert keyboard.text.endswith("Thanks, Ben. Ms Ada will read this and write back by Friday. " + OVER)
    assert keyboard.left == 1
    assert keyboard.text.count("Ms Ada will read this. (skip") == 4


async def test_time_can_be_moved_in_a_flow() -> None:
    keyboard = await played("relevance-check", "tomorrow", "+", "+2d")
    assert keyboard.text.count("How clear is what") == 3
    assert "Nothing is asked of anybody now. + goes to Tuesday, 15:00." in keyboard.text
    assert "— Thursday, 05 March, 15:00 —" in keyboard.text


async def test_an_empty_line_asks_again_and_no_more_lines_end_it() -> None:
    keyboard = await played("relevance-check", "")
    assert keyboard.text.count("How clear is what") == 2
    assert keyboard.text.endswith(LEFT)


async def test_a_flow_of_ones_own_is_played_from_its_file(tmp_path: Path) -> None:
    file = tmp_path / "mine.yaml"
    file.write_text(MINE, "utf-8")
    keyboard = await played(str(file), "a fold")
    assert "What did you try in the last lesson?" in keyboard.text
    assert keyboard.text.endswith(OVER)


async def test_what_cannot_be_played_says_what_can() -> None:
    with pytest.raises(DocumentError, match=r"weekly-check-in.*habit-of-week, peer-exchange"):
        await played("no-such-flow")
    with pytest.raises(DocumentError, match="mull play peer-exchange"):
        await played("peer-review")
    with pytest.raises(WrongChoice, match="--choose naming=hidden"):
        await played("peer-exchange", choices=["hidden"])
    with pytest.raises(Refused, match="two people or more"):
        await played("peer-exchange", people=1)
    with pytest.raises(Refused, match="choose what to ask"):
        await played("check-in")


# A habit week.

PLAN = ("turn the page", "on Tuesday")
LOOK = ("1", "2", "When the paper tore I used two sheets because one bent, so next time I begin with two", "keep")
"""What became of the plan, which sentence fits, where it showed, what comes next."""


async def test_a_whole_habit_week() -> None:
    noticed = ("nothing yet", "nothing yet", "nothing yet")
    keyboard = await played("habit-of-week", *PLAN, *PLAN, "skip", "+", *noticed, "+", *LOOK, *LOOK, *LOOK[1:], "+")
    assert keyboard.left == 0
    assert keyboard.text.count('For this week you wrote: "turn the page – on Tuesday"') == 2
    assert [line for line in keyboard.page if line.startswith("— ")] == [
        "— Wednesday, 04 March, 10:00 —",
        "— Friday, 06 March, 10:00 —",
        "— Monday, 09 March, 10:00 —",
    ]
    assert keyboard.prompts == [
        *["ben> "] * 2 + ["cleo> "] * 2 + ["dana> ", "> "],
        *["ben> ", "cleo> ", "dana> ", "> "],
        *["ben> "] * 4 + ["cleo> "] * 4 + ["dana> "] * 3 + ["> "],
    ]
    assert keyboard.text.endswith(OVER)


async def test_a_week_begins_with_a_vote_and_can_be_steered() -> None:
    keyboard = await played("habit-of-week", "2", "ada: announce", "ada: skip", choices=["order=voted"], people=2)
    assert "Which of these would you like to try this week?" in keyboard.text
    offered = re.search(r"2\. ([^:]+):", keyboard.text)
    assert offered is not None
    assert f"habit to try this week: {offered[1]}." in keyboard.text
    assert keyboard.prompts[:3] == ["ben> ", "cleo> ", "ben> "]


# A feedback round.

SHARE = ("{who}'s bridge, folded twice, held the books", "clear", "where it would bend")
REVIEW = (
    "In the middle {who} counts the folds of {n}",
    "I can follow {n} folds with {who}, I lose the books",
    "At the books, give the number {n} from {who}",
)


def share(who: str) -> list[str]:
    """Write what one person shares."""
    return [line.format(who=who) for line in SHARE]


def review(who: str, n: int) -> list[str]:
    """Write one comment, unlike all others."""
    return [line.format(who=who, n=n) for line in REVIEW]


ANSWERS = {
    "Which piece of the bridge models": "{who}'s bridge, folded twice",
    "Which comments on this piece": "clear",
    "finish one sentence for them": "where it would bend",
    "what does one part show?": "In the middle {who} counts the folds of {n}",
    "What does that part do for you": "I can follow {n} folds with {who}, I lose the books",
    "What is one thing to try now": "At the books, give the number {n} from {who}",
    "What will you do with this comment": "will_use",
    "Which part of this comment is worth most": "place",
    "will you change first?": "draw an arrow",
    "When exactly?": "on Thursday",
}


async def test_a_whole_round_of_three() -> None:
    keyboard = Reader(["+"] * 4, ANSWERS)
    await play("peer-exchange", keyboard.ask, keyboard.page.append, choices=["practice=no"], now=NOW)
    assert keyboard.left == 0
    assert keyboard.text.count("looked at your work.") == 6
    assert keyboard.text.count("Worth most in it was the place") == 6
    assert keyboard.text.count("What in the bridge models will you change first?") == 3
    assert "Ms Ada and its maker read this. Your name stands beside it." in keyboard.text
    assert keyboard.text.endswith(OVER)
    again = Reader(["+"] * 4, ANSWERS)
    await play("peer-exchange", again.ask, again.page.append, choices=["practice=no"], now=NOW)
    assert again.page == keyboard.page  # the same lines at the same time give the same page


async def test_hidden_names_stay_hidden_and_come_on_the_quarter_of_an_hour() -> None:
    shared = [*share("Ben"), *share("Cleo")]
    keyboard = await played(
        "peer-exchange",
        *shared,
        *review("Ben", 1),
        *review("Cleo", 2),
        "+",
        people=2,
        choices=["practice=no", "naming=hidden"],
    )
    assert "Nothing is asked of anybody now. + goes to Monday, 10:15." in keyboard.text
    assert "Somebody in your group looked at your work." in keyboard.text
    assert "Other learners don't see your name; Ms Ada can." in keyboard.text
    assert "Cleo looked at" not in keyboard.text


async def test_the_facilitator_holds_a_comment_and_steers() -> None:
    keyboard = await played(
        "peer-exchange",
        *share("Ben"),
        *share("Cleo"),
        "In the middle this is stupid",
        *review("Ben", 1)[1:],
        "ada: ?",
        "ada: release 99",
        "ada: sing",
        "ben: release 0",
        "ada: release 0",
        "ada: return 1",
        "@ben",
        "@ada",
        "+5",
        people=2,
        choices=["practice=no"],
    )
    page = keyboard.text
    assert "A comment waits for you: Ben about Cleo's work. “In the middle this is stupid”" in page
    assert "That changes nothing here." in page
    assert "ada: remind NAME" in page
    assert page.count("ada: pair_now") == 2  # what she can do is said again where she asks for something else
    assert "Ms Ada will read this comment before it goes on." in page
    assert "Nobody here is called that. Here are: Ben, Cleo." in page
    assert "Time moves by hours or days" in page


async def test_somebody_else_can_be_put_in_front_and_takes_their_work_back() -> None:
    keyboard = await played("peer-exchange", "@dana", *share("Dana"), "dana: withdraw", "@dana", "@ben")
    assert keyboard.prompts == ["ben> ", *["dana> "] * 3, *["ben> "] * 4]
    assert "Nothing is asked of Dana now." in keyboard.text
    assert "That changes nothing" not in keyboard.text
