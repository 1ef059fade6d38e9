"""What Discord's own furniture says around Mull's words, and the values of options that it treats in its own way."""

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
WRITE_HERE = "You can also just write your answer here."
WRITE_DAY_HERE = "You can also just write the day here, such as Friday."
SUCH_AS_DAY = "Such as Friday, or 2026-11-24."
YOU_SAID = "You said:"
YOU_WROTE = "You wrote:"
SKIPPED = "Skipped."
STOPPED = "You stopped here."
ALL_DONE = "Done."
CHOOSE = "Choose one"
CHOOSE_MANY = "Choose as many as you like"
CHOOSE_PEOPLE = "Choose people"
SPAN = "{first} – {last}"
NUMBERED = "{number} · {name}"
SOMETHING_ELSE = "Something else"
MORE = "More"
EDIT = "Edit"
PAUSE, PAUSE_WORDS = "Pause \N{HORIZONTAL ELLIPSIS}", "pause"

WRITE = "Write your answer"
WRITE_THE_DAY = "Write the day"
WRITE_NUMBER = "Write the number"
WRITE_NUMBERS = "Write the numbers"
IN_OWN_WORDS = "In my own words"

# Cards and posts.
SIZE = "{questions}, {minutes}."
QUESTIONS = "{count} questions"
ONE_QUESTION = "1 question"
MINUTES = "about {count} minutes"
ONE_MINUTE = "about 1 minute"
PART_SAVED = "That part is saved. The next part: {size}"
OPEN = "Open it"
NEXT_PART = "Next part"
CHANGE = "Change it"
REFLECT = "Reflect now"
LATER = "Later"
WHO_READS = "Who reads this?"
ANSWER_NOW = "Answer now"
IS_THERE = "Yes, it's there"
POST_IT = "Post it"
OPEN_UNTIL = "Open until {day} ({when}), and late is welcome."
CALLED = "Something from Mull waits for some of you: {title}."
SEE_MINE = "See mine"
MESSAGE_ME = "Message me too"
NO_MESSAGES = "No more messages"

# Modals.
YOUR_ANSWER = "Your answer"
A_FEW_WORDS = "A few words will do"
A_DAY = "Friday, or 2026-11-24"
A_NUMBER = "The number, or the name"
NUMBERS = "The numbers, with commas between them"
