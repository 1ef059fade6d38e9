"""Every kind of condition, true and false."""

from typing import Any

import pytest
from pydantic import TypeAdapter

from bot.core.runs import Opening, Value
from bot.flows.conditions import holds
from bot.flows.document import Condition

CONDITION: TypeAdapter[Condition] = TypeAdapter(Condition)
SAID: dict[str, Value] = {"way": "ask", "many": ["ask", "draw"], "skipped": None, "empty": [], "plan.cue": "at noon"}
OPENING = Opening(remembered={"plan": "Draw it", "nothing": ""}, given={"ask": "Is it clear?", "wish": ""})

TRUE: list[Any] = [
    {"remembered": "plan"},
    {"given": "ask"},
    {"all": [{"given": "ask"}, {"not": {"given": "plan"}}]},
    {"answered": "way"},
    {"answered": "plan.cue"},
    {"answered": "empty"},
    {"said": {"way": ["ask"]}},
    {"said": {"way": ["draw", "ask"]}},
    {"said": {"many": ["draw"]}},
    {"said": {"skipped": ["ask"], "way": ["ask"]}},
    {"not": {"answered": "skipped"}},
    {"not": {"not": {"answered": "way"}}},
    {"all": [{"answered": "way"}, {"remembered": "plan"}]},
    {"all": []},
    {"any": [{"answered": "skipped"}, {"answered": "way"}]},
]
FALSE: list[Any] = [
    {"remembered": "unknown"},
    {"remembered": "nothing"},
    {"remembered": "ask"},
    {"given": "unknown"},
    {"given": "wish"},
    {"given": "plan"},
    {"answered": "skipped"},
    {"answered": "unknown"},
    {"said": {"way": ["draw"]}},
    {"said": {"way": ["as"]}},
    {"said": {"many": ["wait"]}},
    {"said": {"empty": ["ask"]}},
    {"said": {"skipped": ["None", ""]}},
    {"said": {"unknown": ["ask"]}},
    {"said": {}},
    {"not": {"answered": "way"}},
    {"all": [{"answered": "way"}, {"answered": "skipped"}]},
    {"any": [{"answered": "skipped"}, {"remembered": "nothing"}]},
    {"any": []},
]


@pytest.mark.parametrize("condition", TRUE, ids=str)
def test_it_holds(condition: Any) -> None:
    assert holds(CONDITION.validate_python(condition), SAID, OPENING)


@pytest.mark.parametrize("condition", FALSE, ids=str)
def test_it_does_not_hold(condition: Any) -> None:
    assert not holds(CONDITION.validate_python(condition), SAID, OPENING)


def test_no_condition_always_holds() -> None:
    assert holds(None, {}, Opening())
