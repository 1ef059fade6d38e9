"""What Slack's own furniture says around Mull's words, and the values of options that it treats in its own way."""


# Options that every menu may have, as answers name them.

# Around a question.
WRITE = "Write your answer here."
OR_WRITE = "Or write your answer here."
OR_DAY = "You can also write the day, such as Friday."
CHOOSE_DAY = "Choose a day"
DONE_TICKING = "That's it"

# Modals.
NEXT = "Next"
SEND = "Send"
SAVE = "Save"
NOT_NOW = "Not now"
KEEP = "Keep it as it is"
CLOSE = "Close"
MULL = "Mull"
