"""What the desk says and which words it knows, by language. The words of a button stay the same in every language."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta

from bot.core.runs import Mode

LABEL = 30
"""Characters that a button has room for everywhere."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Labels:
    """What stands on buttons."""

    start: str
    reflect: str
    go: str
    go_on: str
    answers: str
    all_answers: str
    older: str
    edit: str
    who_reads: str
    pause: str
    until: str
    change_date: str
    resume: str
    settings: str
    form: str
    dialogue: str
    review: str
    pages: str
    ask_group: str
    new_group: str
    set_up: str
    message_me: str
    no_messages: str
    leave: str
    come_back: str
    adult: str
    tell_adult: str
    plan_more: str
    end_it: str
    any_time: str
    write_back: str
    write: str
    read: str
    sign_in: str
    let_in: str
    not_me: str
    help: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Calendar:
    """Days as people write and read them; `fixed` counts from today."""

    weekdays: Mapping[str, int]
    short_days: Sequence[str]
    full_days: Sequence[str]
    months: Mapping[str, int]
    short_months: Sequence[str]
    fixed: Mapping[str, str]
    numbers: Mapping[str, int]
    units: Mapping[str, timedelta]
    fillers: frozenset[str]
    coming: frozenset[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Wording:
    """One language."""

    labels: Labels
    calendar: Calendar
    aliases: Mapping[str, str]
    modes: Mapping[str, Mode]
    pauses: Sequence[tuple[str, str]]
    and_: str

    # Starting.
    sent_to_nobody: str
    how_to_join: str
    observers_do_not_answer: str
    also_open: str
    which_group: str
    no_such_flow: str
    nothing_to_begin: str
    is_over: str
    not_your_group: str
    no_notes: str
    no_reviews: str

    # Coming by.
    nothing_waits: str
    messages_on: str
    messages_off: str
    messages_anyway: str
    is_messaged: str
    is_not_messaged: str

    # Setting a club up.
    setup_needs_channel: str
    setup_is_for: str
    setup_look: str
    setup_by_channel: str
    setup_by_list: str
    setup_zone: str
    setup_preview: str
    setup_sure: str
    first_post: str
    no_such_zone: str
    club_is_set_up: str
    club_is_set_up_listed: str

    # Keeping a link, putting off.
    note_needs_link: str
    nothing_to_put_off: str
    nothing_to_do: str
    not_now: str
    did_not_work: str

    # Threads, adults.
    written_back: str
    write_back_to: str
    your_words: str
    is_settled: str
    they_are_told: str
    write_about: str
    is_written: str
    is_read: str

    # Answers.
    no_answers: str
    no_more_answers: str

    # Pausing, settings.
    how_long: str
    until_when: str
    pause_title: str
    which_day: str
    day_is_over: str
    day_is_far: str
    paused: str
    resumed: str
    is_either: str
    is_form: str
    is_dialogue: str
    form_from_now: str
    dialogue_from_now: str
    in_group: str

    # Leading.
    review_is_for: str
    this_week: str
    one_this_week: str
    answered_by: str
    none_this_week: str
    more_groups: str
    link_lasts: str

    # Signing in to the pages.
    sign_in_is_for: str
    which_code: str
    the_code: str
    wants_in: str
    only_your_own: str
    is_let_in: str
    stays_outside: str
    if_asked_to_type: str
    waits_no_more: str
    no_such_code: str
    too_many_codes: str

    # Groups.
    group_needs_channel: str
    channel_is_followed: str
    group_follows: str
    led_by: str
    would_ask: str
    would_ask_nobody: str
    others: str
    group_is_set_up: str
    group_follows_now: str
    group_can_be_left: str
    setting_up_is_for: str
    our_group: str
    new_or_known: str
    asking_is_for: str
    group_has_no_channel: str
    group_is_asked: str

    # What a group is asked by itself, and when somebody likes to be asked.
    planning_is_for: str
    plans_of: str
    plans_nothing: str
    plan_what: str
    plan_day: str
    plan_time: str
    plan_time_typed: str
    next_time: str
    habit_week: str
    is_planned: str
    planned_already: str
    never_comes: str
    comes_no_more: str
    more_on_pages: str
    asked_as_it_comes: str
    asked_at: str
    how_to_choose_time: str
    any_time: frozenset[str]

    nobody_to_ask: str
    in_no_group: str
    leave_which: str
    leave_sure: str
    leave_last: str
    leave_keeps: str
    has_left: str
    left_none: str
    back_to_which: str
    is_back: str

    # Posts.
    post_is_there: str
    post_again: str
    post_is_settled: str

    # Who reads, and the way to an adult.
    reads_you: str
    reads_named: str
    reads_nobody: str
    observes_named: str
    reads_always: str
    reads_change: str
    reads_kept: str
    was_read_by: str
    was_read_by_one: str
    was_read_by_more: str
    was_read_by_none: str
    talk_to_named: str
    talk_to_any: str
    any_adult: str
    adults_named: str
    adult_besides: str
    whoever_leads: str
    tell_spoken: str
    adult_told: str
    cant_wait: str
    cant_wait_named: str
    not_watched: str
    crisis_lines: str

    # Help.
    help: str
    help_nobody: str
    help_words: str
    help_words_leading: str
    hello: str
    welcome: str
    unknown: str

    # Home.
    home_hello: str
    home_open: str
    home_invited: str
    home_free: str
    home_reflect: str
    home_answers: str
    home_led: str
    home_liked: str
    home_help: str
    no_rush: str

    def listed(self, names: Sequence[str]) -> str:
        """Name people in a row."""
        return self.and_.join([", ".join(names[:-1]), names[-1]] if len(names) > 1 else names)


def short(text: str) -> str:
    """Keep a text as short as a button."""
    return text if len(text) <= LABEL else text[: LABEL - 1].rstrip() + "\N{HORIZONTAL ELLIPSIS}"
