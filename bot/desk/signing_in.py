"""Signing in to the pages from a chat: whoever waits in a browser shows a code, and says here that it is theirs.

A code lets nobody in: it only finds the browser, and its person still has to say yes.
"""

from functools import partial

from limits import RateLimitItemPerMinute
from limits.storage import MemoryStorage
from limits.strategies import MovingWindowRateLimiter

from bot.adapters.asking import Asked, AskForm, Button, Reply
from bot.core.effects import Input, Prompt
from bot.core.people import Action, PersonId
from bot.desk.here import Here, Result, Written, tell
from bot.storage.connection import Connection
from bot.storage.people import load_actor
from bot.storage.sign_in_requests import answer_request, find_request_with_code

SIGN_IN, LET_IN, NOT_ME = "sign in", "let in", "not me"
CODE = "code"
WRONG_CODES = RateLimitItemPerMinute(10, 10)
"""Ten in ten minutes, for each person: there are 454,656 codes, and nobody mistypes theirs that often."""


class Guesses:
    """Counts wrong codes in memory; a restart forgets them."""

    def __init__(self) -> None:
        self._limiter = MovingWindowRateLimiter(MemoryStorage())

    def are_too_many(self, person: PersonId) -> bool:
        """Say whether somebody has tried too many wrong codes."""
        return not self._limiter.test(WRONG_CODES, person)

    def count(self, person: PersonId) -> None:
        """Count a wrong code."""
        self._limiter.hit(WRONG_CODES, person)


def sign_in(here: Here, asked: Asked, rest: str) -> Result:
    """Ask whether the browser that shows a code is theirs: `<code>`; without one, ask for it."""
    wording = here.wording
    if not here.asker.may(Action.ADMINISTER):
        return tell(wording.sign_in_is_for)
    typed = "".join(sign for sign in dict(asked.given).get(CODE, rest).upper() if sign.isalnum())
    if not typed:
        return Reply(form=AskForm(words=SIGN_IN, title=wording.labels.sign_in, prompts=(_prompt(here),)))
    if here.guesses.are_too_many(here.asker.person):
        return tell(wording.too_many_codes)
    found = find_request_with_code(here.connection, typed, here.at)
    if found is None:
        here.guesses.count(here.asker.person)
        return tell(wording.no_such_code)
    return tell(
        wording.wants_in.format(code=found.code, browser=found.browser),
        Button(label=wording.labels.let_in, does=f"{LET_IN} {found.id}", is_primary=True),
        Button(label=wording.labels.not_me, does=f"{NOT_ME} {found.id}"),
        small=wording.only_your_own.format(code=found.code),
    )


def let_in(here: Here, asked: Asked, rest: str) -> Result:
    """Let a browser in: `<request>`."""
    return _answer(here, rest, tell(here.wording.is_let_in), is_approved=True)


def not_me(here: Here, asked: Asked, rest: str) -> Result:
    """Leave a browser outside: `<request>`."""
    said = tell(here.wording.stays_outside, small=here.wording.if_asked_to_type)
    return _answer(here, rest, said, is_approved=False)


def _answer(here: Here, request: str, said: Reply, *, is_approved: bool) -> Written:
    work = partial(_write, request=request, here=here, is_approved=is_approved)
    return Written(work=work, said=said, otherwise=tell(here.wording.waits_no_more))


def _write(connection: Connection, request: str, here: Here, *, is_approved: bool) -> bool:
    person = here.asker.person
    if not load_actor(connection, person).groups(Action.ADMINISTER):
        return False
    return answer_request(connection, request, person, here.at, is_approved=is_approved)


def _prompt(here: Here) -> Prompt:
    wording = here.wording
    return Prompt(key=CODE, text=wording.which_code, label=wording.the_code, input=Input.TEXT, reads="", lines=1)
