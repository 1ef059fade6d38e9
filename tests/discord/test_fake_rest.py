"""The fake's REST API: messages, threads and direct messages by what the bot may do there."""

import io
from collections.abc import AsyncIterator

import discord
import pytest

from tests.discord.fake import FakeDiscord
from tests.discord.fake_bot import Press, SmallBot, point_at, view
from tests.discord.person import Person
from tests.discord.world import Channel, Overwrite, Right


@pytest.fixture
async def fake() -> AsyncIterator[FakeDiscord]:
    """Open a Discord with a club in it, which has nothing to complain about in the end."""
    async with FakeDiscord() as discord:
        ada = discord.add_user("11", name="Ada")
        club = discord.add_guild("7001", name="Bridge Club", owner=ada)
        discord.add_channel(club, "7101", name="robots")
        discord.add_user("14", name="Ben Okoro", guilds=[club])
        yield discord
        assert discord.complaints == []


@pytest.fixture
def ben(fake: FakeDiscord) -> Person:
    """Be Ben."""
    return fake.person("14")


@pytest.fixture
async def bot(fake: FakeDiscord) -> AsyncIterator[SmallBot]:
    """Log a bot in, without a gateway."""
    point_at(fake)
    async with SmallBot() as bot:
        await bot.login(fake.token)
        yield bot


@pytest.fixture
async def robots(bot: SmallBot) -> discord.TextChannel:
    """Find the channel of the robots as the bot does."""
    channel = await bot.fetch_channel(7101)
    assert isinstance(channel, discord.TextChannel)
    return channel


async def post(channel: discord.abc.Messageable, content: str = "Hello", **more: object) -> discord.Message:
    """Write as Mull should."""
    return await channel.send(content, suppress_embeds=True, **more)  # type: ignore[call-overload,no-any-return]


def overwrite(fake: FakeDiscord, allow: Right = Right.VIEW_CHANNEL, deny: Right = Right.MANAGE_ROLES) -> None:
    """Say what all may do in the channel of the robots."""
    fake.world.channels["7101"].overwrites = [Overwrite("7001", allow, deny)]


async def code_of(request: object) -> int:
    """Find out with which code something is refused."""
    with pytest.raises(discord.HTTPException) as refused:
        await request  # type: ignore[misc]
    return refused.value.code


# Messages.


async def test_messages_are_written_read_changed_and_deleted(
    fake: FakeDiscord, ben: Person, robots: discord.TextChannel
) -> None:
    for number in range(5):
        await post(robots, str(number), view=view(Press("form")))
    assert [one.content async for one in robots.history(limit=2)] == ["4", "3"]
    second = fake.world.channels["7101"].messages[1]
    since, until = discord.Object(int(second.id)), discord.Object(int(ben.newest.id))
    assert [one.content async for one in robots.history(after=since, limit=2)] == ["2", "3"]
    assert [one.content async for one in robots.history(before=until, limit=2)] == ["3", "2"]
    found = await robots.fetch_message(int(second.id))
    await found.edit(content="one", view=None)
    assert (second.content, second.components, second.edited_at) == ("one", [], fake.world.now())
    await found.delete()
    assert await code_of(robots.fetch_message(int(second.id))) == 10008
    theirs = await ben.write("mine", "7101")
    stranger = robots.get_partial_message(int(theirs.id))
    assert await code_of(stranger.edit(content="yours", allowed_mentions=discord.AllowedMentions.none())) == 50005
    assert await code_of(stranger.delete()) == 50013


async def test_a_nonce_is_honoured_for_five_minutes(fake: FakeDiscord, robots: discord.TextChannel) -> None:
    first = await post(robots, nonce="abc")
    assert (await post(robots, nonce="abc")).id == first.id
    assert (await post(robots, nonce="abd")).id != first.id
    fake.pass_time(minutes=5)
    assert (await post(robots, nonce="abc")).id != first.id


