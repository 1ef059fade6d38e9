"""Every documented limit of Discord's, and every rule of ours, is complained about where a request breaks it."""

from collections.abc import AsyncIterator
from typing import Any

import aiohttp
import pytest

from tests.discord.checks_openapi import DESCRIPTION, ON, wrong_by_schema
from tests.discord.fake import FakeDiscord
from tests.discord.world import EPHEMERAL, JSON, SILENT, SUPPRESS_EMBEDS

QUIET: JSON = {"flags": SUPPRESS_EMBEDS, "allowed_mentions": {"parse": []}}
OPTION: JSON = {"label": "Red", "value": "red"}


class Asking:
    """Asks without a library, which would check some of this itself."""

    def __init__(self, fake: FakeDiscord, session: aiohttp.ClientSession) -> None:
        self.fake, self.session = fake, session

    async def ask(self, method: str, path: str, body: Any) -> tuple[int, int]:
        """Ask, and give the status and the code."""
        headers = {"Authorization": f"Bot {self.fake.token}"}
        async with self.session.request(method, self.fake.api_url + path, json=body, headers=headers) as response:
            answer = {} if response.status == 204 else await response.json()
            return response.status, answer.get("code", 0) if isinstance(answer, dict) else 0

    async def post(self, **body: Any) -> tuple[int, int]:
        """Write a message."""
        return await self.ask("POST", "/channels/7101/messages", {"content": "Hello", **QUIET, **body})

    async def open(self, modal: JSON) -> tuple[int, int]:
        """Open a modal for somebody who has just run a command."""
        ben = self.fake.person("11")
        done = await ben.run("go", wait=False)
        return await self.ask("POST", f"/interactions/{done.id}/{done.token}/callback", {"type": 9, "data": modal})


@pytest.fixture
async def asking() -> AsyncIterator[Asking]:
    """Open a Discord with a club in it."""
    async with FakeDiscord() as fake, aiohttp.ClientSession() as session:
        fake.add_user("11", name="Ada")
        fake.add_channel(fake.add_guild("7001", name="Bridge Club", owner="11"), "7101", name="robots")
        asking = Asking(fake, session)
        commands = [{"name": "go", "description": "Go"}]
        assert await asking.ask("PUT", "/applications/900/commands", commands) == (200, 0)
        yield asking
        assert fake.complaints == []


def said_of(asking: Asking, what: str) -> None:
    """Take away what was complained about, all of it about this."""
    told, ours = list(asking.fake.complaints), asking.fake.complaints
    ours.clear()
    assert any(what in one for one in told), told


def button(**more: Any) -> JSON:
    """Write a button."""
    return {"type": 2, "style": 2, "label": "Go", "custom_id": "go", **more}


def select(**more: Any) -> JSON:
    """Write a menu."""
    return {"type": 3, "custom_id": "pick", "options": [OPTION, {"label": "Blue", "value": "blue"}], **more}


def row(*parts: JSON) -> JSON:
    """Write a row."""
    return {"type": 1, "components": list(parts)}


def buttons(count: int, start: int = 0) -> JSON:
    """Write a row of so many buttons."""
    return row(*(button(custom_id=f"go {number}") for number in range(start, start + count)))


def options(count: int) -> list[JSON]:
    """Write so many options."""
    return [{"label": str(number), "value": str(number)} for number in range(count)]


# Messages.


async def test_what_keeps_to_everything_is_taken(asking: Asking) -> None:
    link = {"type": 2, "style": 5, "label": "More", "url": "https://example.org"}
    menu = select(options=options(25), placeholder="p" * 150, min_values=0, max_values=25)
    rows = [buttons(5, start) for start in (0, 5, 10)] + [row(link), row(menu)]
    assert await asking.post(content="x" * 2000, components=rows, flags=SUPPRESS_EMBEDS | SILENT) == (200, 0)
    wide = [{"label": "l" * 100, "value": "v" * 100, "description": "d" * 100}]
    rows = [row(button(label="l" * 80, custom_id="c" * 100)), row(select(options=wide))]
    assert await asking.post(components=rows) == (200, 0)


