"""The limits of commands, as Discord documents them."""

import re
from collections import Counter
from collections.abc import Iterator
from typing import Any

from tests.discord.checks_findings import Findings
from tests.discord.world import JSON

SLASH, USER, MESSAGE = 1, 2, 3
AT_MOST = {SLASH: 100, USER: 15, MESSAGE: 15}
SUB_COMMAND, SUB_GROUP = 1, 2
OPTIONS, NAME, DESCRIPTION, ALL_WORDS = 25, 32, 100, 8000
SLASH_NAME = re.compile(r"^[-_'\w]{1,32}$")
LOCALES = frozenset(
    {
        "id",
        "da",
        "de",
        "en-GB",
        "en-US",
        "es-ES",
        "es-419",
        "fr",
        "hr",
        "it",
        "lt",
        "hu",
        "nl",
        "no",
        "pl",
        "pt-BR",
        "ro",
        "fi",
        "sv-SE",
        "vi",
        "tr",
        "cs",
        "el",
        "bg",
        "ru",
        "uk",
        "hi",
        "th",
        "zh-CN",
        "ja",
        "zh-TW",
        "ko",
    }
)


def check_commands(found: Findings, commands: Any) -> None:
    """Check all commands that are put at once."""
    given = [command for command in found.count("0", commands, 0, 130) if isinstance(command, dict)]
    kinds = Counter(command.get("type") or SLASH for command in given)
    for kind, count in kinds.items():
        if count > AT_MOST.get(kind, 0):
            found.fault("0", f"has {count} commands of type {kind}; {AT_MOST.get(kind, 0)} fit")
    for name, count in Counter((command.get("type") or SLASH, command.get("name")) for command in given).items():
        if count > 1:
            found.fault("0", f"names {name[1]!r} {count} times")
    for place, command in enumerate(given):
        _command(found, str(place), command)


def _command(found: Findings, path: str, command: JSON) -> None:
    kind = command.get("type") or SLASH
    if kind == SLASH:
        _named(found, path, command)
        _options(found, path, command.get("options") or [], depth=0)
    else:
        found.text(f"{path}.name", command.get("name"), NAME)
        if command.get("description"):
            found.fault(f"{path}.description", "stands on a command of a context menu")
        _localised(found, f"{path}.name_localizations", command.get("name_localizations"), NAME)
    rights = command.get("default_member_permissions")
    if rights is not None and not str(rights).isdigit():
        found.fault(f"{path}.default_member_permissions", f"is {rights!r}, which is no number in a text")
    if not set(command.get("contexts") or []) <= {0, 1, 2}:
        found.fault(f"{path}.contexts", f"is {command['contexts']!r}")
    words = sum(len(word) for word in _words(command))
    if words > ALL_WORDS:
        found.fault(path, f"has {words} characters of names and descriptions; {ALL_WORDS} fit")


def _named(found: Findings, path: str, given: JSON) -> None:
    _name(found, f"{path}.name", given.get("name"))
    found.text(f"{path}.description", given.get("description"), DESCRIPTION)
    _localised(found, f"{path}.description_localizations", given.get("description_localizations"), DESCRIPTION)
    _localised(found, f"{path}.name_localizations", given.get("name_localizations"), NAME)
    for locale, name in (given.get("name_localizations") or {}).items():
        _name(found, f"{path}.name_localizations.{locale}", name)


def _name(found: Findings, path: str, name: Any) -> None:
    if not isinstance(name, str) or not SLASH_NAME.match(name) or name != name.lower():
        found.fault(path, f"is {name!r}; 1 to 32 small letters, digits, - and _ fit")


def _localised(found: Findings, path: str, words: Any, most: int) -> None:
    for locale, word in (words or {}).items():
        if locale not in LOCALES:
            found.fault(path, f"names {locale!r}, which is no language of Discord")
        found.text(f"{path}.{locale}", word, most)


def _options(found: Findings, path: str, options: Any, depth: int) -> None:
    was_optional = False
    seen: set[str] = set()
    for place, option in enumerate(found.count(f"{path}.options", options, 0, OPTIONS)):
        at = f"{path}.options.{place}"
        _named(found, at, option)
        if option.get("name") in seen:
            found.fault(f"{at}.name", f"is {option['name']!r}, as one before it is")
        seen.add(option.get("name"))
        if option.get("required") and was_optional:
            found.fault(f"{at}.required", "comes after one that may be left out")
        kind = option.get("type")
        was_optional = was_optional or (kind not in (SUB_COMMAND, SUB_GROUP) and not option.get("required"))
        if kind in (SUB_COMMAND, SUB_GROUP):
            if depth >= 1 + (kind == SUB_COMMAND):
                found.fault(at, "nests too deep")
            _options(found, at, option.get("options") or [], depth + 1)
        _choices(found, at, option)


def _choices(found: Findings, path: str, option: JSON) -> None:
    choices = option.get("choices")
    if choices and option.get("autocomplete"):
        found.fault(f"{path}.autocomplete", "stands beside choices")
    for place, choice in enumerate(found.count(f"{path}.choices", choices or [], 0, OPTIONS)):
        at = f"{path}.choices.{place}"
        found.text(f"{at}.name", choice.get("name"), 100)
        _localised(found, f"{at}.name_localizations", choice.get("name_localizations"), 100)
        if isinstance(choice.get("value"), str):
            found.text(f"{at}.value", choice["value"], 100)


def _words(given: JSON) -> Iterator[str]:
    """List names, descriptions and choices; of localised words the longest counts."""
    for key in ("name", "description"):
        every = [given.get(key) or "", *(given.get(f"{key}_localizations") or {}).values()]
        yield max(map(str, every), key=len)
    if isinstance(given.get("value"), str):
        yield given["value"]
    for inner in (*(given.get("options") or []), *(given.get("choices") or [])):
        yield from _words(inner)
