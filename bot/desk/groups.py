"""Groups that follow a channel: set one up, ask it, leave it, come back."""

import hashlib
from collections.abc import Sequence

from bot.adapters.asking import Asked, Button, Channel, Item, Reply
from bot.adapters.base import WRITES_WHEN_ASKED
from bot.core.events import OccurrenceRequested
from bot.core.people import Action, GroupId, is_list, platform_of
from bot.core.platform_news import GroupFollows, GroupLeft
from bot.desk.here import Deed, Here, Result, tell, tidy
from bot.desk.menu import load_offers
from bot.desk.wording import short
from bot.runner.conductor import rehearse
from bot.storage.channels import groups_at
from bot.storage.desk import Circle, load_left
from bot.storage.groups import find_group_by_code, learners_by_joining

ASK, LEAVE, BACK = "group ask", "leave", "come back"
YES, NEW = "yes", "new"
SETTING, SETTINGS = "staff", {"discord": "club"}
"""What kind of group a channel makes, also by platform; whoever leads it can say otherwise on its page."""

NAME = 80
MOST_NAMED = 25
CODES = 10**9


def group(here: Here, asked: Asked, rest: str) -> Result:
    """Set up a group for the channel this was said in, or show the one there is: `[new | <group>]`."""
    is_gathered = here.platform in WRITES_WHEN_ASKED
    if asked.channel is None:
        return tell(here.wording.setup_needs_channel if is_gathered else here.wording.group_needs_channel)
    known = groups_at(here.connection, asked.channel.place)
    if known:
        circle = next((circle for circle in here.asker.circles if circle.id in known), None)
        return tell(here.wording.channel_is_followed) if circle is None else Reply(items=(state_item(here, circle),))
    if is_gathered:
        return tell(here.wording.setup_needs_channel)
    unplaced = [circle for circle in here.asker.may(Action.ADMINISTER) if circle.place is None]
    chosen = next((circle for circle in unplaced if circle.id == rest), None)
    if unplaced and chosen is None and rest != NEW:
        return _new_or_known(here, unplaced)
    return _follow(here, asked, asked.channel, chosen)


def ask_group(here: Here, asked: Asked, rest: str) -> Result:
    """Post the invitation to a flow in a group's channel: `[<flow>] [<group>]`."""
    parts = rest.split()
    circles = here.asker.may(Action.READ_ANSWERS)
    if not circles:
        return tell(here.wording.asking_is_for)
    named = [circle for circle in circles if circle.id in parts] or _in_channel(circles, asked) or list(circles)
    if len(named) > 1:
        does = f"{ASK} {rest}".strip()
        return tell(
            here.wording.which_group, *(Button(label=short(one.name), does=f"{does} {one.id}") for one in named)
        )
    flow = " ".join(part for part in parts if part != named[0].id)
    return _ask(here, asked, named[0], flow)


def leave(here: Here, asked: Asked, rest: str) -> Result:
    """Want no more of a group: `[<group>] [yes]`; it is asked once more before it happens."""
    parts = rest.split()
    named = [circle for circle in here.asker.circles if circle.id in parts] or list(here.asker.circles)
    if not named:
        return tell(here.wording.in_no_group)
    if len(named) > 1:
        buttons = (Button(label=short(circle.name), does=f"{LEAVE} {circle.id}") for circle in named)
        return tell(here.wording.leave_which, *buttons)
    circle = named[0]
    if YES not in parts or circle.id not in parts:
        return _confirm_leaving(here, circle)
    event = GroupLeft(id=asked.id, at=asked.at, who=asked.who, group=circle.id)
    back = Button(label=here.wording.labels.come_back, does=f"{BACK} {circle.id}")
    said = tell(here.wording.has_left.format(group=circle.name), back)
    return Deed(event=event, said=said, otherwise=tell(here.wording.in_no_group))


def come_back(here: Here, asked: Asked, rest: str) -> Result:
    """Want back into a group that one left: `[<group>]`."""
    left = load_left(here.connection, here.asker.person)
    named = [(one, name) for one, name in left if one == rest] or ([] if rest else left)
    if not named:
        return tell(here.wording.left_none)
    if len(named) > 1:
        return tell(
            here.wording.back_to_which, *(Button(label=short(name), does=f"{BACK} {one}") for one, name in named)
        )
    one, name = named[0]
    event = GroupLeft(id=asked.id, at=asked.at, who=asked.who, group=one, is_back=True)
    said = tell(here.wording.is_back.format(group=name), Button(label=here.wording.labels.start, does="start"))
    return Deed(event=event, said=said, otherwise=tell(here.wording.left_none))


def _new_or_known(here: Here, known: Sequence[Circle]) -> Reply:
    buttons = (Button(label=short(circle.name), does=f"group {circle.id}") for circle in known)
    return tell(here.wording.new_or_known, Button(label=here.wording.labels.new_group, does=f"group {NEW}"), *buttons)


def _follow(here: Here, asked: Asked, channel: Channel, known: Circle | None) -> Deed:
    """Let a group follow the channel, a new one where none is known."""
    wording = here.wording
    event = following(here, asked, channel, known)
    may_ask = known is None or known in here.asker.may(Action.READ_ANSWERS)
    ask = (Button(label=wording.labels.ask_group, does=f"{ASK} {event.group}", is_primary=True),) if may_ask else ()
    buttons = (*ask, Button(label=wording.labels.who_reads, does="who reads this"))
    text = wording.group_follows_now if known else wording.group_is_set_up
    item = Item(text=text.format(group=event.name), small=wording.group_can_be_left, buttons=buttons)
    said = Reply(items=(item,), follow=channel.place)
    return Deed(event=event, said=said, otherwise=tell(wording.setting_up_is_for))


