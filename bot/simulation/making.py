"""Inventing a school year: the same seed makes the same one."""

from datetime import UTC, date, datetime, time, timedelta
from random import Random

from bot.simulation.troubles import invent_troubles
from bot.simulation.wall import moment_of
from bot.simulation.year import Group, Person, Planned, Program, Rhythm, Terms, Wish, Year

ZONES = (
    "Europe/Berlin",
    "America/New_York",
    "Australia/Lord_Howe",
    "Pacific/Auckland",
    "Asia/Kathmandu",
    "Africa/Cairo",
    "America/Santiago",
    "Pacific/Chatham",
    "America/Nuuk",
    "Asia/Beirut",
    "Africa/Casablanca",
    "Pacific/Apia",
)
"""Gaps and overlaps at midnight and of half an hour, quarters of hours, both sides of the date line, Ramadan."""

CLASS, CLASSES_A_CLUB = 25, 7
FIRST_MONDAYS = (date(2024, 9, 2), date(2025, 9, 1), date(2026, 8, 31))
ONE_DAY, ONE_WEEK = timedelta(days=1), timedelta(weeks=1)
TICK = timedelta(hours=8)
"""People do things at these steps of UTC time, a few minutes past: many at once, as after a bell."""

PAST, A_WHILE = timedelta(minutes=7), timedelta(minutes=21)
"""Nothing that Mull does by itself falls on these minutes of the hour; who comes and goes does so after the rest."""


def invent_year(seed: int, people: int = 500, weeks: int = 40, *, is_faulty: bool = True) -> Year:
    """Make up a school year."""
    chance = Random(seed)  # noqa: S311 - the same each time, which is the point
    first = chance.choice(FIRST_MONDAYS)
    begins_at = datetime.combine(first, time(), tzinfo=UTC)
    ends_at = begins_at + weeks * ONE_WEEK
    groups = _groups(chance, people, first, weeks)
    everybody = {person.id: person for person in _people(chance, people, groups)}
    programs = [program for group in groups for program in _programs(chance, group, first, weeks)]
    days = (begins_at, ends_at)
    return Year(
        seed=seed,
        begins_at=begins_at,
        ends_at=ends_at,
        terms=_terms(chance, first, weeks),
        groups=groups,
        people=everybody,
        programs=programs,
        planned=_plans(chance, groups, programs, everybody, days),
        troubles=invent_troubles(chance, sorted(everybody), days) if is_faulty else (),
        is_faulty=is_faulty,
    )