@pytest.mark.parametrize(
    ("body", "says"),
    [
        ({"content": "x" * 2001}, "content has 2001 characters"),
        ({"nonce": "x" * 26}, "nonce has 26 characters"),
        ({"embeds": [{}] * 11}, "embeds has 11 entries"),
        ({"flags": SUPPRESS_EMBEDS | EPHEMERAL}, "which only answers to interactions can say"),
        ({"flags": SUPPRESS_EMBEDS | 2}, "of which 2 means nothing"),
        ({"flags": SUPPRESS_EMBEDS | 1 << 15}, "components of version 2"),
        ({"contents": "x"}, "has contents, which nothing here knows"),
    ],
)
async def test_a_message_keeps_to_its_limits(asking: Asking, body: JSON, says: str) -> None:
    assert await asking.post(**body) == (400, 50035)
    said_of(asking, says)
    assert asking.fake.posts_in("7101") == []


@pytest.mark.parametrize(
    ("rows", "says"),
    [
        ([buttons(1, start) for start in range(6)], "components has 6 entries"),
        ([buttons(6)], "components.0.components has 6 entries"),
        ([row()], "components.0.components has 0 entries"),
        ([button()], "is no row"),
        ([row(button(), button())], "is 'go', as one before it is"),
        ([row(button()), row(select(custom_id="go"))], "is 'go', as one before it is"),
        ([row(button(custom_id="c" * 101))], "custom_id has 101 characters"),
        ([row(button(custom_id=""))], "custom_id has 0 characters"),
        ([row(button(label="l" * 81))], "label has 81 characters"),
        ([row(button(label=None))], "no emoji stands in for it"),
        ([row(button(style=5))], "stands on a link"),
        ([row({"type": 2, "style": 5, "label": "x", "url": "example.org"})], "which is no address"),
        ([row(button(url="https://example.org"))], "stands on a button that is no link"),
        ([row(button(style=9))], "style is 9"),
        ([row(button(colour="red"))], "has colour"),
        ([row(button(), select())], "puts a menu beside something else"),
        ([row(select(options=options(26)))], "options has 26 entries"),
        ([row(select(options=[]))], "options has 0 entries"),
        ([row(select(options=[{"label": "l" * 101, "value": "v"}]))], "label has 101 characters"),
        ([row(select(options=[{"label": "l", "value": "v" * 101}]))], "value has 101 characters"),
        ([row(select(options=[{**OPTION, "description": "d" * 101}]))], "description has 101 characters"),
        ([row(select(options=[OPTION, OPTION]))], "value is 'red', as one before it is"),
        ([row(select(placeholder="p" * 151))], "placeholder has 151 characters"),
        ([row(select(max_values=3))], "max_values is 3, and there are 2 options"),
        ([row(select(min_values=2))], "min_values is 2, more than the 1"),
        ([row(select(options=[{**one, "default": True} for one in options(2)]))], "begins with 2 chosen"),
        ([row({"type": 4, "custom_id": "x", "style": 1})], "which stands in no row of a message"),
    ],
)
async def test_controls_keep_to_their_limits(asking: Asking, rows: list[JSON], says: str) -> None:
    assert await asking.post(components=rows) == (400, 50035)
    said_of(asking, says)


async def test_an_empty_message_is_refused(asking: Asking) -> None:
    assert await asking.post(content="", components=[buttons(1)]) == (400, 50006)
    said_of(asking, "writes an empty message")


@pytest.mark.parametrize(
    ("body", "says"),
    [
        ({"allowed_mentions": None}, "allowed_mentions is missing"),
        ({"allowed_mentions": {"users": []}}, "allowed_mentions is missing"),
        ({"allowed_mentions": {"parse": ["everyone"]}}, "may mention people"),
        ({"allowed_mentions": {"parse": [], "users": ["14"]}}, "may mention people"),
        ({"allowed_mentions": {"parse": [], "roles": ["1", "2"]}}, "may mention people"),
        ({"allowed_mentions": {"parse": [], "replied_user": True}}, "may mention people"),
        ({"flags": 0}, "does not suppress embeds"),
    ],
)
async def test_our_own_rules_are_complained_about_and_let_pass(asking: Asking, body: JSON, says: str) -> None:
    asking.fake.checks.allowed_roles.add("1")
    assert await asking.post(**body) == (200, 0)
    said_of(asking, says)
    assert len(asking.fake.posts_in("7101")) == 1


async def test_a_role_may_be_pinged_where_that_is_allowed(asking: Asking) -> None:
    asking.fake.checks.allowed_roles.add("1")
    assert await asking.post(allowed_mentions={"parse": [], "roles": ["1"]}) == (200, 0)


