"""The oracle by small cases that a teacher could check with a calendar and a clock."""

from datetime import date, time, timedelta

from bot.simulation.record import Did, Stored
from bot.simulation.year import Fault, Person, Rhythm, Terms, Trouble
from tests.simulation.school import (
    AUCKLAND,
    BEN,
    MONDAY,
    NEW_YORK,
    away,
    did,
    kept,
    program,
    thursdays,
    utc,
    wanted,
    year,
)

IN_NEW_YORK = (Person(id=BEN, zone=NEW_YORK), Person(id="ada"))
HOURS = timedelta(hours=1)


def test_a_week_brings_a_prompt_and_after_four_fifths_of_its_window_a_reminder() -> None:
    assert wanted(year(program())) == ["prompt Thu 5 10:00", "reminder Sun 8 14:48"]


def test_who_answers_gets_no_reminder_and_late_is_kept_as_late() -> None:
    asked = year(program(), weeks=2)
    answered = did(Did.ANSWERED, "03-06 08:00", text="in time")
    assert wanted(asked, answered)[:2] == ["prompt Thu 5 10:00", "prompt Thu 12 10:00"]
    late = did(Did.ANSWERED, "03-09 09:00", text="late")
    assert kept(asked, answered) == [Stored(BEN, "class-0", "in time", is_late=False)]
    assert kept(asked, late) == [Stored(BEN, "class-0", "late", is_late=True)]


def test_a_second_reminder_comes_only_where_two_are_wanted() -> None:
    assert wanted(year(program(reminders=0))) == ["prompt Thu 5 10:00"]
    assert wanted(year(program(reminders=2), weeks=2))[:3] == [
        "prompt Thu 5 10:00",
        "reminder Sun 8 14:48",
        "reminder Mon 9 07:00",
    ]


def test_the_wall_time_stays_when_clocks_change() -> None:
    spring = year(program(), weeks=5)
    assert [one for one in wanted(spring) if one.startswith("prompt")][-2:] == [
        "prompt Thu 26 10:00",
        "prompt Thu 2 10:00",
    ]


def test_nobody_elsewhere_is_asked_in_their_night() -> None:
    found = wanted(year(program(), people=IN_NEW_YORK))
    assert found == ["prompt Thu 5 07:00", "reminder Sun 8 09:48"], "clocks there go forward on that Sunday"


def test_a_late_hour_that_was_chosen_stays_for_who_lives_by_it() -> None:
    evening = program(thursdays(time(21)), reminders=0)
    assert wanted(year(evening)) == ["prompt Thu 5 21:00"]
    assert wanted(year(evening, people=IN_NEW_YORK)) == ["prompt Thu 5 15:00"]


def test_in_own_time_everybody_has_the_same_hour_on_their_own_wall() -> None:
    asked = year(program(is_own_time=True), people=IN_NEW_YORK)
    assert wanted(asked) == ["prompt Thu 5 10:00", "reminder Sun 8 15:48"]


def test_a_pause_holds_a_prompt_back_and_nobody_in_it_is_reminded() -> None:
    pause = did(Did.PAUSED, "03-04 12:00", until="03-07 06:00")
    assert wanted(year(program()), pause) == ["prompt Sat 7 07:00", "reminder Sun 8 14:48"]
    longer = did(Did.PAUSED, "03-06 12:00", until="03-09 06:00")
    assert wanted(year(program()), longer) == ["prompt Thu 5 10:00"]


def test_what_a_pause_held_back_brings_no_reminder_along() -> None:
    people = (Person(id=BEN, likes=(4, time(16))),)
    pause = did(Did.PAUSED, "03-06 12:00", until="03-09 06:00")
    assert wanted(year(program(), people=people, weeks=2), pause)[:2] == ["prompt Mon 9 07:00", "prompt Fri 13 16:00"]
    gap = away("03-09 05:30", "03-09 06:30")
    found = wanted(year(program(), people=people, weeks=2), pause, gaps=[gap])
    assert found[:2] == ["prompt Mon 9 07:30", "prompt Fri 13 16:00"]


def test_a_pause_beyond_the_close_leaves_a_prompt_waiting_in_silence() -> None:
    pause = did(Did.PAUSED, "03-04 12:00", until="03-10 06:00")
    assert wanted(year(program()), pause) == []


