"""What was written about answers: writing back, being done with it; and going to whoever wants an adult."""

from bot.adapters.asking import Asked, AskForm, Reply
from bot.core.effects import Input, Prompt
from bot.core.people import Action, GroupId
from bot.core.review import FlagsTaken, ThreadContinued, ThreadResolved
from bot.core.runs import ThreadId
from bot.desk.here import Deed, Here, Result, tell
from bot.flows.phrases import phrases_in
from bot.storage.threads import ThreadRead, load_thread

WRITE = "write back"
TEXT = "text"


def write_back(here: Here, asked: Asked, rest: str) -> Result:
    """Open a form for a few words back, and send what it brings: `<thread>`."""
    thread = _own_thread(here, rest)
    if thread is None:
        return _not_yours(here)
    given = dict(asked.given).get(TEXT, "").strip()
    if not given:
        title = here.wording.labels.write_back
        return Reply(form=AskForm(words=f"{WRITE} {thread.id}", title=title, prompts=_form(here, thread)))
    event = ThreadContinued(id=asked.id, at=asked.at, who=asked.who, thread=thread.id, text=given)
    to = next((one.name for one in reversed(thread.said) if one.by != here.asker.person), "")
    return Deed(event=event, said=tell(here.wording.written_back.format(name=to)), otherwise=_not_yours(here))


def settle(here: Here, asked: Asked, rest: str) -> Result:
    """Be done with a thread: `<thread>`."""
    thread = _own_thread(here, rest)
    if thread is None:
        return _not_yours(here)
    event = ThreadResolved(id=asked.id, at=asked.at, who=asked.who, thread=thread.id)
    return Deed(event=event, said=tell(here.wording.is_settled), otherwise=_not_yours(here))


def on_my_way(here: Here, asked: Asked, rest: str) -> Result:
    """Go to those of a group who want to talk to an adult: `<group>`."""
    event = FlagsTaken(id=asked.id, at=asked.at, who=asked.who, group=GroupId(rest))
    return Deed(event=event, said=tell(here.wording.they_are_told), otherwise=_not_yours(here))


def _own_thread(here: Here, name: str) -> ThreadRead | None:
    """Find a thread of whoever asks: about their answer, or in a group whose answers they read."""
    thread = load_thread(here.connection, ThreadId(name))
    led = {circle.id for circle in here.asker.may(Action.READ_ANSWERS)}
    return thread if thread and (thread.person == here.asker.person or thread.group in led) else None


def _form(here: Here, thread: ThreadRead) -> tuple[Prompt, ...]:
    last = thread.said[-1]
    text = here.wording.write_back_to.format(name=last.name, text=last.text)
    prompt = Prompt(key=TEXT, text=text, label=here.wording.your_words, input=Input.TEXT, reads="", lines=3)
    return (prompt,)


def _not_yours(here: Here) -> Reply:
    return tell(phrases_in(here.asker.lang).not_yours)