def following(here: Here, asked: Asked, channel: Channel, known: Circle | None = None, zone: str = "") -> GroupFollows:
    """Let a group follow a channel from now on: a new one where none is known."""
    return GroupFollows(
        id=asked.id,
        at=asked.at,
        who=asked.who,
        group=known.id if known else GroupId(_digest(asked, "group")[:16]),
        place=channel.place,
        name=known.name if known else name_in(here, channel),
        setting=known.setting if known else SETTINGS.get(platform_of(channel.place), SETTING),
        zone=known.zone if known else zone or here.asker.zone,
        code="" if known else _free_code(here, asked),
        is_new=known is None,
        is_trusted=asked.is_trusted,
        listed=channel.listed,
    )


def name_in(here: Here, channel: Channel) -> str:
    """Name a new group after its channel."""
    return tidy(channel.name).lstrip("#")[:NAME] or here.wording.our_group


def state_item(here: Here, circle: Circle) -> Item:
    """Say that a group follows the channel, and what its member can do here."""
    labels = here.wording.labels
    buttons = [
        Button(label=labels.who_reads, does="who reads this"),
        Button(label=labels.leave, does=f"{LEAVE} {circle.id}"),
    ]
    if circle in here.asker.may(Action.ADMINISTER):
        buttons.insert(0, Button(label=labels.review, does="review"))
    if circle in here.asker.may(Action.READ_ANSWERS):
        buttons.insert(0, Button(label=labels.ask_group, does=f"{ASK} {circle.id}", is_primary=True))
    text = here.wording.group_follows.format(group=circle.name)
    led_by = here.wording.led_by.format(names=here.wording.listed(circle.facilitators)) if circle.facilitators else ""
    return Item(text=text, small=f"{led_by} {_asked_in(here, circle)}".strip(), buttons=tuple(buttons))


def _asked_in(here: Here, circle: Circle) -> str:
    """Name whom a group's check-ins go to, for those who may ask them."""
    if circle not in here.asker.may(Action.READ_ANSWERS):
        return ""
    names = [row.name for row in learners_by_joining(here.connection, circle.id)]
    if not names:
        return here.wording.would_ask_nobody
    if len(names) > MOST_NAMED:
        names = [*names[:MOST_NAMED], here.wording.others.format(count=len(names) - MOST_NAMED)]
    return here.wording.would_ask.format(names=here.wording.listed(names))


def _in_channel(circles: tuple[Circle, ...], asked: Asked) -> list[Circle]:
    return [circle for circle in circles if asked.channel is not None and circle.place == asked.channel.place]


def _ask(here: Here, asked: Asked, circle: Circle, flow: str) -> Result:
    wording = here.wording
    if circle.place is None:
        return tell(wording.group_has_no_channel)
    offers = load_offers(here.connection, circle, here.asker.lang)
    offer = next((offer for offer in offers if not flow or offer.is_meant(flow)), None)
    if offer is None:
        buttons = (Button(label=short(one.title), does=f"{ASK} {one.id} {circle.id}") for one in offers)
        said = wording.no_such_flow if flow else wording.nothing_to_begin
        return tell(said.format(flow=short(flow)), *buttons)
    is_gathered = platform_of(circle.place) in WRITES_WHEN_ASKED  # people come in by the post itself
    if not is_gathered and not learners_by_joining(here.connection, circle.id):
        return tell(wording.nobody_to_ask)
    choices = {"flow": offer.id, "where": "each" if is_list(circle.place) else "channel"}
    event = OccurrenceRequested(
        id=asked.id, at=asked.at, who=asked.who, group=circle.id, kind="check_in", choices=choices
    )
    refused = rehearse(here.connection, event, here.asker.person)
    if refused:
        return tell(refused)
    said = wording.group_is_asked.format(title=offer.title)
    return Deed(event=event, said=tell(said), otherwise=tell(wording.asking_is_for))


def _confirm_leaving(here: Here, circle: Circle) -> Reply:
    wording = here.wording
    button = Button(
        label=wording.labels.leave, does=f"{LEAVE} {circle.id} {YES}", spoken=f"{wording.labels.leave} {circle.name}"
    )
    is_last = circle in here.asker.may(Action.READ_ANSWERS) and not circle.facilitators
    text = wording.leave_last if is_last else wording.leave_sure
    return tell(
        text.format(group=circle.name),
        button,
        Button(label=wording.labels.pause, does="pause"),
        small=wording.leave_keeps,
    )


def _free_code(here: Here, asked: Asked) -> str:
    """Make a code out of the request, so that the same one sent twice is the same group."""
    for attempt in range(CODES):
        code = f"mull-{int(_digest(asked, f'code {attempt}'), 16) % CODES:09}"
        if find_group_by_code(here.connection, code) is None:
            return code
    raise OverflowError("every code is taken")


def _digest(asked: Asked, what: str) -> str:
    return hashlib.blake2s(f"{what}|{asked.id}".encode(), digest_size=16).hexdigest()