def test_a_fourth_prompt_of_a_week_comes_on_monday_if_it_is_still_open_then() -> None:
    others = [
        program(Rhythm(kind="weekly", at=time(9), since=MONDAY, weekdays=(day,)), f"class-{day + 1}", reminders=0)
        for day in range(3)
    ]
    full = year(*others, program(reminders=0), weeks=2)
    assert wanted(full)[:5] == [
        "prompt Mon 2 09:00",
        "prompt Tue 3 09:00",
        "prompt Wed 4 09:00",
        "prompt Mon 9 09:00",
        "prompt Tue 10 09:00",
    ], "four days after Thursday at ten it is closed on Monday at ten"
    longer = year(*others, program(reminders=0, lasts=timedelta(days=5)), weeks=2)
    assert wanted(longer)[3:6] == ["prompt Mon 9 09:00", "prompt Mon 9 10:00", "prompt Tue 10 09:00"]


def test_what_somebody_likes_is_waited_for() -> None:
    likes = (Person(id=BEN, likes=(4, time(16, 30))),)
    assert wanted(year(program(reminders=0), people=likes)) == ["prompt Fri 6 16:30"]


def test_who_began_what_was_to_come_is_not_reminded_at_the_moment_at_which_it_was_to_come() -> None:
    likes = (Person(id=BEN, likes=(6, time(14, 48))),)
    began = did(Did.BEGAN, "03-07 12:00")
    assert wanted(year(program(reminders=2), people=likes, weeks=2), began)[:1] == ["reminder Mon 9 07:00"]
    assert wanted(year(program(), weeks=2), began)[1:2] == ["reminder Sun 8 14:48"]


def test_who_did_it_already_this_week_is_not_asked() -> None:
    began, ended = did(Did.BEGAN, "03-03 08:00"), did(Did.ANSWERED, "03-03 12:00", text="by myself")
    assert wanted(year(program()), began, did(Did.WAS_OFFERED, "03-03 08:00"), ended) == []
    assert wanted(year(program()), began, did(Did.WAS_OFFERED, "03-03 08:00")) == [], "it is still open"


def test_what_is_open_for_less_than_five_days_stands_and_what_is_older_gives_way() -> None:
    twice = program(Rhythm(kind="weekly", at=time(10), since=MONDAY, weekdays=(0, 3)), reminders=0)
    assert wanted(year(twice, weeks=2)) == ["prompt Mon 2 10:00", "prompt Mon 9 10:00"]


def test_what_gave_way_is_not_reminded_of() -> None:
    asked = year(program(lasts=timedelta(days=7), reminders=2), weeks=2)
    assert wanted(asked)[1] == "reminder Wed 11 07:00"
    began = did(Did.BEGAN, "03-10 12:00"), did(Did.WAS_OFFERED, "03-10 12:00")
    assert wanted(asked, *began) == ["prompt Thu 5 10:00"], "the new one is still open on the next Thursday"


def test_what_is_put_off_comes_again_as_promised_and_is_not_reminded_of_before() -> None:
    asked = year(program())
    assert wanted(asked, did(Did.LATER, "03-05 12:00"))[1] == "again Thu 5 16:00"
    assert wanted(asked, did(Did.LATER, "03-05 16:30"))[1] == "again Fri 6 15:00", "half past eight would be late"
    assert wanted(asked, did(Did.TOMORROW, "03-08 12:00"))[1:] == []


def test_who_leaves_or_stops_hears_no_more() -> None:
    assert wanted(year(program()), did(Did.LEFT, "03-04 12:00", about="class")) == []
    assert wanted(year(program()), did(Did.STOPPED, "03-06 12:00")) == ["prompt Thu 5 10:00"]
    back = did(Did.LEFT, "03-04 12:00", about="class"), did(Did.JOINED, "03-11 12:00", about="class")
    assert wanted(year(program(), weeks=2), *back)[0] == "prompt Thu 12 10:00"


def test_after_a_time_away_the_last_occurrence_that_is_open_begins() -> None:
    days = program(Rhythm(kind="weekly", at=time(10), since=MONDAY, weekdays=(1, 2, 3)), reminders=0, lasts=24 * HOURS)
    found = wanted(year(days), gaps=[away("03-02 12:00", "03-05 08:00")])
    assert found == ["prompt Thu 5 09:00"], "Wednesday's, which is still open when Thursday's would begin"
    assert wanted(year(program(reminders=0)), gaps=[away("03-05 08:00", "03-06 09:00")]) == ["prompt Fri 6 10:00"]
    assert wanted(year(program()), gaps=[away("03-05 08:00", "03-09 12:00")]) == [], "its window is over"