async def test_a_file_comes_with_its_description(fake: FakeDiscord, ben: Person, robots: discord.TextChannel) -> None:
    picture = discord.File(io.BytesIO(b"picture"), "arm.png", description="An arm of wood")
    sent = await post(robots, file=picture)
    assert [(one["filename"], one["description"]) for one in ben.newest.attachments] == [("arm.png", "An arm of wood")]
    assert ben.sees() == "Hello\n(arm.png)"
    stands = ben.newest.attachments
    await sent.edit(content="Look", attachments=sent.attachments, allowed_mentions=discord.AllowedMentions.none())
    assert (ben.sees(), ben.newest.attachments) == ("Look\n(arm.png)", stands)
    await post(robots, file=discord.File(io.BytesIO(b"picture"), "leg.png"))
    assert fake.complaints.pop() == "create_message: attaches leg.png without a description"


# Rights.


@pytest.mark.parametrize(
    ("denied", "code"),
    [(Right.VIEW_CHANNEL, 50001), (Right.SEND_MESSAGES, 50013), (Right.ADD_REACTIONS, 0)],
)
async def test_writing_needs_rights(fake: FakeDiscord, robots: discord.TextChannel, denied: Right, code: int) -> None:
    overwrite(fake, deny=denied, allow=Right.CREATE_INVITE)
    if code:
        assert await code_of(post(robots)) == code
    else:
        await post(robots)
    assert len(fake.posts_in("7101")) == (0 if code else 1)
    role = fake.add_role("7001", name="Mull too", rights=Right.ADMINISTRATOR, to=[fake.world.bot.id])
    await post(robots)
    role.permissions = Right.CREATE_INVITE
    fake.world.channels["7101"].overwrites.append(Overwrite(fake.world.bot.id, denied, is_member=True))
    await post(robots)


async def test_reading_back_needs_a_right_of_its_own(fake: FakeDiscord, robots: discord.TextChannel) -> None:
    sent = await post(robots)
    overwrite(fake, deny=Right.READ_MESSAGE_HISTORY)
    assert [one async for one in robots.history()] == []
    assert await code_of(robots.fetch_message(sent.id)) == 50013


async def test_what_is_not_there_is_not_found(fake: FakeDiscord, bot: SmallBot, ben: Person) -> None:
    fake.add_user("15", name="Dee")
    fake.add_guild("7002", name="Far Club", owner="11", installed=False)
    club = await bot.fetch_guild(7001, with_counts=True)
    assert (club.name, club.approximate_member_count) == ("Bridge Club", 3)
    assert (await club.fetch_member(14)).name == "ben.okoro"
    assert [channel.name for channel in await club.fetch_channels()] == ["general", "robots"]
    assert [role.name for role in await club.fetch_roles()] == ["@everyone"]
    assert (await bot.fetch_user(14)).display_name == "Ben Okoro"
    assert [guild.name async for guild in bot.fetch_guilds()] == ["Bridge Club"]
    for code, request in (
        (10007, club.fetch_member(15)),
        (10013, club.fetch_member(16)),
        (10013, bot.fetch_user(16)),
        (10004, bot.fetch_guild(7002)),
        (10003, bot.fetch_channel(7777)),
        (50001, bot.fetch_channel(int(fake.world.guilds["7002"].channels[0]))),
        (50001, bot.http.get_members(7001, 10, None)),
    ):
        assert await code_of(request) == code
    fake.gateway.allowed = 1 << 1
    assert [one["user"]["id"] for one in await bot.http.get_members(7001, 10, None)] == ["11", "14", "900"]
    assert await bot.http.get_members(7001, 10, 14) != []
    await (await bot.fetch_guild(7001)).leave()
    assert await code_of(bot.fetch_guild(7001)) == 10004


# Threads.


