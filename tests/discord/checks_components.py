"""The limits of controls in messages and of fields in modals, as Discord documents them."""

from typing import Any

from tests.discord.checks_findings import Findings
from tests.discord.world import JSON

ROW, BUTTON, STRING_SELECT, TEXT_INPUT, TEXT_DISPLAY = 1, 2, 3, 4, 10
OTHER_SELECTS = (5, 6, 7, 8)
SELECTS = (STRING_SELECT, *OTHER_SELECTS)
LABEL, FILE_UPLOAD, RADIO_GROUP, CHECKBOX_GROUP, CHECKBOX = 18, 19, 21, 22, 23
LINK, PREMIUM = 5, 6
MODAL_PARTS, ROWS, IN_A_ROW = 5, 5, 5
CUSTOM_ID, BUTTON_LABEL, URL = 100, 80, 512
OPTIONS, OPTION_TEXT, PLACEHOLDER = 25, 100, 150
MODAL_TITLE, FIELD_LABEL, FIELD_DESCRIPTION, INPUT_TEXT, INPUT_PLACEHOLDER = 45, 45, 100, 4000, 100

ROW_KEYS = frozenset({"type", "id", "components"})
BUTTON_KEYS = frozenset({"type", "id", "style", "label", "emoji", "custom_id", "url", "sku_id", "disabled"})
SELECT_KEYS = frozenset(
    {
        "type",
        "id",
        "custom_id",
        "options",
        "placeholder",
        "min_values",
        "max_values",
        "disabled",
        "required",
        "default_values",
        "channel_types",
    }
)
OPTION_KEYS = frozenset({"label", "value", "description", "emoji", "default"})
INPUT_KEYS = frozenset(
    {"type", "id", "custom_id", "style", "label", "min_length", "max_length", "required", "value", "placeholder"}
)
GROUP_KEYS = frozenset({"type", "id", "custom_id", "options", "required", "min_values", "max_values"})
LABEL_KEYS = frozenset({"type", "id", "label", "description", "component"})


class _Names:
    """The custom ids of one message or modal; each stands there once."""

    def __init__(self, found: Findings) -> None:
        self.found, self.seen = found, set[str]()

    def check(self, path: str, component: JSON) -> None:
        name = component.get("custom_id")
        self.found.text(f"{path}.custom_id", name, CUSTOM_ID)
        if name in self.seen:
            self.found.fault(f"{path}.custom_id", f"is {name!r}, as one before it is: custom ids are not told apart")
        self.seen.add(str(name))


# Messages.


def check_rows(found: Findings, path: str, rows: Any) -> None:
    """Check the rows of controls of a message."""
    names = _Names(found)
    for number, row in enumerate(found.count(path, rows, 0, ROWS)):
        at = f"{path}.{number}"
        if not isinstance(row, dict) or row.get("type") != ROW:
            found.fault(at, "is no row")
            continue
        found.only(at, row, ROW_KEYS)
        parts = found.count(f"{at}.components", row.get("components"), 1, IN_A_ROW)
        kinds = [part.get("type") if isinstance(part, dict) else None for part in parts]
        if any(kind in SELECTS for kind in kinds) and len(kinds) > 1:
            found.fault(f"{at}.components", "puts a menu beside something else; it fills a row alone")
        for place, part in enumerate(parts):
            _control(found, f"{at}.components.{place}", part, names)


def _control(found: Findings, path: str, part: Any, names: _Names) -> None:
    kind = part.get("type") if isinstance(part, dict) else None
    if kind == BUTTON:
        _button(found, path, part, names)
    elif kind in SELECTS:
        _select(found, path, part, names)
    else:
        found.fault(path, f"is of type {kind}, which stands in no row of a message")


def _button(found: Findings, path: str, button: JSON, names: _Names) -> None:
    found.only(path, button, BUTTON_KEYS)
    found.optional_text(f"{path}.label", button.get("label"), BUTTON_LABEL)
    found.number(f"{path}.style", button.get("style", 0), 1, PREMIUM)
    if not button.get("label") and not button.get("emoji"):
        found.fault(f"{path}.label", "is missing, and no emoji stands in for it")
    if button.get("style") == LINK:
        found.text(f"{path}.url", button.get("url"), URL)
        if not str(button.get("url")).startswith(("http://", "https://", "discord://")):
            found.fault(f"{path}.url", f"is {button.get('url')!r}, which is no address")
        if button.get("custom_id"):
            found.fault(f"{path}.custom_id", "stands on a link")
    else:
        names.check(path, button)
        if button.get("url"):
            found.fault(f"{path}.url", "stands on a button that is no link")