async def test_a_change_keeps_to_the_same_limits(asking: Asking) -> None:
    await asking.post()
    place = f"/channels/7101/messages/{asking.fake.posts_in('7101')[0].id}"
    assert await asking.ask("PATCH", place, {"components": []}) == (200, 0)
    assert await asking.ask("PATCH", place, {"content": "x" * 2001, **QUIET}) == (400, 50035)
    said_of(asking, "edit_message: content has 2001 characters")
    assert await asking.ask("PATCH", place, {"content": "New"}) == (200, 0)
    said_of(asking, "allowed_mentions is missing")


async def test_a_late_answer_lets_no_link_unfold(asking: Asking) -> None:
    done = await asking.fake.person("11").run("go", wait=False)
    await asking.ask("POST", f"/interactions/{done.id}/{done.token}/callback", {"type": 5})
    place = f"/webhooks/900/{done.token}/messages/@original"
    words: JSON = {"content": "See https://example.org", "allowed_mentions": {"parse": []}}
    for more in ({"flags": SUPPRESS_EMBEDS}, {"content": "See <https://example.org>"}):
        assert await asking.ask("PATCH", place, {**words, **more}) == (200, 0)
    done.original.flags = 0  # type: ignore[union-attr]
    assert await asking.ask("PATCH", place, words) == (200, 0)
    said_of(asking, "lets a link unfold")


@pytest.mark.parametrize("body", [{"name": ""}, {"name": "n" * 101}, {"name": "n", "auto_archive_duration": 61}])
async def test_a_thread_keeps_to_its_limits(asking: Asking, body: JSON) -> None:
    assert await asking.ask("POST", "/channels/7101/threads", body) == (400, 50035)
    said_of(asking, "create_thread: ")


# Modals.


def field(**more: Any) -> JSON:
    """Write a field for words, under its label."""
    text = {"type": 4, "custom_id": "what", "style": 1, **more.pop("component", {})}
    return {"type": 18, "label": "What?", "component": text, **more}


def group(kind: int, count: int, **more: Any) -> JSON:
    """Write a group of boxes or circles."""
    return field(component={"type": kind, "style": None, "options": options(count), **more})


def modal(*parts: JSON, **more: Any) -> JSON:
    """Write a modal."""
    return {"custom_id": "form", "title": "Form", "components": list(parts), **more}


def without_style(part: JSON) -> JSON:
    """Take away what only fields for words have."""
    part["component"].pop("style", None)
    return part


async def test_a_modal_that_keeps_to_everything_is_opened(asking: Asking) -> None:
    parts = [
        field(label="l" * 45, description="d" * 100, component={"max_length": 4000, "value": "v" * 4000}),
        without_style(group(21, 10, custom_id="radio")),
        without_style(group(22, 10, custom_id="boxes")),
        without_style(field(component={"type": 3, "custom_id": "menu", "options": options(25)})),
        {"type": 10, "content": "Ms Ada reads this."},
    ]
    assert await asking.open(modal(*parts, title="t" * 45, custom_id="c" * 100)) == (204, 0)


@pytest.mark.parametrize(
    ("opened", "says"),
    [
        (modal(), "data.components has 0 entries"),
        (modal(*(field(component={"custom_id": str(each)}) for each in range(6))), "data.components has 6 entries"),
        (modal(field(), title="t" * 46), "data.title has 46 characters"),
        (modal(field(), custom_id="c" * 101), "data.custom_id has 101 characters"),
        (modal(field(label="l" * 46)), "label has 46 characters"),
        (modal(field(description="d" * 101)), "description has 101 characters"),
        (modal(field(component={"max_length": 4001})), "max_length is 4001"),
        (modal(field(component={"value": "v" * 4001})), "value has 4001 characters"),
        (modal(field(component={"value": "vv", "max_length": 1})), "value has 2 characters"),
        (modal(field(component={"placeholder": "p" * 101})), "placeholder has 101 characters"),
        (modal(field(component={"label": "What?"})), "stands under a label"),
        (modal(field(), field()), "is 'what', as one before it is"),
        (modal(without_style(group(21, 1))), "options has 1 entries; 2 to 10 fit"),
        (modal(without_style(group(21, 11))), "options has 11 entries; 2 to 10 fit"),
        (modal(without_style(group(22, 11))), "options has 11 entries; 1 to 10 fit"),
        (modal(without_style(group(22, 2, max_values=11))), "max_values is 11"),
        (modal(without_style(field(component={"type": 3, "options": options(26)}))), "options has 26 entries"),
        (
            modal(without_style(field(component={"type": 3, "options": options(2), "disabled": True}))),
            "is true in a modal",
        ),
        (modal(row(button())), "which no label holds"),
        (modal(button()), "which stands in no modal"),
    ],
)
async def test_a_modal_keeps_to_its_limits(asking: Asking, opened: JSON, says: str) -> None:
    assert await asking.open(opened) == (400, 50035)
    said_of(asking, says)
    assert asking.fake.person("11").modal is None