async def test_threads_begin_at_messages_and_come_back_when_somebody_writes(
    fake: FakeDiscord, ben: Person, robots: discord.TextChannel
) -> None:
    asked = await post(robots)
    thread = await asked.create_thread(name="open talk")
    assert thread.id == asked.id
    assert await code_of(asked.create_thread(name="again")) == 160004
    await post(thread, "Midweek", silent=True)
    assert "Midweek" in ben.sees()
    place = fake.world.channels[str(thread.id)]
    place.archived = True
    theirs = fake.posts_in(place)[0]
    edit = thread.get_partial_message(int(theirs.id)).edit(
        content="No", allowed_mentions=discord.AllowedMentions.none()
    )
    assert await code_of(edit) == 50083
    await post(thread)
    assert not place.archived
    place.locked = True
    assert await code_of(post(thread)) == 160005
    overwrite(fake, deny=Right.SEND_MESSAGES_IN_THREADS)
    assert await code_of(post(thread)) == 50013
    overwrite(fake, deny=Right.CREATE_PUBLIC_THREADS)
    assert await code_of((await post(robots)).create_thread(name="talk")) == 50013
    assert await code_of(robots.create_thread(name="secret")) == 50013


async def test_private_threads_are_seen_by_those_in_them(fake: FakeDiscord, bot: SmallBot, ben: Person) -> None:
    secret = fake.add_thread("7101", name="secret", members=["14"])
    await ben.write("psst", secret)
    assert (ben.sees(), fake.person("11").sees()) == ("psst", "psst")
    assert await code_of(bot.fetch_channel(int(secret.id))) == 50001
    secret.members = {fake.world.bot.id}
    found = await bot.fetch_channel(int(secret.id))
    assert isinstance(found, discord.Thread)
    assert ben.sees() == ""


# Direct messages.


async def test_direct_messages_reach_those_who_take_them(fake: FakeDiscord, ben: Person, bot: SmallBot) -> None:
    user = await bot.fetch_user(14)
    await post(user)
    assert ben.sees("dm") == "Hello"
    ben.user.dms = 50007
    assert await code_of(post(user)) == 50007
    ben.user.dms = 0
    await fake.changes.leave("7001", "14")
    assert await code_of(post(user)) == 50278
    assert await code_of(bot.http.start_private_message(99)) == 50033
    channel = await user.create_dm()
    said = await ben.write("hello")
    assert [one.content async for one in channel.history()] == ["hello", "Hello"]
    assert await code_of(channel.get_partial_message(int(said.id)).delete()) == 50003
    assert await code_of(channel.get_partial_message(1).delete()) == 10008


async def test_typing_is_seen(fake: FakeDiscord, robots: discord.TextChannel) -> None:
    await robots.typing()
    assert fake.channels.typing == ["7101"]


def test_ids_grow_with_the_clock_and_never_go_back(fake: FakeDiscord) -> None:
    ids = [fake.world.new_id(), fake.world.new_id()]
    fake.pass_time(seconds=1)
    ids.append(fake.world.new_id())
    fake.pass_time(days=-3)
    ids.append(fake.world.new_id())
    assert ids == sorted(set(ids), key=int)
    assert discord.utils.snowflake_time(int(ids[0])) == discord.utils.snowflake_time(int(ids[1]))


def test_rights_come_from_roles_then_overwrites(fake: FakeDiscord) -> None:
    role = fake.add_role("7001", "7201", name="Robot club", to=["14"])
    channel: Channel = fake.world.channels["7101"]
    channel.overwrites = [Overwrite("7001", deny=Right.SEND_MESSAGES), Overwrite("7201", Right.SEND_MESSAGES)]
    assert Right.SEND_MESSAGES in fake.world.rights("14", channel)
    assert Right.SEND_MESSAGES not in fake.world.rights("900", channel)
    channel.overwrites.append(Overwrite("14", deny=Right.VIEW_CHANNEL, is_member=True))
    assert fake.world.rights("14", channel) == Right(0)
    role.permissions = Right.ADMINISTRATOR
    assert Right.MANAGE_GUILD in fake.world.rights("14", channel)
    assert fake.world.rights("11", channel) == fake.world.rights_in("11", fake.world.guilds["7001"])
    assert fake.world.rights("77", channel) == Right(0)
