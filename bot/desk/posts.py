"""Whether a post of unknown fate stands in its channel: whoever asked for it says so."""

from bot.adapters.asking import Asked
from bot.core.platform_news import PostProven
from bot.desk.here import Deed, Here, Result, tell
from bot.flows.phrases import phrases_in
from bot.storage.outbox import wanted_by


def post(here: Here, asked: Asked, rest: str) -> Result:
    """Say what became of a post: `<effect> there` or `<effect> again`."""
    name, _, seen = rest.rpartition(" ")
    if seen not in ("there", "again") or wanted_by(here.connection, name) != here.asker.person:
        return tell(phrases_in(here.asker.lang).not_yours)
    is_there = seen == "there"
    event = PostProven(id=asked.id, at=asked.at, who=asked.who, post=name, is_there=is_there)
    said = here.wording.post_is_there if is_there else here.wording.post_again
    return Deed(event=event, said=tell(said), otherwise=tell(here.wording.post_is_settled))
