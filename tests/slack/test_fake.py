"""The fake Slack does to the real library what Slack does: events, buttons, commands, modals, sockets, faults."""

from collections.abc import AsyncIterator
from typing import Any

import pytest
from slack_bolt.app.async_app import AsyncApp
from slack_sdk.errors import SlackApiError

from tests.slack.delivery import NotAcked
from tests.slack.fake import FakeSlack
from tests.slack.person import REQUIRED, Person
from tests.slack.small_bot import (
    QUIET,
    actions,
    button,
    client_of,
    greeter,
    in_socket_mode,
    modal,
    options,
    plain,
    section,
    text_input,
)
from tests.slack.world import JSON


@pytest.fixture
async def fake() -> AsyncIterator[FakeSlack]:
    """Open a Slack, which has nothing to complain about in the end."""
    async with FakeSlack() as slack:
        yield slack
        assert slack.complaints == []


@pytest.fixture
def ben(fake: FakeSlack) -> Person:
    """Be Ben."""
    return fake.add_user("U1", name="Ben Okoro")


@pytest.fixture
def app(fake: FakeSlack) -> AsyncApp:
    """Make a bot that greets."""
    return greeter(fake)


# Events.


async def test_what_somebody_writes_reaches_the_bot_as_slack_escapes_it(
    fake: FakeSlack, ben: Person, app: AsyncApp
) -> None:
    async with in_socket_mode(fake, app):
        await ben.write("1 < 2 & https://example.org")
        await fake.until(lambda: len(ben.dm) == 2)
        assert ben.dm[1].text == "Heard 1 &lt; 2 &amp; <https://example.org>"
        assert ben.words() == "1 < 2 & https://example.org\nHeard you\nReflect"
        assert [message.by_bot for message in ben.dm] == [False, True]
        await fake.settled()
    assert fake.unacked == []
    assert [call.method for call in fake.calls if call.method.startswith("chat")] == ["chat.postMessage"]
    assert fake.posts_to("U1") == fake.posts_to(ben.dm[1].channel) == [ben.dm[1]]


async def test_an_event_comes_again_under_the_same_id(fake: FakeSlack, ben: Person, app: AsyncApp) -> None:
    seen = []

    @app.middleware
    async def look(body: JSON, request: Any, next_: Any) -> None:
        retry = [request.headers.get(f"x-slack-retry-{part}", [None])[0] for part in ("num", "reason")]
        seen.append((body["event_id"], *retry))
        await next_()

    async with in_socket_mode(fake, app):
        await ben.write("Hello")
        event = fake.delivered[0]
        await fake.redeliver(event, "timeout")
        await fake.deliver_again(event)
        await fake.until(lambda: len(fake.posts_to("U1")) == 3)
        await fake.settled()
    told = [each for each in seen if each[0] == event.payload["event_id"]]
    assert [(str(number), reason) for _, number, reason in told] == [("0", ""), ("1", "timeout"), ("0", "")]


async def test_edits_and_deletions_are_told_and_so_is_what_the_bot_does_itself(
    fake: FakeSlack, ben: Person, app: AsyncApp
) -> None:
    async with in_socket_mode(fake, app):
        ts = await ben.write("Hello")
        assert (await ben.edit(ts, "Good day")).event["message"]["text"] == "Good day"
        assert (await ben.delete(ts)).event["deleted_ts"] == ts
        await fake.until(lambda: fake.posts_to("U1"))
        [posted] = fake.posts_to("U1")
        await client_of(fake).chat_update(channel=posted.channel, ts=posted.ts, text="Bye")
        await client_of(fake).chat_delete(channel=posted.channel, ts=posted.ts)
        await fake.settled()
    assert ben.dm == []
    kinds = [echo.event.get("subtype") for echo in fake.deliveries.echoes]
    assert kinds == [None, "message_changed", "message_deleted"]


async def test_events_can_wait_come_in_another_order_or_never(fake: FakeSlack, ben: Person, app: AsyncApp) -> None:
    async with in_socket_mode(fake, app):
        fake.pause_delivery()
        await ben.write("one")
        await ben.write("two")
        assert [d.event["text"] for d in await fake.deliver_paused(order=[1, 0])] == ["two", "one"]
        await fake.until(lambda: len(fake.posts_to("U1")) == 2)
        await fake.settled()
        fake.drop_events = True
        lost = await ben.write("three")
        assert len(fake.delivered) == 2
        found = await client_of(fake).conversations_history(channel=ben.dm[0].channel, limit=1)
        assert found["messages"][0]["ts"] == lost
        assert found["has_more"]


