"""A small model of how Discord reads a message: what shows, and which markup it takes for markup.

It is stricter than the clients are: it looks for markup at every sign, also within a word. Rules and their order are
those of the clients' parsers, https://docs.discord.com/developers/reference#message-formatting and Discord's help page
on text formatting.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

BLOCKS = (
    ("quote", re.compile(r"[ \t]*>(?:>>)? ?")),
    ("small", re.compile(r"[ \t]*-#\s+")),
    ("heading", re.compile(r"[ \t]*#{1,3}\s+")),
    ("list", re.compile(r"[ \t]*(?:[-+*]|\d+\.)\s+")),
)
ADDRESS = re.compile(r"<(\w+:/?[^\s<>]+)>|((?:https?|steam|discord)://[^\s<]+[^<.,:;\"'\]\s])")
INLINE = (
    ("mention", re.compile(r"@(everyone|here)")),
    ("angle", re.compile(r"<[^\s<>]+>")),
    ("emoji", re.compile(r":[^\s:\\]+:")),
    ("masked link", re.compile(r"\[[^\n]*?\]\([^\n]*?\)")),
    ("code", re.compile(r"(`+)[^`]+\1")),
    ("spoiler", re.compile(r"\|\|.+?\|\|", re.DOTALL)),
    ("strike", re.compile(r"~~.+?~~", re.DOTALL)),
    ("underline", re.compile(r"__(?:\\.|[^\\])+?__", re.DOTALL)),
    ("italic", re.compile(r"\*(?:\\.|[^\\*])+?\*|_(?:\\.|[^\\_])+?_", re.DOTALL)),
)
BOLD = re.compile(r"\*\*((?:\\.|[^\\])+?)\*\*(?!\*)", re.DOTALL)
PLAIN = re.compile(r"[^\W\d_]+(?!\w*:)|.", re.DOTALL)
ESCAPE = re.compile(r"\\([^0-9A-Za-z\s])")


@dataclass
class Read:
    """What shows of a message, the markup in it, and the addresses that can be opened."""

    text: str = ""
    markup: list[str] = field(default_factory=list)
    links: list[str] = field(default_factory=list)


def read(content: str) -> Read:
    """Read a message."""
    seen = Read()
    for line in re.split(r"(?<=[\n\r\v\f\x1c-\x1e\x85\u2028\u2029])", content):
        rest = line
        while rest and (found := _block(rest)):
            name, taken = found
            seen.markup.append(name)
            rest = rest[len(taken) :]
        for shown in _inline(rest, seen):
            seen.text += shown
    return seen


def _block(line: str) -> tuple[str, str] | None:
    return next(((name, found.group()) for name, rule in BLOCKS if (found := rule.match(line))), None)


def _inline(text: str, seen: Read) -> Iterator[str]:
    at = 0
    while at < len(text):
        if found := ESCAPE.match(text, at):
            yield found.group(1)
        elif found := ADDRESS.match(text, at):
            seen.links.append(found.group(1) or found.group(2))
            yield seen.links[-1]
        elif found := BOLD.match(text, at):
            seen.markup.append("bold")
            yield from _inline(found.group(1), seen)
        elif named := next(((name, one) for name, rule in INLINE if (one := rule.match(text, at))), None):
            seen.markup.append(named[0])
            found = named[1]
            yield found.group()
        else:
            found = PLAIN.match(text, at)
            assert found is not None
            yield found.group()
        at = found.end()