def _select(found: Findings, path: str, select: JSON, names: _Names, *, in_modal: bool = False) -> None:
    found.only(path, select, SELECT_KEYS)
    names.check(path, select)
    found.optional_text(f"{path}.placeholder", select.get("placeholder"), PLACEHOLDER)
    found.number(f"{path}.min_values", select.get("min_values"), 0, OPTIONS)
    found.number(f"{path}.max_values", select.get("max_values"), 1, OPTIONS)
    if in_modal and select.get("disabled"):
        found.fault(f"{path}.disabled", "is true in a modal")
    least, most = select.get("min_values", 1), select.get("max_values", 1)
    if isinstance(least, int) and isinstance(most, int) and least > most:
        found.fault(f"{path}.min_values", f"is {least}, more than the {most} that are allowed")
    if select["type"] == STRING_SELECT:
        options = _options(found, path, select, 1, OPTIONS)
        for name in ("min_values", "max_values"):
            if isinstance(select.get(name), int) and select[name] > len(options):
                found.fault(f"{path}.{name}", f"is {select[name]}, and there are {len(options)} options")
        _defaults(found, path, options, most if isinstance(most, int) else 1)


def _options(found: Findings, path: str, holder: JSON, least: int, most: int) -> list[JSON]:
    options = found.count(f"{path}.options", holder.get("options"), least, most)
    for place, option in enumerate(options):
        at = f"{path}.options.{place}"
        found.only(at, option, OPTION_KEYS)
        found.text(f"{at}.label", option.get("label"), OPTION_TEXT)
        found.text(f"{at}.value", option.get("value"), OPTION_TEXT)
        found.optional_text(f"{at}.description", option.get("description"), OPTION_TEXT, 1)
        if option.get("value") in [one.get("value") for one in options[:place]]:
            found.fault(f"{at}.value", f"is {option['value']!r}, as one before it is")
    return options


def _defaults(found: Findings, path: str, options: list[JSON], most: int) -> None:
    chosen = sum(bool(option.get("default")) for option in options)
    if chosen > most:
        found.fault(f"{path}.options", f"begins with {chosen} chosen, and {most} can be")


# Modals.


def check_modal(found: Findings, modal: Any) -> None:
    """Check a modal."""
    if not isinstance(modal, dict):
        found.fault("data", f"is no modal: {modal!r}")
        return
    found.only("data", modal, frozenset({"custom_id", "title", "components"}))
    found.text("data.title", modal.get("title"), MODAL_TITLE)
    found.text("data.custom_id", modal.get("custom_id"), CUSTOM_ID)
    names = _Names(found)
    for place, part in enumerate(found.count("data.components", modal.get("components"), 1, MODAL_PARTS)):
        _part(found, f"data.components.{place}", part, names)


def _part(found: Findings, path: str, part: Any, names: _Names) -> None:
    kind = part.get("type") if isinstance(part, dict) else None
    if kind == LABEL:
        found.only(path, part, LABEL_KEYS)
        found.text(f"{path}.label", part.get("label"), FIELD_LABEL)
        found.optional_text(f"{path}.description", part.get("description"), FIELD_DESCRIPTION, 1)
        _field(found, f"{path}.component", part.get("component"), names)
    elif kind == TEXT_DISPLAY:
        found.text(f"{path}.content", part.get("content"), INPUT_TEXT)
    elif kind == ROW:
        for place, inner in enumerate(found.count(f"{path}.components", part.get("components"), 1, 1)):
            found.text(f"{path}.components.{place}.label", inner.get("label"), FIELD_LABEL)
            _field(found, f"{path}.components.{place}", {**inner, "label": None}, names)
    else:
        found.fault(path, f"is of type {kind}, which stands in no modal")


def _field(found: Findings, path: str, part: Any, names: _Names) -> None:
    kind = part.get("type") if isinstance(part, dict) else None
    if kind == TEXT_INPUT:
        _input(found, path, part, names)
    elif kind in SELECTS:
        _select(found, path, part, names, in_modal=True)
    elif kind == RADIO_GROUP:
        _group(found, path, part, names, least=2, most=10)
        _defaults(found, path, part.get("options") or [], 1)
    elif kind == CHECKBOX_GROUP:
        _group(found, path, part, names, least=1, most=10)
        _defaults(found, path, part.get("options") or [], part.get("max_values") or 10)
    elif kind in (CHECKBOX, FILE_UPLOAD):
        names.check(path, part)
    else:
        found.fault(path, f"is of type {kind}, which no label holds")


def _input(found: Findings, path: str, part: JSON, names: _Names) -> None:
    found.only(path, part, INPUT_KEYS)
    names.check(path, part)
    found.number(f"{path}.style", part.get("style", 0), 1, 2)
    found.number(f"{path}.min_length", part.get("min_length"), 0, INPUT_TEXT)
    found.number(f"{path}.max_length", part.get("max_length"), 1, INPUT_TEXT)
    found.optional_text(f"{path}.placeholder", part.get("placeholder"), INPUT_PLACEHOLDER)
    found.optional_text(f"{path}.value", part.get("value"), part.get("max_length") or INPUT_TEXT)
    if part.get("label") is not None:
        found.fault(f"{path}.label", "stands under a label, which says it already")


def _group(found: Findings, path: str, part: JSON, names: _Names, *, least: int, most: int) -> None:
    found.only(path, part, GROUP_KEYS)
    names.check(path, part)
    found.number(f"{path}.min_values", part.get("min_values"), 0, most)
    found.number(f"{path}.max_values", part.get("max_values"), 1, most)
    _options(found, path, part, least, most)
