"""Forms as Discord modals: within every limit, nothing lost, and read back as they were filled in."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import pytest
from discord import ui
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.adapters.asking import AskForm, EditForm
from bot.adapters.discord.filled_in import given_in
from bot.adapters.discord.modals import ask_modal, edit_modal, fits, form_modal, write_modal
from bot.adapters.discord.outbound import messages_for
from bot.core.effects import Input, OfferForm, Option, Prompt
from bot.flows.flow import CANT_SAY, OWN
from tests.adapters.discord.reading import read
from tests.adapters.discord.rendered import (
    AT,
    HOSTILE,
    RUN,
    TEXTS,
    asked,
    offered,
    one,
    options_of,
    prompt_of,
    squeezed,
)
from tests.discord.checks import Checks

LONG = (
    "Which part of the bridge did you look at again this week, and what made you look at it a second time "
    "before you went on?"
)


def shown_in(form: OfferForm, intro: Sequence[str] = ()) -> int:
    """Count the questions that the modal of a form shows."""
    named = {str(getattr(item, "custom_id", "")) for item in form_modal(form, intro).walk_children()}
    return sum(prompt.key in named for prompt in form.prompts)


def check(modal: ui.Modal) -> dict[str, Any]:
    """Hold a modal to Discord's rules and to ours."""
    checks, written = Checks(), modal.to_dict()
    checks.request("answer", {"type": 9, "data": written}, [])
    assert checks.complaints == []
    texts = [part["content"] for part in written["components"] if part["type"] == 10]
    assert sum(len(text.encode("utf-16-le")) // 2 for text in texts) <= 4_000
    assert all(set(read(text).markup) <= {"bold", "quote", "small"} for text in texts)
    assert modal.timeout is None
    return written


def texts(written: dict[str, Any]) -> list[str]:
    """List the texts that stand between fields."""
    return [part["content"] for part in written["components"] if part["type"] == 10]


def labels(written: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """Find the labels by the names of their fields."""
    return {part["component"]["custom_id"]: part for part in written["components"] if part["type"] == 18}


def field_of(prompt: Prompt) -> dict[str, Any]:
    """Find the first field of one question."""
    return dict(next(iter(labels(check(form_modal(offered(prompt)))).values()))["component"])


def sent(written: dict[str, Any], **typed: Any) -> list[dict[str, Any]]:
    """Send a modal with what it begins with, but for what is typed or chosen."""
    return [
        {"type": 18, "id": 1, "component": _sent(part["component"], typed)}
        if part["type"] == 18
        else {"type": 10, "id": 2}
        for part in written["components"]
    ]


def _sent(field: dict[str, Any], typed: dict[str, Any]) -> dict[str, Any]:
    name = field["custom_id"]
    chosen = [option["value"] for option in field.get("options", ()) if option.get("default")]
    began = {4: field.get("value") or "", 21: next(iter(chosen), None)}.get(field["type"], chosen)
    key = "values" if field["type"] in (3, 22) else "value"
    return {"type": field["type"], "id": 3, "custom_id": name, key: typed.get(name.replace(":", "_"), began)}


def everything(written: dict[str, Any]) -> str:
    """Read all words, and what fields begin with."""
    found = [read(text).text for text in texts(written)]
    for part in labels(written).values():
        field = part["component"]
        found += [
            part["label"],
            part.get("description") or "",
            field.get("placeholder") or "",
            field.get("value") or "",
        ]
        found += [option["label"] for option in field.get("options", ())]
    return squeezed("".join(found))


# Words.


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)
@pytest.mark.parametrize("options", [0, 10, 26])
@pytest.mark.parametrize("takes", Input)
def test_a_form_with_any_words_keeps_the_limits(text: str, options: int, takes: Input) -> None:
    label = text.strip()[:200]
    prompt = prompt_of(
        text, takes, label=label, options=options_of(options, label), said=text[:4500], slip=text[:500], hint=text
    )
    form = offered(prompt, title=text)
    written = check(form_modal(form, [text[:200]]))
    assert check(edit_modal(EditForm(run=RUN, title=text, prompt=prompt)))
    assert not fits(form) or squeezed(text[:200]) in everything(written) or not text.strip("\u200b")


@settings(deadline=None, max_examples=60)
@given(
    text=TEXTS, more=TEXTS, names=st.lists(TEXTS, max_size=7), takes=st.sampled_from(Input), takes_text=st.booleans()
)
def test_no_limit_is_broken_and_no_sign_lost(
    text: str, more: str, names: list[str], takes: Input, takes_text: bool
) -> None:
    options = tuple(Option(f"v{number}", name[:300]) for number, name in enumerate(names))
    prompt = prompt_of(
        f"Q{text}"[:600], takes, options=options, takes_text=takes_text, said=more[:300], slip=more[:300]
    )
    shown = everything(check(form_modal(offered(prompt, title=f"Q{text}"))))
    assert squeezed(prompt.text) in shown
    assert squeezed(prompt.slip) in shown or not prompt.slip.strip("\u200b \n")
    assert squeezed(more[:300]) in shown or not more[:300].strip("\u200b \n")
    assert check(edit_modal(EditForm(run=RUN, title=f"Q{text}", prompt=prompt)))


# The parts of a form.


def test_a_form_takes_five_components_and_the_rest_is_its_next_part() -> None:
    prompts = [prompt_of(key=f"k{number}") for number in range(6)]
    form = offered(*prompts)
    written = check(form_modal(form))
    assert list(labels(written)) == ["k0", "k1", "k2", "k3", "k4"]
    assert (written["custom_id"], written["title"]) == (f"form:{RUN}", "Weekly reflection")
    assert (shown_in(form), shown_in(form, ["Hi Ben."])) == (5, 4)
    assert texts(check(form_modal(form, ["Hi Ben.", "It is *short*."]))) == ["Hi Ben.\n\nIt is \\*short\\*."]


def test_a_question_is_never_split_from_its_own_words() -> None:
    menu = prompt_of(key="way", takes=Input.ONE, options=(*options_of(3), Option(OWN, "In my own words")))
    first = [prompt_of(key=f"k{number}") for number in range(4)]
    assert list(labels(check(form_modal(offered(*first, menu))))) == ["k0", "k1", "k2", "k3"]
    written = check(form_modal(offered(*first[:3], menu)))
    assert list(labels(written)) == ["k0", "k1", "k2", "way", "way:own"]
    assert [option["value"] for option in labels(written)["way"]["component"]["options"]] == ["v1", "v2", "v3"]
    assert labels(written)["way:own"]["label"] == "In my own words"


def test_a_short_question_is_its_own_label_and_a_longer_one_the_description() -> None:
    short, longer = "What did you try?", "Which part of the map made you stop and think this week?"
    written = check(form_modal(offered(prompt_of(short), prompt_of(longer, key="part", hint="One line is enough."))))
    assert texts(written) == []
    first, second = labels(written).values()
    assert (first["label"], first["description"]) == (short, "Ada will read this.")
    assert (second["label"], second["description"]) == ("Tried", f"{longer} One line is enough.")


def test_a_long_question_stands_above_its_field() -> None:
    written = check(form_modal(offered(prompt_of(LONG, hint="Two lines do.", before=("Hi Ben.",)))))
    assert texts(written) == [f"Hi Ben.\n\n**{LONG}**\n-# Two lines do.\n-# Ada will read this."]
    (label,) = labels(written).values()
    assert (label["label"], label.get("description")) == ("Tried", None)
    assert shown_in(offered(*[prompt_of(LONG, key=f"k{number}") for number in range(3)])) == 2


def test_who_reads_is_said_where_it_changes() -> None:
    prompts = [prompt_of(key="a"), prompt_of(key="b"), prompt_of(key="c", reads="Only you see this.")]
    descriptions = [label.get("description") for label in labels(check(form_modal(offered(*prompts)))).values()]
    assert descriptions == ["Ada will read this.", None, "Only you see this."]


def test_an_empty_field_shows_what_helps() -> None:
    long = "When I have read the same line twice, I stop and draw it, and then I read the line once more, slowly."
    for prompt, placeholder in (
        (prompt_of(), "A few words will do"),
        (prompt_of(example="I waited."), "For example: I waited."),
        (
            prompt_of("Why? " * 16, hint="One sentence or two are enough.", example=long),
            "One sentence or two are enough.",
        ),
        (prompt_of(LONG, example="I waited."), "A few words will do"),
        (prompt_of(takes=Input.DATE), "Friday, or 2026-11-24"),
    ):
        assert field_of(prompt)["placeholder"] == placeholder


# Fields.


@pytest.mark.parametrize(
    ("prompt", "kind"),
    [
        (prompt_of(), 4),
        (prompt_of(takes=Input.DATE), 4),
        (prompt_of(takes=Input.ONE), 4),
        (prompt_of(takes=Input.ONE, options=options_of(1)), 3),
        (prompt_of(takes=Input.ONE, options=options_of(2)), 21),
        (prompt_of(takes=Input.ONE, options=options_of(10)), 21),
        (prompt_of(takes=Input.ONE, options=options_of(11)), 3),
        (prompt_of(takes=Input.ONE, options=options_of(25)), 3),
        (prompt_of(takes=Input.ONE, options=options_of(26)), 4),
        (prompt_of(takes=Input.MANY, options=options_of(1)), 22),
        (prompt_of(takes=Input.MANY, options=options_of(10)), 22),
        (prompt_of(takes=Input.MANY, options=options_of(25)), 3),
        (prompt_of(takes=Input.MANY, options=options_of(26)), 4),
    ],
)
def test_each_kind_of_question_has_its_field_and_may_be_left_out(prompt: Prompt, kind: int) -> None:
    field = field_of(prompt)
    assert (field["type"], field["required"]) == (kind, False)
    assert field.get("min_values", 0) == 0


@pytest.mark.parametrize(("lines", "said", "style"), [(1, "", 1), (3, "", 2), (1, "a\nb", 2)])
def test_a_text_field_is_as_tall_as_it_needs(lines: int, said: str, style: int) -> None:
    field = field_of(prompt_of(lines=lines, said=said))
    assert (field["style"], field["max_length"]) == (style, 4_000)


def test_options_that_no_field_holds_are_listed_and_written() -> None:
    alike = (*options_of(26), Option("v27", "Cy"), Option("v28", "Cy"), Option("v29", "Dee, of 8b"))
    prompt = prompt_of(takes=Input.MANY, options=alike, takes_text=False, said=("v3", "v28", "v29"))
    written = check(form_modal(offered(prompt)))
    assert texts(written)[0].splitlines()[26:] == ["27 · Cy", "28 · Cy", "29 · Dee, of 8b"]
    assert given_in(sent(written)) == {"tried": "Option 3, 28, 29"}
    assert field_of(prompt)["placeholder"] == "The numbers, with commas between them"
    assert fits(offered(prompt))


def test_an_option_too_long_for_its_field_is_listed_whole() -> None:
    name = "I did it, and it went otherwise than I thought. " * 2 + "Not so bad."
    prompt = prompt_of(takes=Input.ONE, options=(Option("a" * 101, name), Option("b", "Not yet")), takes_text=False)
    written = check(form_modal(offered(prompt)))
    assert texts(written) == [f"1 · {name}"]
    assert [option["value"] for option in field_of(prompt)["options"]] == ["#1", "b"]
    assert field_of(prompt)["options"][0]["label"].endswith("I thought. Not…")
    assert given_in(sent(written, tried="#1")) == {"tried": "1"}


@pytest.mark.parametrize(
    ("prompt", "does_fit"),
    [
        (prompt_of("x" * 3_900), True),
        (prompt_of("x" * 4_100), False),
        (prompt_of(takes=Input.ONE, takes_text=False), False),
        (prompt_of(takes=Input.ONE, options=options_of(26), takes_text=False), True),
        (prompt_of(takes=Input.ONE, options=options_of(300, "A long name of a person " * 3), takes_text=False), False),
    ],
)
def test_a_form_says_whether_each_question_can_be_a_field(prompt: Prompt, does_fit: bool) -> None:
    assert fits(offered(prompt_of(key="first"), prompt)) is does_fit
    assert check(form_modal(offered(prompt)))


def test_what_is_too_long_shows_that_it_goes_on() -> None:
    (text,) = texts(check(form_modal(offered(prompt_of("Why? " * 2_000)))))
    assert text.endswith("**\n…")


# What was said before.


@pytest.mark.parametrize(
    ("prompt", "back"),
    [
        (prompt_of(said="I waited."), {"tried": "I waited."}),
        (prompt_of(said="x" * 4_000), {"tried": "x" * 4_000}),
        (prompt_of(said="x" * 4_001), {"tried": ""}),
        (prompt_of(takes=Input.DATE, said="2026-11-24"), {"tried": "2026-11-24"}),
        (prompt_of(takes=Input.DATE, said="after the holidays"), {"tried": "after the holidays"}),
        (prompt_of(takes=Input.ONE, options=options_of(3), said="v2"), {"tried": "v2"}),
        (prompt_of(takes=Input.ONE, options=options_of(20), said="v17"), {"tried": "v17"}),
        (prompt_of(takes=Input.ONE, options=options_of(30), said="v27"), {"tried": "Option 27"}),
        (prompt_of(takes=Input.ONE, options=options_of(3), said="my own"), {"tried": "my own"}),
        (prompt_of(takes=Input.ONE, options=options_of(3), said="hm", takes_text=False), {"tried": ""}),
        (prompt_of(takes=Input.MANY, options=options_of(3), said=("v3", "v1")), {"tried": ("v1", "v3")}),
        (prompt_of(takes=Input.MANY, options=options_of(20), said=("v1", "v17")), {"tried": ("v1", "v17")}),
        (prompt_of(takes=Input.MANY, options=options_of(20), said=("v1",)), {"tried": ("v1",)}),
        (prompt_of(takes=Input.MANY, options=options_of(3), said=("v3", "mine")), {"tried": ("v3", "mine")}),
        (prompt_of(takes=Input.MANY, options=options_of(3), said=("mine",)), {"tried": "mine"}),
        (prompt_of(takes=Input.MANY, options=options_of(3)), {"tried": ""}),
        (prompt_of(takes=Input.MANY, takes_text=False), {}),
    ],
)
def test_what_was_said_before_stands_in_the_form_and_comes_back(prompt: Prompt, back: dict[str, Any]) -> None:
    written = check(form_modal(offered(prompt)))
    assert given_in(sent(written)) == back
    is_kept = all(back.values()) or not prompt.said
    assert ("You said:" in "".join(texts(written))) is not is_kept


def test_own_words_win_over_the_menu_and_join_what_was_ticked() -> None:
    radio = check(form_modal(offered(prompt_of(takes=Input.ONE, options=options_of(3), said="v1"))))
    assert given_in(sent(radio, tried_own="my own")) == {"tried": "my own"}
    assert given_in(sent(radio, tried_own="  ")) == {"tried": "v1"}
    many = check(form_modal(offered(prompt_of(takes=Input.MANY, options=options_of(15), said=("v1",)))))
    assert list(labels(many)) == ["tried:many", "tried:own"]
    assert given_in(sent(many, tried_own="my own")) == {"tried": ("v1", "my own")}
    assert given_in(sent(many, tried_many=["v1", "#3"])) == {"tried": ("v1", "3")}


def test_blank_is_an_empty_text() -> None:
    written = check(form_modal(offered(prompt_of(said="x"), prompt_of(key="when", takes=Input.DATE))))
    assert given_in(sent(written, tried=" \n")) == {"tried": "", "when": ""}


# Slips, edits, fields.


def test_a_slip_stands_at_its_question() -> None:
    slipped = prompt_of("When?", Input.DATE, slip="A date fits here.", said="soon")
    written = check(form_modal(offered(slipped, replace(slipped, key="other", slip="A date fits here. " * 9))))
    assert labels(written)["tried"]["description"] == "A date fits here. Ada will read this."
    assert texts(written) == ["A date fits here. " * 9]
    assert labels(written)["tried"]["component"]["value"] == "soon"


def test_an_edit_and_a_few_fields_name_what_they_belong_to() -> None:
    edit = check(edit_modal(EditForm(run=RUN, title="Change it", prompt=prompt_of(said="I waited."))))
    assert (edit["custom_id"], edit["title"]) == (f"edit:{RUN}:tried", "Change it")
    assert given_in(sent(edit)) == {"tried": "I waited."}
    form = AskForm(words="pause until", title="Pause until", prompts=(prompt_of(), prompt_of(key="when")))
    ask = check(ask_modal(form))
    assert (ask["custom_id"], list(labels(ask))) == ("ask:pause until", ["tried", "when"])


@pytest.mark.parametrize(
    ("prompt", "required"),
    [
        (prompt_of(said="x"), [False]),
        (prompt_of(), [True]),
        (prompt_of(said="x" * 4_001), [True]),
        (prompt_of(takes=Input.ONE, options=options_of(3), takes_text=False), [True]),
        (prompt_of(takes=Input.MANY, options=options_of(3), takes_text=False), [True]),
        (prompt_of(takes=Input.ONE, options=options_of(3), takes_text=False, said="v1"), [False]),
        (prompt_of(takes=Input.ONE, options=options_of(3)), [False, False]),
        (prompt_of(takes=Input.ONE, options=options_of(3), said="x" * 4_001), [False, True]),
    ],
)
def test_an_edit_that_begins_empty_cannot_be_sent_empty(prompt: Prompt, required: list[bool]) -> None:
    written = check(edit_modal(EditForm(run=RUN, title="Change it", prompt=prompt)))
    assert [label["component"]["required"] for label in labels(written).values()] == required


def test_an_answer_in_words_has_one_field_below_its_question() -> None:
    shown = one(
        messages_for(asked(prompt_of("See https://a.example/x_y_: *why*?", before=("Hi.",), slip="Hm.")))
    ).content
    written = check(write_modal(RUN, 3, shown))
    assert texts(written) == ["**See https://a.example/x_y_: \\*why\\*?**"]
    (label,) = labels(written).values()
    assert (written["custom_id"], label["label"]) == (f"write:{AT}", "Your answer")
    assert (label["component"]["style"], label["component"]["required"]) == (2, True)
    assert given_in(sent(written, text="Glue.")) == {"text": "Glue."}


def test_an_answer_in_words_may_begin_with_what_was_said() -> None:
    written = check(write_modal(RUN, 3, "", is_long=False, said="soon", is_many=True))
    assert written["custom_id"] == f"write:{AT}:many"
    assert (texts(written), given_in(sent(written))) == ([], {"text": "soon"})
    assert texts(check(write_modal(RUN, 3, "No bold\n-# small\n\nhere"))) == ["No bold\nhere"]


def test_a_title_is_cut_at_a_word() -> None:
    title = "How was the week at the edge of what you can do?"
    assert (
        check(form_modal(offered(prompt_of(), title=title)))["title"] == "How was the week at the edge of what you can…"
    )


def test_what_discord_would_not_take_is_refused_by_name() -> None:
    six = tuple(prompt_of(key=f"k{number}") for number in range(6))
    with pytest.raises(ValueError, match="components of a modal: 1 to 5, not 6"):
        ask_modal(AskForm(words="x", title="x", prompts=six))
    with pytest.raises(ValueError, match="custom_id: 1 to 100"):
        ask_modal(AskForm(words="w" * 97, title="x", prompts=six[:1]))
    with pytest.raises(ValueError, match="custom_id: 1 to 100"):
        form_modal(offered(prompt_of(key="k" * 101)))
    with pytest.raises(ValueError, match="texts of a modal: at most 4,000"):
        ask_modal(AskForm(words="x", title="x", prompts=(prompt_of("x" * 2500), prompt_of("x" * 2500, key="b"))))


def test_can_t_say_is_an_option_like_any_other() -> None:
    options = (*options_of(5), Option(CANT_SAY, "Can't say"))
    assert len(field_of(prompt_of(takes=Input.ONE, options=options, takes_text=False))["options"]) == 6
