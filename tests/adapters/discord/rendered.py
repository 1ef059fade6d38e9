"""Made-up effects, texts that try to break a message, and what every message must keep to."""

from collections.abc import Sequence
from typing import Any

from hypothesis import strategies as st

from bot.adapters.discord.outbound import Message
from bot.core.effects import AskQuestion, EffectId, Input, InviteGroup, OfferForm, Option, Prompt, SettleQuestion
from bot.core.people import PersonId, Place
from bot.core.runs import RunId
from tests.adapters.discord.reading import Read, read
from tests.discord.checks import Checks

PERSON, PLACE, RUN = PersonId("ben"), Place("discord:@me:11"), RunId("0123456789abcdef0123")
AT = f"{RUN}:3"
HOSTILE = {
    "long": "A reflection goes on and on. " * 345,
    "one word": "x" * 10_000,
    "stars": "*" * 5_000,
    "a call": "@everyone @here <@123456789012345678> <@&1234567890> <#1234567890> </mull start:12345> <t:1700000000:R>",
    "markup": "*bold* _it_ __u__ `code` ```py\nx``` ~~gone~~ ||spoiler|| [a](https://a.example) :smile: <:x:123456789>",
    "lines": "# One\n## Two\n-# Three\n> four\n>>> five\n- six\n* seven\n1. eight\n  - nine\n\n\nten  ",
    "odd lines": "a\r\n# b\u2028# c\v# d\x85> e",
    "slashes": "C:\\temp\\_x_ \\*no\\* ¯\\_(ツ)_/¯ \\",
    "right to left": "מה למדת השבוע? \u202eأفكّر في الخطوة",
    "emoji": "👩🏽‍🔬" * 700,
    "nothing to see": "\u200b",
    "addresses": "See (https://a.example/b_(c)?d=1&e=2_). Or **https://b.example/*x*** http://x:port/ https://[. steam://run",
    "glued": "xhttps://a.example/_b_ [https://a.example](https://evil.example) <https://a.example|b>",
}
TEXTS = st.one_of(
    st.sampled_from(sorted(HOSTILE.values())),
    st.text(st.characters(exclude_categories=["Cs"]), max_size=90),
    st.text(st.sampled_from("a1 \n*_~|`<>#-+.:@[]()\\/&!"), max_size=60),
    st.lists(
        st.sampled_from(
            [
                *(
                    "https://a.example",
                    "https://a.example/b_(c)_",
                    "http://",
                    "@everyone",
                    "@here",
                    "<@1>",
                    ":a:",
                    "1.",
                ),
                *("**", "__", "||", "```", "](", "\n", "\n# ", "\n-# ", " ", "\\", "x", ".", ")", "]", ">"),
            ]
        ),
        max_size=14,
    ).map("".join),
    st.builds(
        lambda text, times: text * times, st.text(st.sampled_from("ab 🤖\nא<&*:/."), max_size=40), st.integers(0, 250)
    ),
)


def prompt_of(text: str = "What did you try this week?", takes: Input = Input.TEXT, **more: Any) -> Prompt:
    """Make a question."""
    return Prompt(
        **{"key": "tried", "text": text, "label": "Tried", "input": takes, "reads": "Ada will read this."} | more
    )


def options_of(count: int, text: str = "") -> tuple[Option, ...]:
    """Make options that all differ."""
    return tuple(Option(f"v{number}", text or f"Option {number}") for number in range(1, count + 1))


def asked(prompt: Prompt, **more: Any) -> AskQuestion:
    """Ask it."""
    base: dict[str, Any] = {"id": EffectId("e/1"), "person": PERSON, "place": PLACE, "run": RUN, "wait": 3}
    return AskQuestion(**base | {"title": "Weekly reflection", "prompt": prompt} | more)


def offered(*prompts: Prompt, title: str = "Weekly reflection") -> OfferForm:
    """Offer a form."""
    return OfferForm(id=EffectId("e/1"), person=PERSON, place=PLACE, run=RUN, wait=3, title=title, prompts=prompts)


def post(**more: Any) -> InviteGroup:
    """Invite a group."""
    base: dict[str, Any] = {"id": EffectId("e/1"), "person": PERSON, "place": PLACE, "about": "o1"}
    texts = {"title": "Weekly reflection", "text": "Ada asks: what did you try?", "small": "Set up by Ada."}
    return InviteGroup(**base | texts | more)


def settle(asked: str = "How hard?", said: str = "most", *, can_edit: bool = True, key: str = "hard") -> SettleQuestion:
    """Settle a question."""
    return SettleQuestion(
        id=EffectId("e/2"), person=PERSON, place=PLACE, run=RUN, key=key, asked=asked, said=said, can_edit=can_edit
    )


def check(messages: Sequence[Message]) -> list[Message]:
    """Hold messages to Discord's rules and to ours."""
    checks = Checks()
    for message in messages:
        rows = [] if message.view is None else message.view.to_components()
        body = {"content": message.content, "components": rows, "flags": 4, "allowed_mentions": {"parse": []}}
        checks.request("create_message", body, [])
        assert message.content.strip()
        assert len(message.content.encode("utf-16-le")) // 2 <= 2_000
        assert set(read(message.content).markup) <= {"bold", "quote", "small"}
        buttons = [piece for row in rows for piece in row["components"] if piece["type"] == 2]
        assert all(len(made["label"]) <= 38 for made in buttons)
        assert sum(made["style"] == 1 for made in buttons) <= 1
        kinds = [row["components"][0]["type"] == 2 for row in rows]
        assert sum(kinds) <= 2 or any(made["style"] == 5 for made in buttons)
        assert message.view is None or message.view.timeout is None
    assert checks.complaints == []
    return list(messages)


def one(messages: Sequence[Message]) -> Message:
    """Take the one message that there is."""
    (message,) = check(messages)
    return message


def rows_of(message: Message) -> list[list[str]]:
    """Read what can be pressed, row by row; a menu with its options, the first button that is primary with a star."""
    rows = [] if message.view is None else message.view.to_components()
    return [[_named(piece) for piece in row["components"]] for row in rows]


def _named(piece: dict[str, Any]) -> str:
    if piece["type"] == 2:
        return f"*{piece['label']}" if piece["style"] == 1 else str(piece["label"])
    return f"{piece['placeholder']}: {' | '.join(option['label'] for option in piece.get('options', []))}"


def ids_of(message: Message) -> list[str]:
    """List the names of what can be pressed, links left out."""
    rows = [] if message.view is None else message.view.to_components()
    return [piece["custom_id"] for row in rows for piece in row["components"] if "custom_id" in piece]


def piece_of(message: Message, name: str) -> dict[str, Any]:
    """Find what can be pressed by its name."""
    rows = [] if message.view is None else message.view.to_components()
    (found,) = [piece for row in rows for piece in row["components"] if piece.get("custom_id") == name]
    return dict(found)


def seen(messages: Sequence[Message]) -> Read:
    """Read messages as one."""
    return read("\n".join(message.content for message in messages))


def squeezed(text: str) -> str:
    """Leave out all gaps: a message breaks its lines where it has to."""
    return "".join(text.split())


def shows(messages: Sequence[Message], *texts: str) -> bool:
    """Say whether texts show as they are, each in one go; one of which nothing can be seen needs not."""
    shown = squeezed(seen(messages).text)
    return all(squeezed(text) in shown or not text.strip("\u200b \n") for text in texts)
