"""What learners show each other, on a page: addresses become links, and a long text begins with its first lines."""

import re
from urllib.parse import urlsplit

from markupsafe import Markup, escape

ADDRESS = re.compile(
    r"(?<!\w)https?://[^\s<>\"“”«»`{}|\\^\x00-\x1f\x7f-\x9f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff]+",
    re.IGNORECASE,
)
"""Signs that turn the direction of writing, or that nobody sees, end an address: it must read as where it leads."""

ENDINGS = ".,;:!?'’…)]"
LONGEST_ADDRESS = 2_000
LINK = Markup('<a href="{0}" target="_blank" rel="noopener noreferrer nofollow ugc">{0}</a>')

OPENING_LINES, OPENING = 6, 320
"""Lines, and characters, after which a text is folded; one that is hardly longer is shown whole."""

HARDLY_LONGER = 1.3


def linked(text: str) -> Markup:
    """Escape a text and make links of its http and https addresses; nothing else in it is markup."""
    pieces, end = [], 0
    for found in ADDRESS.finditer(text):
        address = _without_endings(found[0])
        if _leads_somewhere(address):
            pieces += [escape(text[end : found.start()]), LINK.format(address)]
            end = found.start() + len(address)
    return Markup().join([*pieces, escape(text[end:])])


def opening(text: str) -> str:
    """Give the first lines of a long text; nothing where the text is short enough to be shown whole."""
    lines = text.split("\n")
    if len(text) <= OPENING * HARDLY_LONGER and len(lines) <= OPENING_LINES * HARDLY_LONGER:
        return ""
    first = "\n".join(lines[:OPENING_LINES])
    if len(first) > OPENING:
        wholes = (re.match(rf".{{{OPENING // 2},{OPENING}}}(?={end})", first, re.DOTALL) for end in (r"\n", r"\s"))
        first = next((whole[0] for whole in wholes if whole), first[:OPENING])
    return f"{first.rstrip()} …" if first.strip() else ""


def _without_endings(address: str) -> str:
    """Leave out what belongs to the sentence around an address, such as its full stop."""
    if len(address) > LONGEST_ADDRESS:
        return ""
    while address and address[-1] in ENDINGS:
        if address[-1] == ")" and address.count("(") >= address.count(")"):
            break
        address = address[:-1]
    return address


def _leads_somewhere(address: str) -> bool:
    """Ask for a host; a name in front of it could pass for one."""
    try:
        parts = urlsplit(address)
        return bool(parts.hostname) and "@" not in parts.netloc
    except ValueError:
        return False