# Commands.


def command(**more: Any) -> JSON:
    """Write a command."""
    return {"name": "mull", "description": "Reflect", **more}


def argument(**more: Any) -> JSON:
    """Write an option of a command."""
    return {"type": 3, "name": "until", "description": "A day", **more}


@pytest.mark.parametrize(
    ("commands", "says"),
    [
        ([command(name="Mull")], "small letters"),
        ([command(name="m" * 33)], "small letters"),
        ([command(description="d" * 101)], "description has 101 characters"),
        ([command(description="")], "description has 0 characters"),
        ([command(), command()], "names 'mull' 2 times"),
        ([command(type=2)], "stands on a command of a context menu"),
        ([command(name=f"m{number}") for number in range(101)], "has 101 commands of type 1"),
        ([command(name_localizations={"xx": "mull"})], "'xx', which is no language"),
        ([command(name_localizations={"de": "Denk nach"})], "small letters"),
        ([command(description_localizations={"de": "d" * 101})], "description_localizations.de has 101"),
        ([command(options=[argument(name=f"o{number}") for number in range(26)])], "options has 26 entries"),
        ([command(options=[argument(), argument()])], "is 'until', as one before it is"),
        ([command(options=[argument(), argument(name="who", required=True)])], "comes after one that may be left out"),
        ([command(options=[argument(choices=[{"name": "x", "value": "v" * 101}])])], "value has 101 characters"),
        ([command(options=[argument(choices=[{"name": "x", "value": "x"}], autocomplete=True)])], "beside choices"),
        ([command(default_member_permissions="many")], "which is no number in a text"),
        ([command(contexts=[3])], "contexts is [3]"),
        (
            [
                command(
                    options=[
                        argument(name=f"o{n}", choices=[{"name": "x" * 99, "value": str(c)} for c in range(25)])
                        for n in range(4)
                    ]
                )
            ],
            "characters of names and descriptions",
        ),
        (
            [command(options=[argument(type=2, options=[argument(type=2, options=[argument(type=1)])])])],
            "nests too deep",
        ),
    ],
)
async def test_commands_keep_to_their_limits(asking: Asking, commands: list[JSON], says: str) -> None:
    assert await asking.ask("PUT", "/applications/900/commands", commands) == (400, 50035)
    said_of(asking, says)
    assert [one["name"] for one in asking.fake.commands.everywhere] == ["go"]


async def test_commands_of_one_server_stand_beside_the_others(asking: Asking) -> None:
    place = "/applications/900/guilds/7001/commands"
    parts = [argument(type=1, name="pause", options=[argument(required=True)])]
    assert await asking.ask("PUT", place, [command(options=parts), {"type": 3, "name": "Save it"}]) == (200, 0)
    assert asking.fake.person("11").visible_commands() == ["mull", "Save it", "go"]
    assert await asking.ask("GET", place, None) == (200, 0)
    assert await asking.ask("PUT", "/applications/900/guilds/7009/commands", []) == (403, 50001)
    assert await asking.ask("PUT", "/applications/901/commands", []) == (404, 10002)


# The published description.


@pytest.mark.skipif(not ON, reason=f"{DESCRIPTION} is not at hand")
async def test_a_request_keeps_to_the_published_description(asking: Asking) -> None:
    assert await asking.post(tts="yes") == (200, 0)
    said_of(asking, "tts: 'yes' is not of type 'boolean', 'null'")
    assert wrong_by_schema("create_dm", {"recipient_id": 14}) is None
    assert wrong_by_schema("create_dm", {"recipient_id": "Ada"})
    assert wrong_by_schema("answer", {"type": 9, "data": modal(field())}) is None
    assert wrong_by_schema("answer", {"type": 9, "data": {"title": "No fields"}})
    assert wrong_by_schema("get_me", None) is None
