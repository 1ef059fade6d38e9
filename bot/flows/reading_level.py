"""How hard a text is to read: its words, sentences and syllables, and a school grade.

A formula may raise an alarm, it never gives the all-clear.
"""

import re
from collections.abc import Sequence

from bot.flows.flow import PLACEHOLDER

QUOTED = re.compile(rf'["“]{PLACEHOLDER.pattern}["”]')
WORD = re.compile(r"[^\W_]+(?:['’-][^\W_]+)*")
SENTENCE_END = re.compile(r"[.!?…:]+(?=\W|$)|\n")
VOWELS = re.compile(r"[aeiouy]+")


def plain(text: str) -> str:
    """Put one word for each placeholder; a quoted one is a sentence of its own."""
    return PLACEHOLDER.sub("X", QUOTED.sub("X.", text))


def words(text: str) -> list[str]:
    """Split a text into its words."""
    return WORD.findall(text)


def sentences(text: str) -> list[str]:
    """Split a text into its sentences; a colon ends one too."""
    return [part for part in SENTENCE_END.split(text) if words(part)]


def syllables(word: str) -> int:
    """Count the syllables of an English word, roughly: groups of vowels, without a silent e at the end."""
    letters = re.sub(r"[^a-z]", "", word.casefold())
    count = len(VOWELS.findall(letters))
    is_silent = re.search(r"[^aeiouy]e$|[^aeiouydt]ed$|[^aeiouylscxzg]es$", letters) and not letters.endswith("le")
    return max(1, count - bool(is_silent))


def grade(texts: Sequence[str]) -> float:
    """Compute the Flesch-Kincaid grade (Kincaid 1975) of texts that are read together."""
    parts = [part for text in texts for part in sentences(text)]
    found = [word for part in parts for word in words(part)]
    if not found:
        return 0.0
    return 0.39 * len(found) / len(parts) + 11.8 * sum(map(syllables, found)) / len(found) - 15.59
