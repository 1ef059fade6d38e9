"""The codes that sign a learner in: one for the class, one on each learner's card."""

import hashlib
import hmac
import re
import secrets

from bot.core.people import PersonId

ALPHABET = "23456789ACDEFGHJKMNPQRTUVWXY"
"""Signs that nobody mistakes for another on a printed card."""

HALF = 3
SIGN_IN = 4

# fmt: off
WORDS = (
    "acorn", "amber", "apple", "aspen", "basil", "beach", "birch", "bloom", "breeze", "brook", "candle", "canyon",
    "cedar", "cherry", "cloud", "clover", "comet", "copper", "coral", "cotton", "daisy", "drift", "dune", "ember",
    "falcon", "feather", "fern", "forest", "garden", "ginger", "glade", "harbor", "hazel", "heron", "honey",
    "island", "ivory", "jasmine", "juniper", "kettle", "lagoon", "lantern", "lemon", "lilac", "linden", "maple",
    "marble", "meadow", "melon", "mint", "moss", "ocean", "olive", "orchard", "otter", "pebble", "pepper", "pine",
    "planet", "plum", "poppy", "prairie", "quartz", "quill", "rain", "raven", "reef", "river", "robin", "rose",
)
# fmt: on


def card_code(secret: bytes, person: PersonId, card: int) -> str:
    """Make the code on a person's card, such as `K7M-4QX`.

    It follows from the secret, so that nothing is stored; a new `card` number makes a new code. Each half holds a
    digit, so that no card spells a word.
    """
    attempt = 0
    while True:
        digest = hmac.digest(secret, f"card|{person}|{card}|{attempt}".encode(), hashlib.sha256)
        number = int.from_bytes(digest)
        signs = "".join(ALPHABET[number // len(ALPHABET) ** n % len(ALPHABET)] for n in range(2 * HALF))
        if all(re.search(r"\d", half) for half in (signs[:HALF], signs[HALF:])):
            return f"{signs[:HALF]}-{signs[HALF:]}"
        attempt += 1


def class_code() -> str:
    """Make up a class code that is easy to say and type, such as `maple-4127`."""
    return f"{secrets.choice(WORDS)}-{1000 + secrets.randbelow(9000)}"


def sign_in_code() -> str:
    """Make up a code that a browser shows and its person types in a chat, such as `4F7K`; no code spells a word."""
    while True:
        code = "".join(secrets.choice(ALPHABET) for _ in range(SIGN_IN))
        if re.search(r"\d", code):
            return code


def is_card(secret: bytes, person: PersonId, card: int, typed: str) -> bool:
    """Say whether what was typed is the code of a card, whatever its case, dashes and spaces."""
    given = "".join(sign for sign in typed.upper() if sign.isalnum())
    return hmac.compare_digest(card_code(secret, person, card).replace("-", "").encode(), given.encode())


def read_class_code(typed: str) -> str:
    """Write a typed class code the way it is stored, whatever its case, dashes and spaces."""
    given = "".join(sign for sign in typed.casefold() if sign.isalnum())
    parts = re.fullmatch(r"([a-z]+)(\d+)", given)
    return f"{parts[1]}-{parts[2]}" if parts else given
