"""Words of people on a page: only addresses become links, and long texts begin with some lines."""

from html.parser import HTMLParser

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from bot.web.shared_text import OPENING, OPENING_LINES, linked, opening

HOSTILE = (
    "javascript:alert(1)",
    "JAVASCRIPT:alert(1)//https://a.example",
    "data:text/html,<script>alert(1)</script>",
    'https://a.example/"onmouseover="alert(1)',
    "https://a.example/'onclick='alert(1)",
    "<a href=https://a.example>x</a>",
    "https://a.example/<script>alert(1)</script>",
    "https://a.example/&quot;&gt;",
    "\u202ehttps://a.example/gpj.exe\u202c",
    "https://a.example/\u202egpj.exe",
    "http://[::1",
    "http://",
    "https://bank.example@evil.example",
    "(https://en.example/wiki/Bridge_(structure))",
    "שלום https://א.example/ב עוד",
    "https://a.example." + "/x" * 4_000,
)


class Seen(HTMLParser):
    """What a browser makes of it: the text, and every tag with its attributes."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.text, self.tags, self.links = "", list[tuple[str, dict[str, str | None]]](), list[str]()
        self._is_in_link = False
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        self._is_in_link = True
        self.links.append("")

    def handle_endtag(self, tag: str) -> None:
        self._is_in_link = False

    def handle_data(self, data: str) -> None:
        self.text += data
        if self._is_in_link:
            self.links[-1] += data


pieces = st.one_of(
    st.sampled_from(HOSTILE),
    st.text(),
    st.text(alphabet="<>\"'&:/.;()[]@#?%=`\\ \n\u202e\u2066\u200bhtpsHTPS://aא", max_size=60),
    st.builds("http{}://{}".format, st.sampled_from(["", "s", "S"]), st.text(max_size=40)),
)


@settings(max_examples=400, deadline=None)
@given(text=st.lists(pieces, max_size=8).map("".join))
@example("x" * 10_000)
@example("https://a.example/" + ")" * 10_000)
@example("<" * 10_000)
@example("http://" * 1_500)
def test_whatever_is_written_only_addresses_become_links(text: str) -> None:
    seen = Seen(str(linked(text)))
    assert seen.text == text
    for (tag, attributes), words in zip(seen.tags, seen.links, strict=True):
        assert tag == "a"
        assert set(attributes) == {"href", "target", "rel"}
        assert attributes["rel"] == "noopener noreferrer nofollow ugc"
        assert attributes["target"] == "_blank"
        href = attributes["href"] or ""
        assert href == words
        assert href.casefold().startswith(("http://", "https://"))
        assert not set(href) & set(' \n\t<>"`\u202e\u2066\u200b')


@pytest.mark.parametrize(
    ("text", "addresses"),
    [
        ("See https://a.example/b?c=1&d=2#e.", ["https://a.example/b?c=1&d=2#e"]),
        ("(https://en.example/wiki/Bridge_(structure))", ["https://en.example/wiki/Bridge_(structure)"]),
        ("http://a.example, HTTPS://B.example!", ["http://a.example", "HTTPS://B.example"]),
        ("https://school.example/עץ, yes", ["https://school.example/עץ"]),
        ("www.a.example ftp://a.example javascript:x", []),
        ("https://bank.example@evil.example", []),
        ("xhttps://a.example", []),
    ],
)
def test_addresses_end_where_people_would_say(text: str, addresses: list[str]) -> None:
    assert Seen(str(linked(text))).links == addresses


@given(text=st.text(max_size=3_000) | st.text(alphabet="ab \n", max_size=3_000))
def test_a_long_text_begins_with_its_own_first_lines(text: str) -> None:
    first = opening(text)
    if first:
        assert text.startswith(first.removesuffix(" …"))
        assert len(first) <= OPENING + 2
        assert len(first.split("\n")) <= OPENING_LINES
    else:
        assert len(text) < OPENING * 1.5 or not text[:OPENING].strip() or text.startswith("\n" * OPENING_LINES)
