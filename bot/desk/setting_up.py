"""Setting a club up from the channel that its advisor picked: a look at everything first, then one press."""

from collections.abc import Iterator
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from bot.adapters.asking import Asked, Button, Channel, Item, Reply
from bot.core.people import Action, platform_of
from bot.desk.groups import ASK, SETTINGS, following, name_in, state_item
from bot.desk.here import Deed, Here, Result, tell
from bot.desk.menu import load_offers_in
from bot.storage.channels import groups_at
from bot.storage.desk import Circle

YES = "yes"


def set_up(here: Here, asked: Asked, rest: str) -> Result:
    """Set a group up for a channel: `[yes] [<zone>]`; without the yes, show what would be."""
    wording, channel = here.wording, asked.channel
    if channel is None:
        return tell(wording.setup_needs_channel)
    if not asked.is_trusted:
        return tell(wording.setup_is_for)
    known = groups_at(here.connection, channel.place)
    if known:
        circle = next((circle for circle in here.asker.circles if circle.id in known), None)
        return tell(wording.channel_is_followed) if circle is None else Reply(items=(state_item(here, circle),))
    parts = rest.split()
    zone = next((part for part in parts if part != YES), here.asker.zone)
    if not _is_zone(zone):
        return tell(wording.no_such_zone)
    return _follow(here, asked, channel, zone) if YES in parts else Reply(items=tuple(_look(here, channel, zone)))


def _look(here: Here, channel: Channel, zone: str) -> Iterator[Item]:
    """Show what would be set up, and the first post."""
    wording, known = here.wording, _known(here, channel)
    zone = known.zone if known else zone
    who = wording.setup_by_list if channel.listed else wording.setup_by_channel
    now = here.at.astimezone(ZoneInfo(zone))
    name = name_in(here, channel)
    yield Item(
        text=wording.setup_look.format(group=name),
        small=f"{who} {wording.setup_zone.format(zone=zone.replace('_', ' '), time=f'{now:%H:%M}')}",
    )
    for offer in load_offers_in(here.connection, "club", here.asker.lang)[:1]:
        post = wording.first_post.format(asker=here.asker.name or name, about=offer.about)
        yield Item(heading=wording.setup_preview, quote=f"{offer.title}\n{post}")
    sure = Button(label=wording.labels.set_up, does=f"club {YES} {zone} {channel.spelled}".strip(), is_primary=True)
    yield Item(text=wording.setup_sure, buttons=(sure,))


def _follow(here: Here, asked: Asked, channel: Channel, zone: str) -> Deed:
    wording = here.wording
    event = following(here, asked, channel, _known(here, channel), zone)
    text = wording.club_is_set_up_listed if channel.listed else wording.club_is_set_up
    labels = wording.labels
    buttons = (
        Button(label=labels.ask_group, does=f"{ASK} {event.group}", is_primary=True),
        Button(label=labels.message_me, does="message me"),
        Button(label=labels.who_reads, does="who reads this"),
    )
    item = Item(text=text.format(group=event.name), small=wording.group_can_be_left, buttons=buttons)
    said = Reply(items=(item,), follow=channel.place)
    return Deed(event=event, said=said, otherwise=tell(wording.channel_is_followed))


def _known(here: Here, channel: Channel) -> Circle | None:
    """Find the club that was here before its channel was closed to us."""
    name, setting = name_in(here, channel), SETTINGS[platform_of(channel.place)]
    clubs = (circle for circle in here.asker.may(Action.ADMINISTER) if circle.setting == setting)
    return next((circle for circle in clubs if circle.place is None and circle.name == name), None)


def _is_zone(name: str) -> bool:
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return False
    return True
