"""What a line typed into a play means. Pure."""

import re
from collections.abc import Collection
from dataclasses import dataclass
from datetime import timedelta
from typing import TypeAlias

LEAP = re.compile(r"\+\s*(\d{1,3})\s*([hd])", re.IGNORECASE)
LOOKS_LIKE_A_LEAP = re.compile(r"\+\s*\d*\s*[a-z]{0,5}", re.IGNORECASE)
LOOK = re.compile(r"@\s*(\w+)")
ORDER = re.compile(r"(?:ms\s+)?(\w+):\s*(.*)", re.IGNORECASE | re.DOTALL)
UNITS = {"h": "hours", "d": "days"}


class Leave:
    """Somebody has seen enough."""


class NextMoment:
    """Go to the next moment at which something happens by itself."""


class ShowAgain:
    """Nothing was typed: show what is asked once more."""


@dataclass(frozen=True, slots=True)
class Leap:
    """Let time pass."""

    by: timedelta


@dataclass(frozen=True, slots=True)
class Unclear:
    """Something that begins like moving time, and is not."""


@dataclass(frozen=True, slots=True)
class LookAt:
    """Go to another person."""

    name: str


@dataclass(frozen=True, slots=True)
class Order:
    """Somebody wants a say in the program: `step` and what it is about."""

    name: str
    step: str
    about: str


@dataclass(frozen=True, slots=True)
class Words:
    """An answer."""

    text: str


Typed: TypeAlias = Leave | NextMoment | ShowAgain | Leap | Unclear | LookAt | Order | Words


def read_line(line: str, names: Collection[str]) -> Typed:
    """Find out what a typed line means; `names` are those before whose colon an order stands, in small letters."""
    text = line.strip()
    if not line or text == ".":
        return Leave()
    if not text:
        return ShowAgain()
    if text == "+":
        return NextMoment()
    if leap := LEAP.fullmatch(text):
        return Leap(timedelta(**{UNITS[leap[2].lower()]: int(leap[1])}))
    if LOOKS_LIKE_A_LEAP.fullmatch(text):
        return Unclear()
    if look := LOOK.fullmatch(text):
        return LookAt(look[1].lower())
    if (order := ORDER.fullmatch(text)) and order[1].lower() in names:
        step, _, about = order[2].strip().partition(" ")
        return Order(order[1].lower(), step.lower().replace("-", "_"), about.strip())
    return Words(line)
