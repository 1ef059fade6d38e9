"""Small groups that answers suggest."""

import json
from collections.abc import Mapping, Sequence
from itertools import combinations

from hypothesis import given
from hypothesis import strategies as st

from bot.core.people import PersonId
from bot.core.runs import RunId
from bot.flows.library import flows, read
from bot.storage.overview import Picked
from bot.web.pulling import LARGEST, MOST, SMALLEST, SmallGroup, suggest
from bot.web.questions import Kind, sheet_of

SHEETS = {flow: sheet_of(document.to_json()) for flow, document in flows().items()}
OPTIONS = [
    ("weekly-check-in", "thinking", ["1", "2", "3", "4", "5", "cant_say"]),
    ("weekly-check-in", "plan_kept", ["helped", "nothing_changed", "harder", "did_other", "my own words"]),
    ("weekly-check-in", "way", ["draw", "ask", "own", "none"]),
    ("look-back-work", "hardest", ["make", "check", "start"]),
]


def names(*given: str) -> dict[PersonId, str]:
    return {PersonId(name.lower()): name for name in sorted(given)}


def said(person: str, flow: str, key: str, value: str | list[str], run: str = "") -> Picked:
    return Picked(RunId(run or f"{flow}{person}"), key, flow, PersonId(person), json.dumps(value), str(value))


def who(small: SmallGroup) -> tuple[list[str], str]:
    return [one.name for one in small.members], small.helper.answer.name if small.helper else ""


def shown(found: Sequence[SmallGroup]) -> Mapping[str, tuple[list[str], str]]:
    return {f"{one.question.key}: {one.words}": who(one) for one in found}


def test_the_same_part_of_work_and_somebody_whose_plan_helped() -> None:
    people = names("Alba", "Bo", "Chen", "Dora", "Eli")
    picked = [said(one, "look-back-work", "hardest", "make") for one in ("bo", "alba", "chen")]
    picked += [
        said("dora", "look-back-work", "hardest", "check"),
        said("dora", "weekly-check-in", "plan_kept", "helped"),
    ]
    picked += [said("eli", "weekly-check-in", "plan_kept", "helped"), said("eli", "weekly-check-in", "way", "draw")]
    [small] = suggest(picked, people, SHEETS)
    assert who(small) == (["Alba", "Bo", "Chen"], "Eli")
    assert small.question.label == "The hardest part"
    assert small.words == "“Making or writing it”"
    assert small.helper
    assert small.helper.why == "tried “Draw it or write it down” first, and said about a plan: “helped”"


def test_the_hard_end_of_a_scale_is_where_its_words_say() -> None:
    people = names("Alba", "Bo", "Chen", "Dora")
    picked = [
        said(*one) for one in (("alba", "weekly-check-in", "thinking", "5"), ("bo", "weekly-check-in", "thinking", "4"))
    ]
    picked += [said("chen", "weekly-check-in", "thinking", "1"), said("dora", "weekly-check-in", "thinking", "2")]
    picked += [said("alba", "monitor-work", "clear", "4"), said("bo", "monitor-work", "clear", "3")]
    picked += [said("chen", "monitor-work", "clear", "1"), said("dora", "monitor-work", "clear", "2")]
    assert shown(suggest(picked, people, SHEETS)) == {
        "thinking: “most” or “all”": (["Alba", "Bo"], "Chen"),
        "clear: “not clear” or “a little clear”": (["Chen", "Dora"], "Alba"),
    }


def test_only_the_newest_answer_of_each_counts_and_only_of_who_is_here() -> None:
    people = names("Alba", "Bo", "Chen", "Dora")
    picked = [said("dora", "look-back-work", "hardest", "check", "new")]
    picked += [said(one, "look-back-work", "hardest", "make") for one in ("alba", "bo", "chen", "dora", "gone")]
    assert shown(suggest(picked, people, SHEETS)) == {"hardest: “Making or writing it”": (["Alba", "Bo", "Chen"], "")}


def test_two_alone_are_no_group_and_what_one_tried_is_no_trouble() -> None:
    picked = [said(one, "look-back-work", "hardest", "make") for one in ("alba", "bo")]
    picked += [said(one, "weekly-check-in", "way", "draw") for one in ("alba", "bo", "chen")]
    picked += [said(one, "weekly-check-in", "plan_kept", "did_other") for one in ("alba", "bo", "chen")]
    assert suggest(picked, names("Alba", "Bo", "Chen"), SHEETS) == []


def test_a_menu_of_ones_own_makes_groups_too_without_a_helper() -> None:
    document = read(
        "flow: topics\ntitle: Topics\nband: 11-13\nsettings: [class]\n"
        "exercises: {attributes: [voice], phases: [plan]}\nsteps:\n"
        "  - id: again\n    ask: Which topics do you want to see again?\n"
        "    choice: {options: [Fractions, Angles], many: true}\n",
        "topics.yaml",
    )
    sheets = {**SHEETS, "topics": sheet_of(document.to_json())}
    picked = [said(one, "topics", "again", ["fractions", "angles"]) for one in ("alba", "bo", "chen")]
    picked += [said("dora", "topics", "again", ["angles"]), said("eli", "weekly-check-in", "plan_kept", "helped")]
    assert shown(suggest(picked, names("Alba", "Bo", "Chen", "Dora", "Eli"), sheets)) == {
        "again: “Angles”": (["Alba", "Bo", "Chen", "Dora"], ""),
        "again: “Fractions”": (["Alba", "Bo", "Chen"], ""),
    }


PEOPLE = st.integers(0, 30).map(lambda many: {PersonId(f"p{n:02}"): f"P {n:02}" for n in range(many)})


@given(people=PEOPLE, data=st.data())
def test_groups_hold_few_people_once_each_who_may_meet_and_share_an_answer(
    people: dict[PersonId, str], data: st.DataObject
) -> None:
    picked = [
        said(person, flow, key, data.draw(st.sampled_from(values)))
        for person in people
        for flow, key, values in OPTIONS
    ]
    pairs = st.tuples(st.sampled_from(sorted(people)), st.sampled_from(sorted(people))) if people else st.nothing()
    apart = data.draw(st.lists(pairs, max_size=12)) if people else []
    found = suggest(picked, people, SHEETS, apart)
    assert found == suggest(picked, people, SHEETS, apart)
    assert len(found) <= MOST
    assert len({one.id for one in found}) == len(found)
    values = {(one.person, one.flow, one.key): json.loads(one.value) for one in picked}
    for small in found:
        together = [answer.person for answer in small.answers]
        assert SMALLEST <= len(together) <= LARGEST
        assert len(set(together)) == len(together)
        assert not {frozenset(pair) for pair in combinations(together, 2)} & set(map(frozenset, apart))
        options, question = small.question.options, small.question
        assert question.kind in (Kind.SCALE, Kind.OUTCOME, Kind.PLACE)
        for member in small.members:
            assert options[values[member.person, question.flow, question.key]] in small.words
