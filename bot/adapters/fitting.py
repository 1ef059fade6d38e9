"""Texts within what a chat platform takes: measured, cut, taken to pieces, addresses found. Pure."""

import re
from collections.abc import Iterator
from urllib.parse import urlsplit

ELLIPSIS = "\N{HORIZONTAL ELLIPSIS}"
JOINER = "\N{ZERO WIDTH JOINER}"

_HOST = re.compile(r"[^\W_](?:[\w.-]*[^\W_])?")
_GAP = re.compile(r"\s+")


def size(text: str) -> int:
    """Count in UTF-16, as Slack's and Discord's clients do: most emoji count twice."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def cut(text: str, most: int) -> str:
    """Shorten a text at a word, with a sign that it goes on."""
    if size(text) <= most:
        return text
    head = _head(text, most - size(ELLIPSIS))
    gaps = [] if text[len(head)].isspace() else list(_GAP.finditer(head))
    head = (head[: gaps[-1].start()] if gaps else head) or head
    return head.rstrip().rstrip(JOINER) + ELLIPSIS


def whole(text: str, most: int, limit: str) -> str:
    """Let through what must never be cut; ValueError names the limit that it would break."""
    if size(text) > most:
        raise ValueError(f"{limit}: at most {most:,} characters, not {size(text):,}")
    return text


def pieces(text: str, most: int) -> Iterator[str]:
    """Split a text so that every piece fits and nothing is lost; between words unless they are very long."""
    while size(text) > most:
        head = _head(text, most)
        gap = max((gap.end() for gap in _GAP.finditer(head)), default=0)
        end = gap if gap > len(head) // 2 else len(head)
        yield text[:end]
        text = text[end:]
    if text:
        yield text


def trimmed(link: str, after: str) -> str:
    """Leave out what follows an address, of the signs in `after`; a bracket that it opens itself belongs to it."""
    while link[-1] in after and not (link[-1] == ")" and link.count("(") >= link.count(")")):
        link = link[:-1]
    return link


def can_be_opened(link: str, most: int) -> bool:
    """Say whether an address leads anywhere, within so many characters."""
    try:
        parts = urlsplit(link)
        host, _ = parts.hostname, parts.port
    except ValueError:
        return False
    return bool(host and _HOST.fullmatch(host)) and link.isprintable() and size(link) <= most


def _head(text: str, most: int) -> str:
    """Take the longest beginning that fits."""
    head = text[:most]
    while size(head) > most:
        head = head[: -max(1, (size(head) - most) // 2)]
    return head
