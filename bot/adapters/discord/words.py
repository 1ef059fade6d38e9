"""What Discord's own furniture says around Mull's words, and the values of options that it treats in its own way."""


# Options that every menu may have, as answers name them.

# Around a question.
WRITE_HERE = "You can also just write your answer here."
WRITE_DAY_HERE = "You can also just write the day here, such as Friday."
SUCH_AS_DAY = "Such as Friday, or 2026-11-24."
YOU_WROTE = "You wrote:"
CHOOSE_PEOPLE = "Choose people"
NUMBERED = "{number} · {name}"
SOMETHING_ELSE = "Something else"
MORE = "More"

WRITE = "Write your answer"
WRITE_THE_DAY = "Write the day"
WRITE_NUMBER = "Write the number"
WRITE_NUMBERS = "Write the numbers"

# Cards and posts.
PART_SAVED = "That part is saved. The next part: {size}"
NEXT_PART = "Next part"
CHANGE = "Change it"
OPEN_UNTIL = "Open until {day} ({when}), and late is welcome."
CALLED = "Something from Mull waits for some of you: {title}."
SEE_MINE = "See mine"
MESSAGE_ME = "Message me too"
NO_MESSAGES = "No more messages"

# Modals.
YOUR_ANSWER = "Your answer"
A_DAY = "Friday, or 2026-11-24"
A_NUMBER = "The number, or the name"
NUMBERS = "The numbers, with commas between them"
