"""Whatever somebody writes shows as they wrote it: no markup, no mention; addresses can be opened."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.adapters.discord.markup import bold, escaped, pages, plain, quoted, small
from bot.adapters.fitting import cut, pieces, size
from tests.adapters.discord.reading import read
from tests.adapters.discord.rendered import HOSTILE, TEXTS, squeezed


@settings(deadline=None)
@given(TEXTS)
def test_what_is_escaped_shows_as_it_was_written(text: str) -> None:
    seen = read(escaped(text))
    assert (seen.text, seen.markup) == (text, [])


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)
def test_what_is_hostile_shows_as_it_was_written(text: str) -> None:
    seen = read(escaped(text))
    assert (seen.text, seen.markup) == (text, [])


@settings(deadline=None)
@given(TEXTS)
def test_each_style_shows_the_whole_text_and_its_own_markup_only(text: str) -> None:
    for style, markup in ((plain, set()), (bold, {"bold"}), (quoted, {"quote"}), (small, {"small"})):
        seen = [read(page) for page in pages(style(text))]
        assert {name for page in seen for name in page.markup} <= markup
        shown = squeezed("".join(page.text for page in seen))
        assert shown == squeezed(text) or not text.strip("\u200b\n\r\t ") or "…" in shown
        assert all(size(page) <= 2_000 for page in pages(style(text)))


@pytest.mark.parametrize(
    ("text", "content"),
    [
        ("See https://a.example/my_map_now.", "See https://a.example/my_map_now."),
        ("(https://a.example/b_(c)?d=1&e=2)", "(<https://a.example/b_(c)?d=1&e=2>)"),
        ("https://a.example!", "<https://a.example>!"),
        ("**https://a.example**", "\\*\\*<https://a.example>\\*\\*"),
        ("https://en.example/C*-algebra", "https://en.example/C*-algebra"),
        ("xhttps://a.example/_b_", "xhttps\\://a.example/\\_b\\_"),
        ("HTTPS://a.example/_b_", "HTTPS\\://a.example/\\_b\\_"),
        ("steam://run", "steam\\://run"),
        ("http://x:port/", "http\\://x:port/"),
        ("https://[.", "https\\://\\[."),
        ("[a](https://b.example)", "\\[a](<https://b.example>)"),
        ("<https://a.example|b>", "\\<https\\://a.example\\|b>"),
        ("- https://a.example/_b_", "\\- https://a.example/_b_"),
    ],
)
def test_a_plain_address_can_be_opened_and_nothing_else(text: str, content: str) -> None:
    assert escaped(text) == content
    assert read(content).text == text


@pytest.mark.parametrize(
    ("text", "content"),
    [
        ("It took 10 minutes, well-made: 3:30 or 1.5?", "It took 10 minutes, well-made: 3:30 or 1.5?"),
        ("#1 and a > b", "\\#1 and a > b"),
        ("  - one\n12. two\n-# three", "  \\- one\n12\\. two\n\\-# three"),
        ("@everyone :tada: <t:1>", "\\@everyone \\:tada: \\<t:1>"),
        ("ada@here.example", "ada\\@here.example"),
        ("a_b * c ~ d", "a\\_b \\* c \\~ d"),
    ],
)
def test_no_more_is_escaped_than_has_to_be(text: str, content: str) -> None:
    assert escaped(text) == content


def test_an_address_that_would_end_the_bold_type_is_not_bold() -> None:
    assert bold("See https://a.example/**b") == ["See https://a.example/**b"]
    assert bold("a*\nb") == ["**a\\***", "**b**"]


def test_a_text_is_cut_at_a_word() -> None:
    assert cut("one two three", 13) == "one two three"
    assert cut("one two three", 9) == "one two…"
    assert cut("one two three", 8) == "one two…"
    assert cut("one two three", 7) == "one…"
    assert cut("onetwothree", 7) == "onetwo…"
    assert cut("🤖🤖🤖", 4) == "🤖…"


@settings(deadline=None)
@given(TEXTS, st.integers(2, 80))
def test_pieces_fit_and_make_the_whole(text: str, most: int) -> None:
    parts = list(pieces(text, most))
    assert "".join(parts) == text
    assert all(0 < size(part) <= most for part in parts)
    assert size(cut(text, most)) <= most
