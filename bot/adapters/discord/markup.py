"""Words as Discord shows them: all markup taken literally, addresses to open, as much as a message holds. Pure.

Discord reads markup in everything that is said, so that every sign that could begin any has a backslash before it
(https://docs.discord.com/developers/reference#message-formatting).
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from itertools import pairwise, takewhile

from bot.adapters.fitting import ELLIPSIS, can_be_opened, pieces, size, trimmed

CONTENT = 2_000
PIECE = 900
"""Characters of one line that fit into a message also where each of them is escaped."""

_LINK = re.compile(r"(?<!\w)https?://[^\s<>\"“”«»\\`]+")
_AFTER_LINK = ".,;:!?'’)]}…*|"
_LEFT_OUT = re.compile(r"[.,:;\"']*(?:\s|$)")
"""What may follow an address, for Discord itself does not take it for a part of it."""

_MARKUP = re.compile(r"[\\*_~|`<\[]|@(?=everyone|here)|:(?=[^\s:]+:)|:(?=//)")
_AT_START = re.compile(r"(\s*)(?:(?=[#>+-])|(\d+)(?=\.))")


def one_line(text: str) -> str:
    """Write a text as a label has it; something stands there in any case."""
    line = " ".join(text.split())
    return line if is_visible(line) else ELLIPSIS


def is_visible(text: str) -> bool:
    """Say whether there is anything to see: Discord refuses what it takes for nothing."""
    return any(unicodedata.category(sign)[0] not in "CZ" for sign in text)


# Escaping.


def escaped(text: str) -> str:
    """Write a text so that it shows as it is, on lines of its own; addresses can be opened."""
    return "".join(map(_escaped_line, text.splitlines(keepends=True)))


def _escaped_line(line: str) -> str:
    start = _AT_START.match(line)
    if start is None:
        return _escaped_rest(line)
    return f"{start.group()}\\{_escaped_rest(line[start.end() :], is_escaped=True)}"


def _escaped_rest(line: str, *, is_escaped: bool = False) -> str:
    """Escape a line; where `is_escaped`, its first sign has its backslash already and is none that needs another."""
    done = int(is_escaped)
    made = [line[:done]]
    for found in _LINK.finditer(line, done):
        link = trimmed(found.group(), _AFTER_LINK)
        if can_be_opened(link, PIECE):
            end = found.start() + len(link)
            made += [_literal(line, done, found.start()), link if _LEFT_OUT.match(line, end) else f"<{link}>"]
            done = end
    return "".join((*made, _literal(line, done, len(line))))


def _literal(line: str, start: int, end: int) -> str:
    """Escape a stretch of a line; what follows it may make markup of its signs."""
    signs = takewhile(lambda place: place < end, (found.start() for found in _MARKUP.finditer(line, start)))
    places = [start, *signs, end]
    return "\\".join(line[one:other] for one, other in pairwise(places))


# Lines of a message.


def plain(text: str) -> list[str]:
    """Say a text."""
    return list(_lines(text))


def bold(text: str) -> list[str]:
    """Say what matters most; an address that would end the bold type too early stays plain."""
    return list(_lines(text)) if any("**" in link for link in _LINK.findall(text)) else list(_lines(text, "**", "**"))


def quoted(text: str) -> list[str]:
    """Repeat what somebody wrote."""
    return list(_lines(text, "> "))


def small(*texts: str) -> list[str]:
    """Say small print."""
    return [line for text in texts for line in _lines(text, "-# ") if line]


def apart(*blocks: Iterable[str]) -> list[str]:
    """Put blocks below each other with a blank line between."""
    made: list[str] = []
    for block in map(list, blocks):
        made += [""] if made and block else []
        made += block
    return made


def pages(lines: Iterable[str], most: int = CONTENT) -> list[str]:
    """Put lines into as many messages as they need, nothing lost."""
    made: list[str] = []
    page = ""
    for line in lines:
        longer = f"{page}\n{line}" if page else line
        if size(longer) > most:
            made.append(page)
            longer = line
        page = longer
    return [page.rstrip("\n") if is_visible(page) else ELLIPSIS for page in (*made, page) if page.strip("\n")]


def _lines(text: str, before: str = "", after: str = "") -> Iterator[str]:
    if not text.strip():
        return
    for line in text.strip("\r\n").splitlines():
        if not line.strip():
            yield before if before == "> " else ""
            continue
        whole = f"{before}{escaped(line)}{after}"
        yield from (
            [whole] if size(whole) <= CONTENT else (f"{before}{escaped(piece)}{after}" for piece in pieces(line, PIECE))
        )
