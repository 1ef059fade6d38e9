"""Made-up effects, texts that try to break a message, and what every message must keep to."""

from collections.abc import Iterator
from typing import Any

from hypothesis import strategies as st

from bot.adapters.asking import Item, Reply
from bot.adapters.fitting import size
from bot.adapters.slack.blocks import Block
from bot.adapters.slack.outbound import Message, home_for
from bot.core.effects import AskQuestion, EffectId, Input, InviteGroup, OfferForm, Option, Prompt
from bot.core.people import PersonId, Place
from bot.core.runs import RunId
from tests.slack.checks import Checks
from tests.slack.limits import MENTION

PERSON, PLACE, RUN = PersonId("ben"), Place("slack:T1:D1"), RunId("r1")
HOSTILE = {
    "long": "A reflection goes on and on. " * 345,
    "one word": "x" * 10_000,
    "a call": "<!channel> <@U0123ABC> <!here|here> @everyone",
    "markup": "*bold* _it_ `code` ~gone~ > quote\n- list :smile: <https://a.example|b> &amp;",
    "right to left": "מה למדת השבוע? \u202eأفكّر في الخطوة",
    "emoji": "👩🏽‍🔬" * 40,
    "plain emoji": "🤖" * 40,
    "lines": "First.\n\nSecond,\r\n\tthird.  ",
    "an address": "See (https://a.example/b_(c)?d=1&e=2). Or http://x:port/ and https://[.",
}
TEXTS = st.one_of(
    st.sampled_from(sorted(HOSTILE.values())),
    st.text(st.characters(exclude_categories=["Cs"]), max_size=90),
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


def walk(part: Any) -> Iterator[dict[str, Any]]:
    """List every object within blocks."""
    if isinstance(part, dict):
        yield part
    for each in part.values() if isinstance(part, dict) else part if isinstance(part, list) else ():
        yield from walk(each)


def elements(blocks: list[Block]) -> list[Block]:
    """List what can be pressed or chosen from."""
    return [element for block in blocks if block["type"] == "actions" for element in block["elements"]]


def by_action(blocks: list[Block]) -> dict[str, Block]:
    """Find what can be pressed by its name."""
    return {element["action_id"]: element for element in elements(blocks)}


def seen(blocks: list[Block]) -> str:
    """Read all words, pieces of one text as one."""
    texts = [part.get("text") if part.get("type") != "link" else part["url"] for part in walk(blocks)]
    return "".join(text for text in texts if isinstance(text, str))


def hold_to_limits(blocks: list[Block]) -> None:
    """Check what Slack's own rules leave open."""
    for part in walk(blocks):
        assert part.get("type") not in (
            "mrkdwn",
            "markdown",
            "image",
            "user",
            "broadcast",
            "usergroup",
            "channel",
            "emoji",
        )
        assert part.get("emoji") is not True
        assert size(part["text"]) in range(1, 3_001) if isinstance(part.get("text"), str) else True
        assert part.get("elements") != []
    buttons = [element for element in elements(blocks) if element["type"] == "button"]
    assert sum("style" in made for made in buttons) <= 1
    actions = [element["action_id"] for element in elements(blocks)]
    assert len(actions) == len(set(actions))


def check(message: Message) -> Message:
    """Hold a message to Slack's rules and to ours."""
    checks = Checks()
    body = {
        "channel": "D1",
        "text": message.text,
        "blocks": message.blocks,
        "unfurl_links": False,
        "unfurl_media": False,
    }
    checks.request("chat.postMessage", body)
    assert checks.complaints == []
    hold_to_limits(message.blocks)
    unescaped = message.text.replace("&lt;", "").replace("&gt;", "").replace("&amp;", "")
    assert not {"<", ">", "&"} & set(unescaped)
    assert not MENTION.search(message.text)
    assert "\n" not in message.text
    assert len(unescaped) <= 300
    return message


def home(*items: Item) -> list[Block]:
    """Lay out a page and hold it to the rules."""
    view, checks = home_for(Reply(items=items)), Checks()
    checks.request("views.publish", {"user_id": "U1", "view": view})
    assert checks.complaints == []
    hold_to_limits(view["blocks"])
    return list(view["blocks"])