async def test_what_happens_in_the_workspace_is_told(fake: FakeSlack, ben: Person, app: AsyncApp) -> None:
    heard: list[str] = []
    for kind in (
        "team_join",
        "user_change",
        "member_joined_channel",
        "member_left_channel",
        "channel_archive",
        "app_home_opened",
        "app_mention",
        "app_uninstalled",
        "tokens_revoked",
    ):

        @app.event(kind)
        async def note(event: JSON) -> None:
            heard.append(event["type"])

    fake.add_channel("C1", name="year-8", members=["U1"])
    fake.add_user("U2", name="Ola")
    async with in_socket_mode(fake, app):
        await fake.announce("U2")
        await fake.change_user("U1", tz="Asia/Kathmandu")
        await fake.join("C1", "U2")
        await fake.leave("C1", "U2")
        await ben.open_home()
        await ben.write("<@UBOT> hello", channel="C1")
        await fake.archive("C1")
        assert (await client_of(fake).users_info(user="U1"))["user"]["tz_offset"] == 20700
        await fake.deactivate("U2")
        await fake.uninstall()
        with pytest.raises(SlackApiError, match="token_revoked"):
            await client_of(fake).chat_postMessage(channel="U1", text="Hi", **QUIET)
    assert fake.unacked == []
    assert {delivery.event["type"] for delivery in fake.delivered} == set(heard)


async def test_a_step_of_a_workflow_is_run_and_completed(fake: FakeSlack, ben: Person, app: AsyncApp) -> None:
    @app.function("send_check_in")
    async def send(inputs: JSON, complete: Any) -> None:
        await complete(outputs={"sent_to": inputs["who"]})

    async with in_socket_mode(fake, app):
        step = await fake.run_workflow_step("send_check_in", {"who": "U1"})
        await fake.until(lambda: "result" in step)
    assert step["result"] == {"outputs": {"sent_to": "U1"}}


# Buttons, commands, modals.


async def test_a_press_opens_a_form_whose_errors_keep_what_was_typed(
    fake: FakeSlack, ben: Person, app: AsyncApp
) -> None:
    taken: list[JSON] = []

    @app.view("form")
    async def take(ack: Any, view: JSON) -> None:
        taken.append(view["state"]["values"])
        if len(taken) == 1:
            await ack(response_action="errors", errors={"what": "Not saved, please try again."})
        else:
            await ack()

    async with in_socket_mode(fake, app):
        await ben.write("Hello")
        await fake.until(ben.labels)
        await ben.press("Reflect")
        await fake.until(lambda: ben.modal)
        assert "What happened?" in ben.words("modal")
        assert await ben.submit() == {"what": REQUIRED}
        assert await ben.submit({"What happened?": "It fell"}) == {"what": "Not saved, please try again."}
        assert await ben.submit() == {}
        await fake.settled()
        assert "What happened?" not in ben.words("modal")
    assert taken == [{"what": {"words": {"type": "plain_text_input", "value": "It fell"}}}] * 2


async def test_a_submission_can_push_change_and_clear(fake: FakeSlack, ben: Person, app: AsyncApp) -> None:
    answers: list[JSON] = [
        {"response_action": "push", "view": modal(title="Second")},
        {"response_action": "update", "view": modal(title="Third")},
        {"response_action": "clear"},
    ]

    @app.view("form")
    async def take(ack: Any) -> None:
        await ack(**answers.pop(0))

    @app.shortcut("reflect_now")
    async def begin(ack: Any, shortcut: JSON, client: Any) -> None:
        await ack()
        await client.views_open(trigger_id=shortcut["trigger_id"], view=modal(title="First"))

    async with in_socket_mode(fake, app):
        await ben.shortcut("reflect_now")
        await fake.until(lambda: ben.modal)
        titles = []
        for _ in range(3):
            await ben.submit({"what": "words"})
            titles.append(ben.modal.title if ben.modal else "")
    assert titles == ["Second", "Third", ""]


async def test_every_kind_of_input_is_filled_in(fake: FakeSlack, ben: Person, app: AsyncApp) -> None:
    def of(kind: str, **more: Any) -> JSON:
        return {"type": "input", "block_id": kind, "label": plain(kind), "element": {"type": kind, **more}}

    form = modal(
        of("radio_buttons", options=options("red", "blue")),
        of("static_select", options=options("one", "two"), initial_option=options("one", "two")[1]),
        of("multi_static_select", options=options("a", "b", "c")),
        {**of("checkboxes", options=options("x", "y")), "optional": True},
        of("datepicker", initial_date="2026-03-06"),
        of("users_select"),
        notify_on_close=True,
    )
    seen: JSON = {}

    @app.command("/mull")
    async def begin(ack: Any, command: JSON, client: Any) -> None:
        await ack()
        await client.views_open(trigger_id=command["trigger_id"], view=form)

    @app.view_closed("form")
    async def closed(ack: Any, view: JSON) -> None:
        await ack()
        seen.update(view["state"]["values"])

    async with in_socket_mode(fake, app):
        await ben.command("/mull")
        await fake.until(lambda: ben.modal)
        ben.fill({"radio_buttons": "blue", "multi_static_select": ["a", "2"], "users_select": "U1"})
        with pytest.raises(LookupError, match="not offered"):
            ben.fill({"radio_buttons": "green"})
        await ben.close_modal()
    values = {block: next(iter(given.values())) for block, given in seen.items()}
    assert values["radio_buttons"]["selected_option"]["text"]["text"] == "blue"
    assert values["static_select"]["selected_option"]["value"] == "1"
    assert [each["value"] for each in values["multi_static_select"]["selected_options"]] == ["0", "2"]
    assert values["checkboxes"]["selected_options"] == []
    assert values["datepicker"]["selected_date"] == "2026-03-06"
    assert values["users_select"]["selected_user"] == "U1"


