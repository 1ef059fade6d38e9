"""What the invented people say in habit weeks and feedback rounds, from `program_sentences.yaml`."""

from collections.abc import Sequence
from functools import cache
from importlib.resources import files
from random import Random
from typing import Any

import yaml

from bot.core.people import PersonId
from bot.core.runs import Run, RunId
from bot.flows.flow import CANT_SAY, NONE, OWN, Question
from bot.flows.reading import options_for

BOXES = ("describe", "judge", "suggest")


class Voices:
    """Gives each person their words; about one piece nobody says what somebody else said before."""

    def __init__(self, chance: Random) -> None:
        self._chance, self._given = chance, all_sentences()
        self._used: dict[str, int] = {}
        self._comments: dict[RunId, Sequence[str]] = {}

    def say(self, run: Run, question: Question, habit: str, pieces: str, authors: Sequence[PersonId]) -> str:
        """Answer a question: in words, or with one of its options."""
        words = self._words(run, question.key, habit, pieces, authors)
        if words:
            return words
        options = [option.value for option in options_for(question, run.opening)]
        return self._chance.choice([value for value in options if value not in (OWN, NONE, CANT_SAY)])

    def _words(self, run: Run, key: str, habit: str, pieces: str, authors: Sequence[PersonId]) -> str:
        """Find what may be said in words; nothing where an option is to be chosen."""
        given = self._given
        match run.flow, key:
            case "peer-share", ("work" | "ask"):
                return str(given["pieces"][pieces][authors.index(run.person)][key])
            case "peer-review", ("describe" | "judge" | "suggest"):
                return self._comment(run, pieces)[BOXES.index(key)]
            case "peer-practice", ("useful" | "difference"):
                return str(given["practice"][key])
            case "peer-practice", "own_comment":
                return self._one_of(given["practice"][key])
            case "peer-look-back", "change":
                return self._one_of(given["change"])
            case (("habit-plan" | "peer-look-back"), ("act.cue" | "change.cue")):
                return self._one_of(given["staff_cues" if habit in self._of_staff(run) else "cues"])
            case (("habit-plan" | "habit-notice" | "habit-look-back"), ("act" | "noticed" | "showed")):
                return self._one_of((self._of_staff(run) or given["habits"])[habit][key])
            case _ if key.endswith(".probe"):
                return self._one_of(given["further"])
            case _:
                return ""

    def _comment(self, run: Run, pieces: str) -> Sequence[str]:
        """Find the comment this run is to write: the next one about its piece."""
        if run.id not in self._comments:
            work = run.opening.given["work"]
            piece = next(piece for piece in self._given["pieces"][pieces] if piece["work"] == work)
            turn = self._used[work] = self._used.get(work, -1) + 1
            self._comments[run.id] = piece["comments"][turn % len(piece["comments"])]
        return self._comments[run.id]

    def _of_staff(self, run: Run) -> dict[str, Any]:
        found: dict[str, Any] = self._given["staff"] if run.group == "staff-team" else {}
        return found

    def _one_of(self, sentences: Sequence[str]) -> str:
        return self._chance.choice(sentences)


@cache
def all_sentences() -> dict[str, Any]:
    """Read all that is said."""
    given: dict[str, Any] = yaml.safe_load((files("bot.demo") / "program_sentences.yaml").read_text("utf-8"))
    return given
