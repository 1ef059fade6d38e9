"""What was written about answers: writing, writing back, being done with it; and going to whoever wants an adult."""

from bot.adapters.asking import Asked, AskForm, Reply
from bot.adapters.fitting import cut
from bot.core.effects import Input, Prompt
from bot.core.people import Action, GroupId
from bot.core.review import AnswerCommented, FlagsTaken, ThreadContinued, ThreadResolved
from bot.core.runs import RunId, ThreadId
from bot.desk.here import Deed, Here, Result, tell, tidy_lines
from bot.flows.phrases import phrases_in
from bot.storage.people import name_of
from bot.storage.threads import ThreadRead, find_answer, load_thread

WRITE, ABOUT = "write back", "write about"
TEXT = "text"
QUOTED = 300
"""Characters of an answer that bring it back to mind."""


def write_back(here: Here, asked: Asked, rest: str) -> Result:
    """Open a form for a few words back, and send what it brings: `<thread>`."""
    thread = _own_thread(here, rest)
    if thread is None:
        return _not_yours(here)
    given = _words_of(asked)
    if not given:
        title = here.wording.labels.write_back
        last = thread.said[-1]
        text = here.wording.write_back_to.format(name=last.name, text=last.text)
        return Reply(form=AskForm(words=f"{WRITE} {thread.id}", title=title, prompts=(_prompt(here, text),)))
    event = ThreadContinued(id=asked.id, at=asked.at, who=asked.who, thread=thread.id, text=given)
    to = next((one.name for one in reversed(thread.said) if one.by != here.asker.person), "")
    return Deed(event=event, said=tell(here.wording.written_back.format(name=to)), otherwise=_not_yours(here))


def write_about(here: Here, asked: Asked, rest: str) -> Result:
    """Open a form for a few words about somebody's answer, and send what it brings: `<run> <key>`."""
    name, _, key = rest.partition(" ")
    answer = find_answer(here.connection, RunId(name), key)
    if answer is None or answer.group not in {circle.id for circle in here.asker.may(Action.READ_ANSWERS)}:
        return _not_yours(here)
    given, person = _words_of(asked), name_of(here.connection, answer.person)
    if not given:
        text = here.wording.write_about.format(name=person, said=cut(answer.said, QUOTED))
        title = here.wording.labels.write
        return Reply(form=AskForm(words=f"{ABOUT} {rest}", title=title, prompts=(_prompt(here, text),)))
    event = AnswerCommented(id=asked.id, at=asked.at, who=asked.who, run=RunId(name), key=key, text=given)
    said = tell(here.wording.is_written.format(name=person))
    return Deed(event=event, said=said, otherwise=_not_yours(here))


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


def _prompt(here: Here, about: str) -> Prompt:
    words = here.wording.your_words
    return Prompt(key=TEXT, text=words, label=words, input=Input.TEXT, reads="", lines=3, before=(about,))


def _words_of(asked: Asked) -> str:
    return tidy_lines(dict(asked.given).get(TEXT, ""))


def _not_yours(here: Here) -> Reply:
    return tell(phrases_in(here.asker.lang).not_yours)
