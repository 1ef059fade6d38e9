"""Whether a step's condition holds, given what was said and what the run knew when it began."""

from collections.abc import Mapping
from typing import assert_never

from bot.core.runs import Opening, Value
from bot.flows.document import AllOf, Answered, AnyOf, Condition, Given, Not, Remembered, Said


def holds(condition: Condition | None, said: Mapping[str, Value], opening: Opening) -> bool:
    """Decide a condition; no condition always holds."""
    match condition:
        case None:
            return True
        case Remembered():
            return bool(opening.remembered.get(condition.remembered))
        case Given():
            return bool(opening.given.get(condition.given))
        case Answered():
            return said.get(condition.answered) is not None
        case Said():
            return any(_has(said.get(key), values) for key, values in condition.said.items())
        case AllOf():
            return all(holds(part, said, opening) for part in condition.all)
        case AnyOf():
            return any(holds(part, said, opening) for part in condition.any)
        case Not():
            return not holds(condition.not_, said, opening)
        case _:
            assert_never(condition)


def _has(value: Value, wanted: list[str]) -> bool:
    if value is None:
        return False
    return not set(wanted).isdisjoint([value] if isinstance(value, str) else value)
