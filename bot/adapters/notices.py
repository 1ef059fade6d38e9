"""What people are told besides questions, as paragraphs with buttons: the same on every platform. Pure."""

from typing import TypeAlias

from bot.adapters import labels
from bot.adapters.asking import Button, Item, Reply
from bot.adapters.fitting import cut
from bot.core.effects import CallAdult, ShowComment

Notice: TypeAlias = ShowComment | CallAdult

ABOUT = 300
"""Characters of an answer that bring it back to mind."""


def reply_of(notice: Notice) -> Reply:
    """Lay out a notice; its buttons carry words to Mull."""
    return Reply(items=_commented(notice) if isinstance(notice, ShowComment) else (_called(notice),))


def in_words(notice: Notice) -> str:
    """Write a notice where there are no paragraphs and buttons."""
    items = reply_of(notice).items
    return "\n".join(part for item in items for part in (item.heading, item.text, item.quote, item.small) if part)


def _commented(shown: ShowComment) -> tuple[Item, ...]:
    comment = shown.comment
    lead = labels.WROTE_BACK if shown.is_back else labels.WROTE_ABOUT
    about = f"{comment.by}, {cut(comment.about, labels.NAMED)}"
    write, settle = (
        Button(label=label, does=f"{words} {comment.thread}", spoken=f"{label}: {about}")
        for label, words in ((labels.WRITE_BACK, "write back"), (labels.SETTLED, "settle"))
    )
    small = "" if shown.is_back else labels.NEED_NOT_ANSWER
    return (
        Item(text=lead.format(by=comment.by), quote=cut(comment.about, ABOUT)),
        Item(text=labels.THEIR_WORDS, quote=comment.text, small=small, buttons=(write, settle)),
    )


def _called(call: CallAdult) -> Item:
    going = Button(label=labels.ON_MY_WAY, does=f"on my way {call.group}", is_primary=True)
    return Item(
        heading=labels.WANTS_AN_ADULT.format(name=call.name),
        text=labels.GO_TO_THEM.format(group=call.group_name),
        small=labels.CALLED_AGAIN,
        buttons=(going,),
    )
