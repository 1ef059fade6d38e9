"""Who gets which answer from each route of the pages, by role: the matrix that `test_rights` asks, cell by cell.

To add a route, say who gets which answer: `anybody`, `signed_in`, `owner`, `leading` or `in_group`, and what its form
holds; `{run}` and the like stand for ids.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from bot.core.people import PersonId
from tests.stage import ADA, CY, OLA
from tests.web.house import BEN, DEE

MATE, PIM, FORMER, GONE, PIA = map(PersonId, ("noa", "pim", "fay", "gus", "pia"))
ROLES: Mapping[str, PersonId | None] = {
    "nobody": None,
    "the learner": BEN,
    "another learner": MATE,
    "a learner elsewhere": CY,
    "the facilitator": ADA,
    "an observer": OLA,
    "who leads the school": PIA,
    "a facilitator elsewhere": DEE,
    "a former facilitator": FORMER,
    "a closed account": GONE,
}
INSIDERS = ("the facilitator", "an observer", "who leads the school")
LEADING = (*INSIDERS, "a facilitator elsewhere")
FRONT = 303
"""Where nobody is signed in, pages lead to the front page."""


@dataclass(frozen=True)
class Case:
    """The answer of a route to each role, as a status, and what a form that is in order holds.

    What is not `is_for_people` answers those who are not signed in as well. What `is_forgiving` takes an id of an
    object that is there no more for one that was dealt with.
    """

    answers: Mapping[str, int]
    form: Mapping[str, str] = field(default_factory=dict)
    is_forgiving: bool = False
    is_for_people: bool = True


def anybody(status: int, form: Mapping[str, str] | None = None) -> Case:
    """Let everybody in, signed in or not."""
    return Case(dict.fromkeys(ROLES, status), form or {}, is_for_people=False)


def signed_in(status: int, form: Mapping[str, str] | None = None) -> Case:
    """Let everybody in who is signed in: what they find is their own."""
    return Case({**dict.fromkeys(ROLES, status), "nobody": FRONT}, form or {})


def owner(status: int, form: Mapping[str, str] | None = None) -> Case:
    """Let in whom an object belongs to."""
    return Case({**dict.fromkeys(ROLES, 404), "nobody": FRONT, "the learner": status}, form or {})


def answering(status: int, form: Mapping[str, str] | None = None) -> Case:
    """Let in who answers in a group, its facilitator too."""
    here = dict.fromkeys(("the learner", "another learner", "the facilitator"), status)
    return Case({**dict.fromkeys(ROLES, 404), "nobody": FRONT, **here}, form or {})


def answers_somewhere(status: int, form: Mapping[str, str]) -> Case:
    """Let in who answers in any group: it is about themselves."""
    none = dict.fromkeys(("an observer", "a former facilitator", "a closed account"), 404)
    return Case({**dict.fromkeys(ROLES, status), **none, "nobody": FRONT}, form)


def leading(status: int, observer: int | None = None, form: Mapping[str, str] | None = None) -> Case:
    """Let everybody in who leads a group or looks after one."""
    led = {**dict.fromkeys(LEADING, status), "an observer": status if observer is None else observer}
    return Case({**dict.fromkeys(ROLES, 404), "nobody": FRONT, **led}, form or {})


def in_group(
    status: int, observer: int = 404, form: Mapping[str, str] | None = None, *, is_forgiving: bool = False
) -> Case:
    """Let in who leads that very group, and perhaps who observes it."""
    here = {"nobody": FRONT, "the facilitator": status, "an observer": observer, "who leads the school": observer}
    return Case({**dict.fromkeys(ROLES, 404), **here}, form or {}, is_forgiving)


SETTINGS = {"name": "6b", "task": "", "reply_day": "", "adult": "", "zone": "UTC"}
A_CLASS = {"name": "Chess", "setting": "club", "zone": "UTC", "names": "Mia", "day": "0", "at": "09:00"}
COMMENT = {"run": "{run}", "key": "part", "text": "How did you find it?"}

MATRIX: dict[str, Case] = {
    # Coming in.
    "GET /": Case({**dict.fromkeys(ROLES, 303), "nobody": 200}, is_for_people=False),
    "POST /": anybody(422, {"class": "nothing-1", "card": "nothing"}),
    "GET /healthz": anybody(200),
    "GET /sign-in": Case({**dict.fromkeys(ROLES, 303), "nobody": 200}, is_for_people=False),
    "POST /sign-in": anybody(303),
    "GET /sign-in/{token}": anybody(410),
    "POST /sign-in/{token}": anybody(410),
    "POST /sign-out": anybody(303),
    # One's own.
    "GET /me": signed_in(200),
    "GET /me/live": Case({"nobody": 204}, is_for_people=False),
    "POST /me/say": owner(303, {"run": "{run}", "wait": "0", "control": "leave"}),
    "POST /me/start": answering(303, {"flow": "weekly-check-in", "group": "{group}", "mode": "dialogue"}),
    "GET /me/form/{run}": owner(303),
    "POST /me/form/{run}": owner(303),
    "GET /me/answers": signed_in(200),
    "GET /me/answers/{run}/{key}": owner(200),
    "POST /me/answers/{run}/{key}": owner(303, {"q:part": "The legend"}),
    "GET /me/threads/{thread}": owner(200),
    "POST /me/threads/{thread}": owner(303, {"text": "By looking"}),
    "GET /me/rounds": signed_in(200),
    "POST /me/rounds/{occurrence}": owner(404),
    "GET /me/readers": signed_in(200),
    "GET /me/sessions": signed_in(200),
    "POST /me/sessions": signed_in(303, {"end": "others"}),
    "GET /me/times": signed_in(200),
    "POST /me/times": answers_somewhere(303, {"step": "any"}),
    "GET /help": signed_in(200),
    "GET /adult": signed_in(200),
    "POST /adult": answering(303, {"group": "{group}"}),
    # Leading.
    "GET /groups": leading(200),
    "POST /groups": leading(303, form={"name": "Chess", "setting": "club", "zone": "UTC"}),
    "GET /begin": leading(200),
    "POST /begin": leading(303, form=A_CLASS),
    "GET /review": leading(200, observer=404),
    "POST /review/comment": in_group(303, form=COMMENT),
    "POST /review/reply": in_group(303, form={"thread": "{thread}", "text": "And then?"}),
    "POST /review/settle": in_group(303, form={"thread": "{thread}"}),
    "POST /review/read": in_group(303, form={"run": "{run}"}),
    "POST /review/star": in_group(303, form={"run": "{run}"}),
    "GET /groups/{group}": in_group(200),
    "POST /groups/{group}/flags": in_group(303, form={"flag": "{flag}"}, is_forgiving=True),
    "POST /groups/{group}/flags/taken": in_group(303),
    "POST /groups/{group}/ask": in_group(303, form={"flow": "weekly-check-in"}),
    "GET /groups/{group}/overview": in_group(200),
    "GET /groups/{group}/pull/{name}": in_group(303, is_forgiving=True),
    "POST /groups/{group}/pull/{name}": in_group(303, form={"text": "Look here", "to": "{run}:part"}),
    "GET /groups/{group}/export": in_group(200),
    "POST /groups/{group}/export": in_group(200, form={"kind": "csv"}),
    "GET /groups/{group}/export/{file}": in_group(404),
    "GET /groups/{group}/export/{file}/download": in_group(404),
    "GET /groups/{group}/people/{person}/print": in_group(200),
    "POST /groups/{group}/preview": in_group(303, form={"flow": "weekly-check-in"}),
    "GET /groups/{group}/preview/{what}": in_group(200),
    "POST /groups/{group}/preview/{what}": in_group(303),
    "GET /groups/{group}/programs": in_group(200),
    "POST /groups/{group}/programs": in_group(303, form={"kind": "habit_of_week"}),
    "POST /groups/{group}/apart": in_group(303, form={"first": "{person}", "second": "{mate}"}),
    "GET /groups/{group}/schedule": in_group(200),
    "POST /groups/{group}/schedule": in_group(303, form={"what": "weekly-check-in", "day": "0", "at": "09:00"}),
    "POST /groups/{group}/schedule/end": in_group(303, form={"program": "{program}"}),
    "POST /groups/{group}/schedule/budget": in_group(303, form={"budget": "4"}),
    "GET /groups/{group}/calendar": in_group(200),
    "POST /groups/{group}/calendar": in_group(303, form={"lines": "2026-04-03 Good Friday"}),
    "POST /groups/{group}/calendar/above": in_group(303),
    "GET /groups/{group}/rounds/{occurrence}": in_group(200),
    "POST /groups/{group}/rounds/{occurrence}": in_group(303, form={"step": "close"}),
    "GET /groups/{group}/weeks/{occurrence}": in_group(200),
    "POST /groups/{group}/weeks/{occurrence}": in_group(303, form={"step": "skip"}),
    "GET /groups/{group}/people/{person}": in_group(200),
    "GET /groups/{group}/people/{person}/growth": in_group(200),
    "GET /groups/{group}/roster": in_group(200, 200),
    "POST /groups/{group}/roster": in_group(303, 303, form={"names": "Mia"}),
    "POST /groups/{group}/helpers": in_group(200, 200, form={"name": "Mr Sol", "role": "observer"}),
    "POST /groups/{group}/people/{person}/card": in_group(303),
    "GET /groups/{group}/people/{person}/remove": in_group(200, 200),
    "POST /groups/{group}/people/{person}/remove": in_group(303, 303),
    "GET /groups/{group}/cards": in_group(200),
    "GET /groups/{group}/settings": in_group(200, 200),
    "GET /groups/{group}/history": in_group(200, 200),
    "POST /groups/{group}/settings": in_group(303, 303, form=SETTINGS),
}
