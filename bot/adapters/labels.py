"""What chat platforms say around Mull's own words, the same on each, and the values of options that they all know."""

from bot.core.events import Control

CONTROLS = {
    Control.SKIP: "Skip",
    Control.BACK: "Back",
    Control.LATER: "Later today",
    Control.TOMORROW: "Tomorrow",
    Control.STOP: "Stop here",
    Control.HELP: "Who reads this?",
}

# Options that every menu may have, as answers name them.
OWN = "own"
CANT_SAY = "cant_say"

# Around a question.
EXAMPLE = "For example: {example}"
YOU_SAID = "You said:"
SKIPPED = "Skipped."
STOPPED = "You stopped here."
ALL_DONE = "Done."
CHOOSE = "Choose one"
CHOOSE_MANY = "Choose as many as you like"
SPAN = "{first} – {last}"
EDIT = "Edit"
PAUSE, PAUSE_WORDS = "Pause \N{HORIZONTAL ELLIPSIS}", "pause"
IN_OWN_WORDS = "In my own words"
A_FEW_WORDS = "A few words will do"

# Cards and posts.
SIZE = "{questions}, {minutes}."
QUESTIONS = "{count} questions"
ONE_QUESTION = "1 question"
MINUTES = "about {count} minutes"
ONE_MINUTE = "about 1 minute"
OPEN = "Open it"
REFLECT = "Reflect now"
LATER = "Later"
WHO_READS = "Who reads this?"
ANSWER_NOW = "Answer now"
IS_THERE = "Yes, it's there"
POST_IT = "Post it"

# Notices.
NAMED = 40
WROTE_ABOUT = "{by} wrote to you about this answer of yours:"
WROTE_BACK = "{by} wrote back about this answer:"
THEIR_WORDS = "They say:"
NEED_NOT_ANSWER = "You can write back, or leave it at that. Both are fine."
WRITE_BACK = "Write back"
SETTLED = "Thanks, settled"
WANTS_AN_ADULT = "{name} wants to talk to an adult"
GO_TO_THEM = "They are in {group}. Please find them, or see that somebody does."
CALLED_AGAIN = "Whoever leads the group is told every 15 minutes, for a day, until one of you says that they go."
ON_MY_WAY = "I go to them"