def test_what_is_caught_up_with_in_the_night_comes_in_the_morning_if_it_is_still_open() -> None:
    asked, night = year(program(reminders=0)), away("03-05 08:00", "03-05 22:00")
    assert wanted(asked, gaps=[night]) == ["prompt Fri 6 07:00"]
    assert wanted(year(program(reminders=0, lasts=20 * HOURS)), gaps=[night]) == []
    again = away("03-06 05:00", "03-06 20:00")
    assert wanted(asked, gaps=[night, again]) == ["prompt Sat 7 07:00"]
    assert wanted(asked, gaps=[away("03-05 08:00", "03-05 18:00")]) == ["prompt Thu 5 19:00"]


def test_a_late_hour_that_was_chosen_does_not_stay_once_it_is_long_past() -> None:
    evening = year(program(thursdays(time(21)), reminders=0))
    assert wanted(evening, gaps=[away("03-05 19:00", "03-05 20:14")]) == ["prompt Thu 5 21:14"]
    assert wanted(evening, gaps=[away("03-05 19:00", "03-05 20:15")]) == ["prompt Fri 6 07:00"]


def test_what_somebody_likes_or_put_off_waits_for_the_morning_only_where_it_is_late() -> None:
    likes = year(program(reminders=0), people=(Person(id=BEN, likes=(4, time(6, 30))),))
    assert wanted(likes) == ["prompt Fri 6 06:30"]
    assert wanted(likes, gaps=[away("03-06 05:00", "03-06 05:50")]) == ["prompt Fri 6 07:00"]
    later = did(Did.LATER, "03-05 16:00")
    assert wanted(year(program(reminders=0)), later)[1:] == ["again Thu 5 20:00"]
    assert wanted(year(program(reminders=0)), later, gaps=[away("03-05 18:00", "03-05 20:00")])[1:] == [
        "again Fri 6 07:00"
    ]


def test_what_was_put_off_until_a_time_away_may_come_when_its_person_does_something_else() -> None:
    both = year(program(reminders=0), program(reminders=0, name="class-1"))
    later, gap = did(Did.LATER, "03-05 16:00"), away("03-05 18:00", "03-05 20:00")
    answered = did(Did.ANSWERED, "03-05 23:00", about="class-1", text="before going to sleep")
    assert wanted(both, later, answered, gaps=[gap])[2:] == ["again Fri 6 07:00?"]
    before = did(Did.ANSWERED, "03-05 17:00", about="class-1", text="before it was due")
    assert wanted(both, later, before, gaps=[gap])[2:] == ["again Fri 6 07:00"]


def test_of_two_reminders_that_passed_one_comes_and_not_in_the_night() -> None:
    both = year(program(reminders=2), weeks=2)
    assert wanted(both, gaps=[away("03-08 12:00", "03-09 07:30")])[1:2] == ["reminder Mon 9 08:30"]
    night = wanted(year(program(), weeks=2), gaps=[away("03-08 12:00", "03-08 22:00")])
    assert night[1] == "reminder Mon 9 07:00"


def test_a_reminder_that_passed_before_its_own_prompt_does_not_come_along_with_it() -> None:
    asked = year(program(lasts=10 * HOURS))
    found = wanted(asked, gaps=[away("03-05 08:00", "03-05 17:30")])
    assert found == ["prompt Thu 5 18:30", "reminder Thu 5 19:30"], "the first was meant for six"


def test_what_the_platform_does_not_take_until_the_close_is_not_sent() -> None:
    out = [away("03-05 08:00", "03-09 12:00")]
    assert wanted(year(program()), unreachable=out) == []


def test_a_reminder_to_closed_messages_does_not_count() -> None:
    closed = Trouble(fault=Fault.CLOSED, begins_at=utc("03-08 12:00"), ends_at=utc("03-08 15:00"), person=BEN)
    assert wanted(year(program(), weeks=2, troubles=[closed]))[1] == "reminder Mon 9 07:00?"


def test_holidays_are_left_out_or_moved() -> None:
    free = Terms(begins=MONDAY, ends=date(2026, 7, 1), free=frozenset({date(2026, 3, 5)}))
    assert wanted(year(program(reminders=0), terms=free, weeks=2)) == ["prompt Thu 12 10:00"]
    moved = Terms(begins=MONDAY, ends=date(2026, 7, 1), free=free.free, shifts=True)
    assert wanted(year(program(reminders=0), terms=moved)) == ["prompt Fri 6 10:00"]


def test_the_first_of_two_days_of_a_date_line_counts_for_those_who_live_there() -> None:
    people = (Person(id=BEN, zone=AUCKLAND), Person(id="ada"))
    assert wanted(year(program(reminders=0), people=people)) == ["prompt Fri 6 07:00"]
