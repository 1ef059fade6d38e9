"""Packs of options: how they are read, and what the linter says about them."""

import pytest

from bot.core.errors import DocumentError
from bot.flows.document import OptionText
from bot.flows.findings import Rule
from bot.flows.library import packs
from bot.flows.lint_parts import lint_pack
from bot.flows.pack import Pack, parse_pack

WAYS = """\
# What people try.
pack: ways
options:
  - {value: ask, label: Ask somebody}
  - {value: draw, label: Draw it}
  - {value: wait, label: {en: Wait, de: Warten}}
"""


def faults(source: str) -> list[str]:
    """Parse a file that is wrong and give back what its author reads."""
    with pytest.raises(DocumentError) as caught:
        parse_pack(source, "ways.yaml")
    return str(caught.value).splitlines()


def test_a_pack_is_a_menu_by_name() -> None:
    assert parse_pack(WAYS, "ways.yaml") == Pack(
        pack="ways",
        options=[
            OptionText(value="ask", label="Ask somebody"),
            OptionText(value="draw", label="Draw it"),
            OptionText(value="wait", label={"en": "Wait", "de": "Warten"}),
        ],
    )


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("value: draw", "value: ask", "ways.yaml:2: two options are the same to the bot: ask"),
        ("value: draw", "value: Draw", "ways.yaml:5: options.1.value: "),
        ("label: Draw it", "lable: Draw it", "ways.yaml:5: options.1.label: Field required"),
        ("pack: ways", "pack: My Ways", "ways.yaml:2: pack: "),
        ("pack: ways", "packs: ways", "ways.yaml:2: pack: Field required"),
        ("value: draw, label: Draw it}", "value: draw, label: Draw it", "ways.yaml:6: this is not YAML: "),
        ("label: Draw it", "label: *ways", "ways.yaml:5: this is not YAML: a reference (*name)"),
    ],
)
def test_a_fault_names_its_file_and_line(old: str, new: str, said: str) -> None:
    assert WAYS.count(old) == 1

    told = faults(WAYS.replace(old, new))

    assert any(fault.startswith(said) for fault in told), told


@pytest.mark.parametrize("source", ["", "- ask\n- draw\n", "ways"])
def test_what_is_no_pack_is_said_in_one_line(source: str) -> None:
    assert faults(source) == ["ways.yaml:1: a pack is a mapping that begins with `pack: its_name`"]


@pytest.mark.parametrize("count", [1, 13])
def test_a_menu_is_neither_one_option_nor_endless(count: int) -> None:
    options = "".join(f"  - {{value: way_{n}, label: Way {n}}}\n" for n in range(count))

    (told,) = faults(f"pack: ways\noptions:\n{options}")

    assert told.startswith("ways.yaml:2: options: ")


@pytest.mark.parametrize("name", sorted(packs()))
def test_the_packs_that_come_with_mull_break_no_rule(name: str) -> None:
    assert lint_pack(Pack(pack=name, options=packs()[name])) == []


@pytest.mark.parametrize(
    ("old", "new", "path", "rule"),
    [
        ("Draw it", "Collaborate", ("options", 1), Rule.PLAIN),
        ("Draw it", f"Draw {'it ' * 30}", ("options", 1), Rule.TOO_LONG),
        ("{en: Wait, de: Warten}", "Ask at home", ("options", 2), Rule.PROTECTED),
        ("value: draw", "value: none", ("options", 1), Rule.MENU),
        ("  - {value: draw, label: Draw it}\n", "", ("options",), Rule.FAIR_MENU),
    ],
)
def test_a_finding_names_its_option(old: str, new: str, path: tuple[str | int, ...], rule: Rule) -> None:
    assert WAYS.count(old) == 1

    found = lint_pack(parse_pack(WAYS.replace(old, new), "ways.yaml"))

    assert {(one.path, one.rule) for one in found} == {(path, rule)}