async def test_a_command_shows_its_answer_to_one_person_and_more_can_follow(
    fake: FakeSlack, ben: Person, app: AsyncApp
) -> None:
    fake.add_channel("C1", name="year-8", members=["U1"])

    @app.command("/mull")
    async def help_(ack: Any, respond: Any, command: JSON) -> None:
        await ack(f"Help with {command['text']}")
        await respond("More help", blocks=[section("More *help*"), actions(button("Close", "close"))])

    @app.action("close")
    async def close(ack: Any, respond: Any) -> None:
        await ack()
        await respond(delete_original=True)

    async with in_socket_mode(fake, app):
        shown = await ben.command("/mull", "exports", channel="C1")
        assert shown is not None
        assert shown.text == "Help with exports"
        await fake.until(lambda: len(ben.ephemerals) == 2)
        assert "More help" in ben.words("C1")
        assert fake.world.channels["C1"].messages == []
        await ben.press("Close", where="ephemeral")
        await fake.until(lambda: ben.ephemerals == [shown])


async def test_menus_and_message_shortcuts_carry_what_they_stand_on(
    fake: FakeSlack, ben: Person, app: AsyncApp
) -> None:
    seen: list[JSON] = []

    @app.action("mood")
    async def mood(ack: Any, body: JSON) -> None:
        await ack()
        seen.append(body)

    @app.shortcut("keep")
    async def keep(ack: Any, shortcut: JSON) -> None:
        await ack()
        seen.append(shortcut)

    menu = {"type": "static_select", "action_id": "mood", "options": options("calm", "tired")}
    async with in_socket_mode(fake, app):
        await client_of(fake).chat_postMessage(channel="U1", text="Mood?", blocks=[actions(menu)], **QUIET)
        await ben.pick("tired")
        await ben.message_shortcut("keep", ben.dm[0])
        await fake.settled()
    [block_state] = seen[0]["state"]["values"].values()
    assert block_state["mood"]["selected_option"] == seen[0]["actions"][0]["selected_option"] == options("", "tired")[1]
    assert seen[1]["message"]["ts"] == ben.dm[0].ts


async def test_what_the_bot_does_not_acknowledge_did_not_work(fake: FakeSlack, ben: Person, app: AsyncApp) -> None:
    fake.patience = 0.05
    with pytest.raises(NotAcked):
        await ben.command("/mull")
    await ben.write("Is anybody there?")
    assert len(fake.unacked) == 2

    @app.command("/mull")
    async def never(ack: Any) -> None:
        pass

    async with in_socket_mode(fake, app):
        with pytest.raises(NotAcked):
            await ben.command("/mull")


async def test_a_trigger_is_good_once_and_for_three_seconds(fake: FakeSlack, ben: Person) -> None:
    client = client_of(fake)
    first, second = fake.payloads.trigger("U1"), fake.payloads.trigger("U1")
    await client.views_open(trigger_id=first, view=modal())
    with pytest.raises(SlackApiError, match="exchanged_trigger_id"):
        await client.views_open(trigger_id=first, view=modal())
    fake.pass_time(seconds=4)
    with pytest.raises(SlackApiError, match="expired_trigger_id"):
        await client.views_push(trigger_id=second, view=modal())


async def test_a_view_changes_only_by_its_newest_hash(fake: FakeSlack, ben: Person) -> None:
    client = client_of(fake)
    opened = (await client.views_open(trigger_id=fake.payloads.trigger("U1"), view=modal()))["view"]
    ben.fill({"what": "It fell"})
    await client.views_update(view_id=opened["id"], hash=opened["hash"], view=modal(text_input(), title="Again"))
    assert ben.modal is not None
    assert ben.modal.typed["what"]["words"]["value"] == "It fell"
    with pytest.raises(SlackApiError, match="hash_conflict"):
        await client.views_update(view_id=opened["id"], hash=opened["hash"], view=modal())
    await client.views_publish(user_id="U1", view={"type": "home", "blocks": [section("Welcome")]})
    assert ben.words("home") == "Welcome"
