"""What people did in a group, in words: `{whom}` stands for those it was about."""

from typing import assert_never

from bot.storage.audit import Deed, Done

READ = "read answers of {whom}"
EXPORTED = "took answers of {whom} along as a file"
PRINTED = "opened the answers of {whom} for printing"
PAPER = "paper"

CHANGES = {
    "GroupCreated": "made the group",
    "GroupChanged": "changed the settings",
    "GroupFollows": "let the group follow a channel",
    "PeopleEnrolled": "put {whom} on the roster",
    "CardRenewed": "made a new card for {whom}",
    "MemberRemoved": "took {whom} off the roster",
    "MembersKeptApart": "changed who is kept apart",
    "FlagResolved": "noted that somebody who wanted an adult was talked to",
    "ProgramSet": "set what comes by itself",
    "ProgramEnded": "took something off the schedule",
    "CalendarSet": "changed the days without school",
    "check_in": "asked the group",
    "habit_of_week": "began a habit week",
    "habit_of_week.announce": "ended the vote on a habit",
    "habit_of_week.move_on": "moved a habit week on",
    "habit_of_week.skip": "ended a habit week early",
    "peer_exchange": "began a feedback round",
    "peer_exchange.release": "let a held comment go to its author",
    "peer_exchange.return": "asked for other words in a comment",
    "peer_exchange.keep_back": "kept a comment back",
    "peer_exchange.pair_now": "paired a round before its time",
    "peer_exchange.close": "ended a feedback round",
    "peer_exchange.remind": "reminded {whom} of a round",
}
"""What somebody changed: the name of an event, a program's kind where one was begun, or one of its steps."""


def in_words(done: Done) -> str:
    """Say what somebody did, to go on after their name."""
    return _words(done).format(whom=_whom(done))


def _words(done: Done) -> str:
    match done.deed:
        case Deed.READ:
            return READ
        case Deed.EXPORTED:
            return PRINTED if done.what == PAPER else EXPORTED
        case Deed.CHANGED:
            return CHANGES[done.what]
        case _:
            assert_never(done.deed)


def _whom(done: Done) -> str:
    return done.person or "somebody" if done.people == 1 else f"{done.people} people"