def on_tick(at: datetime) -> datetime:
    """Find the next moment at which people do things."""
    midnight = datetime.combine(at.date(), time(), tzinfo=UTC) + PAST
    steps = -((midnight - at) // TICK)
    return midnight + steps * TICK


def _groups(chance: Random, people: int, first: date, weeks: int) -> list[Group]:
    """Put everybody into a class, and some into a club as well, where people of many zones meet."""
    names = [_name(number) for number in range(people)]
    classes = [names[begins : begins + CLASS] for begins in range(0, people, CLASS)]
    neighbours = [names[begins : begins + 3 * CLASS] for begins in range(0, people, CLASSES_A_CLUB * CLASS)]
    clubs = [sorted(chance.sample(some, min(CLASS, len(some) // 3))) for some in (names, *neighbours[1:])]
    return [
        Group(
            id=f"group-{number:02}",
            zone=ZONES[number % len(ZONES)],
            members=tuple(members),
            terms=_terms(chance, first, weeks) if chance.random() < 0.3 else None,  # noqa: PLR2004
        )
        for number, members in enumerate([*classes, *clubs])
    ]


def _people(chance: Random, people: int, groups: list[Group]) -> list[Person]:
    """Give a zone of their own to some, and to all who are in several groups: whose week it is has to be plain."""
    found = []
    for number in range(people):
        name = _name(number)
        mine = [group for group in groups if name in group.members]
        is_away = chance.random() < 0.01  # noqa: PLR2004
        zone = chance.choice(ZONES) if is_away else mine[0].zone if len(mine) > 1 else None
        likes = (chance.randrange(7), _clock(chance)) if chance.random() < 0.05 else None  # noqa: PLR2004
        found.append(Person(id=name, zone=zone, likes=likes))
    return found


def _terms(chance: Random, first: date, weeks: int) -> Terms:
    """Make up holidays: a week or two every seven weeks or so, and single days."""
    free: set[date] = set()
    for week in range(6 + chance.randrange(2), weeks, 7):
        begins = first + week * ONE_WEEK + chance.randrange(5) * ONE_DAY
        free |= {begins + day * ONE_DAY for day in range(chance.choice((7, 9, 14)))}
    free |= {first + chance.randrange(weeks * 7) * ONE_DAY for _ in range(weeks // 6)}
    last = first + weeks * ONE_WEEK - chance.randrange(3, 12) * ONE_DAY
    return Terms(
        begins=first + chance.randrange(4) * ONE_DAY,
        ends=last,
        free=frozenset(free),
        shifts=chance.random() < 0.5,  # noqa: PLR2004
    )


def _programs(chance: Random, group: Group, first: date, weeks: int) -> list[Program]:
    """Make up what a group is asked: mostly one thing, each week or each second; some are asked more."""
    count = chance.choice((1, 1, 1, 1, 2, 3))
    main = _weekly(chance, first, chance.choice((1, 2, 2)))
    rhythms = [main, *(_other(chance, first, weeks) for _ in range(count - 1))]
    return [_program(chance, group, number, rhythm) for number, rhythm in enumerate(rhythms)]


def _program(chance: Random, group: Group, number: int, rhythm: Rhythm) -> Program:
    name = f"{group.id}-{number}"
    lasts = timedelta(hours=chance.choice((96, 96, 96, 48, 72, 168, 24, 6)))
    return Program(
        id=name,
        group=group.id,
        flow=f"year-{name}",
        title=f"Check-in {number} of {group.id}",
        rhythm=rhythm,
        lasts=lasts,
        reminders=chance.choice((0, 1, 1, 1, 2)),
        is_own_time=chance.random() < 0.25,  # noqa: PLR2004
    )


def _weekly(chance: Random, first: date, every: int) -> Rhythm:
    return Rhythm(kind="weekly", at=_clock(chance), since=first, weekdays=(chance.randrange(5),), every=every)


def _other(chance: Random, first: date, weeks: int) -> Rhythm:
    """Make up what comes less often, or more."""
    at = _clock(chance)
    match chance.randrange(6):
        case 0:
            return Rhythm(kind="weekly", at=at, since=first, weekdays=(chance.randrange(7),), every=3)
        case 1:
            return Rhythm(kind="weekly", at=at, since=first, weekdays=tuple(sorted(chance.sample(range(7), 3))))
        case 2 | 3:
            return Rhythm(kind="monthly", at=at, since=first, day=chance.choice((1, 15, 29, 31)))
        case 4:
            nth = chance.choice((1, 2, 3, 4, -1))
            return Rhythm(kind="monthly_on", at=at, since=first, nth=nth, weekdays=(chance.randrange(7),))
        case _:
            days = sorted(chance.sample(range(weeks * 7), min(6, weeks)))
            return Rhythm(kind="on_dates", at=at, since=first, dates=tuple(first + day * ONE_DAY for day in days))


def _clock(chance: Random) -> time:
    """Take a time of the school day; one in eight is in the evening, or in a night in which clocks change."""
    if chance.random() < 0.12:  # noqa: PLR2004
        return chance.choice((time(0), time(0, 30), time(2, 30), time(21), time(23, 30)))
    return time(chance.randrange(7, 19), chance.choice((0, 15, 30, 45)))


def _plans(
    chance: Random,
    groups: list[Group],
    programs: list[Program],
    people: dict[str, Person],
    days: tuple[datetime, datetime],
) -> list[Planned]:
    """Let people come, go, pause, and begin by themselves."""
    plans: list[Planned] = []
    for group in groups:
        at_home = [name for name in group.members if people[name].zone is None]
        for person in chance.sample(at_home[1:], min(3, max(0, len(at_home) - 1))):
            left_at = _some_tick(chance, days) + A_WHILE
            plans.append(Planned(at=left_at, person=person, wish=Wish.LEAVE, about=group.id))
            if chance.random() < 0.6:  # noqa: PLR2004
                back_at = left_at + timedelta(days=chance.randrange(1, 40))
                plans.append(Planned(at=back_at, person=person, wish=Wish.JOIN, about=group.id))
    for person in chance.sample(sorted(people), len(people) // 5):
        at = _some_tick(chance, days)
        home = next(group for group in groups if person in group.members)
        until = moment_of(at.date() + chance.randrange(2, 15) * ONE_DAY, time(7), people[person].zone or home.zone)
        plans.append(Planned(at=at, person=person, wish=Wish.PAUSE, until=until))
    members = {group.id: group.members for group in groups}
    for _ in range(len(people)):
        program = chance.choice(programs)
        at = _some_tick(chance, days)
        plans.append(Planned(at=at, person=chance.choice(members[program.group]), wish=Wish.BEGIN, about=program.id))
    return sorted(plans, key=lambda plan: (plan.at, plan.person, plan.wish))


def _some_tick(chance: Random, days: tuple[datetime, datetime]) -> datetime:
    begins_at, ends_at = days
    return on_tick(begins_at + chance.random() * (ends_at - begins_at))


def _name(number: int) -> str:
    return f"person-{number:03}"
