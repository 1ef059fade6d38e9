"""What the desk says and understands in English."""

from collections.abc import Mapping
from datetime import timedelta

from bot.core.runs import Mode
from bot.desk.wording import Calendar, Labels, Wording

WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
# fmt: off
MONTHS = (
    "january", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november",
    "december",
)
NUMBERS = ("one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")
MEANT: Mapping[str, tuple[str, ...]] = {
    "start": ("go", "reflect", "reflect now", "check in", "begin", "what now"),
    "later": ("not now", "later today"),
    "pause": ("quiet", "be quiet", "mute", "snooze", "stop", "holiday", "vacation"),
    "resume": ("start again", "start again now", "unpause", "unmute", "i'm back", "im back"),
    "answers": ("mine", "my answers", "my reflections"),
    "who reads this": ("who-reads-this", "who reads", "who reads my answers", "privacy", "who can read this"),
    "talk to an adult": ("i want to talk to an adult", "talk to adult", "adult", "talk"),
    "review": ("review list", "read answers"),
    "sign in": ("sign-in", "signin", "log in", "login"),
    "group": ("setup", "set up", "set up my team"),
    "group ask": ("ask", "ask the group", "ask my group"),
    "program": ("programs", "schedule", "plan"),
    "when": ("ask me", "my time", "my day", "best time"),
    "news": ("see mine", "new", "what is new", "what waits"),
    "message me": ("message me too", "messages on"),
    "no messages": ("stop messages", "messages off", "no more messages"),
    "feedback": ("give feedback",),
    "leave": ("leave group", "leave the group", "unsubscribe"),
    "come back": ("comeback", "join again"),
    "settings": ("my settings", "preferences"),
    "mode": ("answer mode",),
    "help": ("", "h", "commands", "what can you do"),
    "hello": ("hi", "hey", "hello there", "good morning", "hi mull", "hey mull", "hello mull"),
    "thanks": ("thank you", "thx", "cheers", "great", "ok", "okay"),
}
# fmt: on

ENGLISH = Wording(
    labels=Labels(
        start="Start",
        reflect="Reflect now",
        go="Answer now",
        go_on="Go on",
        answers="My answers",
        all_answers="All my answers",
        older="Show older ones",
        edit="Edit",
        who_reads="Who reads this?",
        pause="Pause",
        until="Pick a day",
        change_date="Change the date",
        resume="Start again now",
        settings="All settings",
        form="Ask all at once",
        dialogue="Ask one by one",
        review="Review answers",
        pages="Open my pages",
        ask_group="Ask the group now",
        new_group="A new group",
        set_up="Set it up",
        message_me="Message me too",
        no_messages="No more messages",
        leave="Leave the group",
        come_back="Come back",
        adult="Talk to an adult",
        tell_adult="Say that I want to talk",
        plan_more="Plan something",
        end_it="End it",
        any_time="Any time is fine",
        write_back="Write back",
        write="Write",
        read="Read",
        sign_in="Sign in a browser",
        let_in="Yes, let me in",
        not_me="Not me",
        help="Help",
    ),
    calendar=Calendar(
        weekdays={name[:length]: n for n, name in enumerate(WEEKDAYS) for length in (3, 4, 5, len(name))},
        full_days=tuple(name.title() for name in WEEKDAYS),
        short_days=tuple(name[:3].title() for name in WEEKDAYS),
        months={name[:length]: n for n, name in enumerate(MONTHS, start=1) for length in (3, 4, len(name))},
        short_months=tuple(name[:3].title() for name in MONTHS),
        fixed={"today": "0", "now": "0", "tomorrow": "1", "next week": "next_week"},
        numbers={"a": 1, "an": 1, **{name: n for n, name in enumerate(NUMBERS, start=1)}},
        units={
            "day": timedelta(days=1),
            "days": timedelta(days=1),
            "week": timedelta(weeks=1),
            "weeks": timedelta(weeks=1),
            "month": timedelta(weeks=4),
            "months": timedelta(weeks=4),
        },
        fillers=frozenset({"until", "till", "to", "for", "on", "of", "the"}),
        coming=frozenset({"next", "this", "coming"}),
    ),
    aliases={alias: matter for matter, known in MEANT.items() for alias in known},
    modes={
        "form": Mode.FORM,
        "all at once": Mode.FORM,
        "dialogue": Mode.DIALOGUE,
        "dialog": Mode.DIALOGUE,
        "one by one": Mode.DIALOGUE,
    },
    pauses=(("1 week", "pause 1 week"), ("2 weeks", "pause 2 weeks")),
    and_=" and ",
    # Starting.
    sent_to_nobody="They are in no group that Mull can ask, so nothing was sent.",
    how_to_join=(
        "You are not in a group yet. Ask whoever leads your team, class or club to set me up in your channel "
        "with {command}."
    ),
    observers_do_not_answer="You look after a group here, so the questions go to the others. See how it is going:",
    also_open="These wait for you too. No rush.",
    which_group="For which group?",
    no_such_flow="I don't know “{flow}” in your group. This is what there is:",
    nothing_to_begin="There is nothing to begin in your group just now.",
    is_over="That one is finished. You can still change what you said.",
    not_your_group="This one is for another group. If you think it is for you too, ask whoever shared it.",
    no_notes="I can't keep that here yet. Ask whoever leads your group to set me up in your channel.",
    no_reviews=(
        "Nobody's work waits for you to look at right now. Feedback goes in rounds, and I tell you when yours comes."
    ),
    # Coming by.
    nothing_waits="Nothing waits for you right now.",
    messages_on="I'll write to you directly when something is for you. “No more messages” ends that at any time.",
    messages_off="I won't write to you directly any more. What is for you waits behind my button in the channel.",
    messages_anyway="I write to you here anyway. To have it quiet for a while, write: pause until Friday.",
    is_messaged="I write to you directly when something is for you.",
    is_not_messaged="I don't write to you directly. What is for you waits behind my button in the channel.",
    # Setting a club up.
    setup_needs_channel="Pick the channel of your club with /mull-setup, and I'll show you what I would do there.",
    setup_is_for="Setting up a club is for those who may manage this server. Ask one of them to run /mull-setup.",
    setup_look="I would set up “{group}”. You lead it and read its answers.",
    setup_by_channel="In it: everybody who presses my button or uses /mull in that channel.",
    setup_by_list="In it: only those whom you list, by a role or one by one.",
    setup_zone="Times are those of {zone}, where it is {time} now.",
    setup_preview="My first post would look like this",
    setup_sure="I can post there. Nothing has been posted yet, and nobody has heard from me.",
    first_post="{asker} asks: {about}",
    no_such_zone="I don't know that time zone. Pick one from the list, for example Europe/Berlin.",
    club_is_set_up=(
        "“{group}” is set up: you lead it and read its answers. Whoever presses my button or uses /mull in the channel "
        "is in it. "
        "I see nothing of what you write to each other, and I ask nothing until you say so."
    ),
    club_is_set_up_listed=(
        "“{group}” is set up: you lead it and read its answers. In it are those on your list, and nobody else. "
        "I see nothing of what you write to each other, and I ask nothing until you say so."
    ),
    note_needs_link="Write the link of what you want to think about after it: /mull note, then the link.",
    nothing_to_put_off="Nothing is open right now, so there is nothing to put off.",
    nothing_to_do="That is done already. There is nothing more to do here.",
    not_now="That can't begin just now. Please try again a little later.",
    did_not_work="That did not work, and it is written down so that somebody can look. Please tell whoever runs Mull.",
    # Answers.
    written_back="Sent. {name} can read it now.",
    write_back_to="{name} wrote: “{text}”",
    your_words="Your words",
    is_settled="Settled. It stays among your answers, and either of you can take it up again.",
    write_about="{name} said: “{said}”",
    is_written="Sent. {name} sees it before the next question, at the latest.",
    is_read="Thank you. It counts as read now, for your colleagues as well.",
    they_are_told="Thank you. They are told that you come, and nobody is called any more.",
    no_answers="Your answers will be here, for you to read and change, once you have answered something.",
    no_more_answers="That is all there is.",
    # Pausing, settings.
    how_long="How long shall I be quiet? I start again by myself.",
    until_when="Until which day shall I be quiet?",
    pause_title="Pause",
    which_day="Which day do you mean? For example “{example}”, “Friday” or “2 weeks”.",
    day_is_over="That day is here already. Which one in the coming weeks do you mean?",
    day_is_far="I can be quiet for up to {weeks} weeks at a time. Which day by then?",
    paused="Paused until {day}. I'll be quiet until then, and nothing is lost.",
    resumed="Good to have you back. Whatever is open waits for you, no rush.",
    is_either="A post in a channel gives you all questions at once; what you begin yourself comes one by one.",
    is_form="You get all questions at once, on one page.",
    is_dialogue="You get one question at a time.",
    form_from_now="From now on you get all questions at once, on one page.",
    dialogue_from_now="From now on you get one question at a time.",
    in_group="You are in “{group}”.",
    # Leading.
    review_is_for="Review is for facilitators: those who lead a group. Your own answers are here.",
    this_week="{count} of {learners} have answered this week.",
    one_this_week="1 of {learners} has answered this week.",
    answered_by="So far: {names}",
    none_this_week="Answers show up here as soon as the first one of this week is in.",
    more_groups="The rest of your groups is on your pages.",
    link_lasts="On your pages you read everything and write back. The link works once, within ten minutes.",
    # Signing in to the pages.
    sign_in_is_for=(
        "Signing in from here is for those who lead a group. Learners come in with their class code and their card."
    ),
    which_code="Open my page in your browser and press “Sign in from a chat”. Which code does it show?",
    the_code="The code, for example 4F7K",
    wants_in="A browser wants to sign in as you: {browser}, code {code}. Is that yours?",
    only_your_own="Say yes only if you see {code} on your own screen right now. Nobody else ever needs you to do this.",
    is_let_in="You are in. Go back to your browser; your pages open there by themselves.",
    stays_outside="Good that you looked. That browser stays outside.",
    if_asked_to_type="Did somebody ask you to type their code? Please tell whoever runs Mull for you.",
    waits_no_more="That browser waits no more. If it was yours, press the button there for a new code.",
    no_such_code="I don't know that code, or it is older than ten minutes. Press the button there for a new one.",
    too_many_codes="That was a lot of codes. Take a breath; in ten minutes you can try again.",
    # Groups.
    group_needs_channel="Run this in the channel of your group: open the channel, then write /mull group there.",
    channel_is_followed="A group follows this channel already, and you are not in it. Ask whoever leads it.",
    group_follows="The group “{group}” follows this channel.",
    led_by="Led by {names}.",
    would_ask="I would ask: {names}.",
    would_ask_nobody="Nobody here is known to me yet, besides you.",
    others="{count} more",
    group_is_set_up=(
        "“{group}” is set up: you lead it and read its answers. Everybody in this channel is in the group, and so is "
        "whoever joins later. I see who is here, never what you write to each other. I ask nothing until you say so."
    ),
    group_follows_now=(
        "“{group}” follows this channel now. Everybody here is in the group, and so is whoever joins later. "
        "I see who is here, never what you write to each other."
    ),
    group_can_be_left="Anybody can pause or leave at any time, without giving a reason.",
    setting_up_is_for=(
        "Setting up a group here is for facilitators and for those who manage this workspace. "
        "Ask one of them to run /mull group."
    ),
    our_group="Our group",
    new_or_known="Shall this channel get a group of its own, or is it one that you lead already?",
    asking_is_for="Asking a group is for those who lead it.",
    group_has_no_channel="This group follows no channel yet. Run /mull group in its channel first.",
    group_is_asked="“{title}” goes to the channel now: one post with a button. Answers come to you.",
    planning_is_for="Planning what a group is asked is for those who lead it.",
    plans_of="That is what “{group}” is asked by itself.",
    plans_nothing="“{group}” is asked nothing by itself yet.",
    plan_what="What shall the group be asked?",
    plan_day="On which day?",
    plan_time="At what time?",
    plan_time_typed="Or write it all yourself: /mull program thursday 15:10",
    next_time="Next: {day}, {time}.",
    habit_week="A habit week",
    is_planned="It is set for “{group}”. {plan}",
    planned_already="That comes already, on these days at this time.",
    never_comes="With your holidays and term dates this would never come, so I did not set it.",
    comes_no_more="It comes no more. What runs already goes on to its end.",
    more_on_pages=(
        "It is open for four days, with one reminder. Other rhythms, holidays and a preview are on your pages."
    ),
    asked_as_it_comes="What your group is asked by itself reaches you when it comes.",
    asked_at="What your group is asked by itself waits for your time: {day}, {time}, if it is still open then.",
    how_to_choose_time="To choose your own time, write a day and an hour: /mull when thursday 16:00",
    any_time=frozenset({"any time", "anytime", "whenever", "off", "any"}),
    nobody_to_ask="Nobody is on the roster yet, so it went to no one.",
    in_no_group="There is no group to leave.",
    leave_which="Which group do you want to leave?",
    leave_sure="Leave “{group}”? I'll ask you nothing more for it. A pause would end by itself.",
    leave_last="Leave “{group}”? Nobody else leads it, so nobody would read its answers. A pause would end by itself.",
    leave_keeps="What you wrote stays, and you can still read and change it. You can come back at any time.",
    has_left="You have left “{group}”. What you wrote stays, and you can still read and change it.",
    left_none="There is no group that you left. If you want to join one, ask whoever leads it.",
    back_to_which="Which group do you want back into?",
    is_back="Welcome back to “{group}”.",
    # Posts.
    post_is_there="Good, then it stays as it is. Thank you for looking.",
    post_again="Thank you for looking. I post it once more.",
    post_is_settled="That is settled already. Thank you.",
    # Who reads, and the way to an adult.
    reads_you="You read the answers of this group and can write back.",
    reads_named="{names} can read your answers and write back.",
    reads_nobody="Whoever leads your group can read your answers and write back.",
    observes_named="{names} can see how many have answered, but not what.",
    reads_always=(
        "Under each question it says who reads that one. What is marked “Only you see this” stays with you. "
        "In a feedback round the question says who sees your work and whether your name is shown."
    ),
    reads_change=(
        "Under “My answers” you can read and change what you said, or take it back, even weeks later. "
        "The earlier version is kept, and whoever reads your answers can see it."
    ),
    reads_kept="Answers are kept until whoever runs Mull for you removes them. No date is set for that.",
    was_read_by="{names} have read yours so far, last {day}.",
    was_read_by_one="{names} has read yours so far, last {day}.",
    was_read_by_more="{count} more",
    was_read_by_none="Nobody has opened yours so far.",
    talk_to_named="Nobody watches this around the clock. Somebody to talk to: {adult}, or any adult you trust.",
    talk_to_any="Nobody watches this around the clock. To talk to somebody, go to any adult you trust.",
    any_adult="You don't have to say why. You can talk to any adult you trust: at home, at school, anywhere.",
    adults_named="In your group there is {names}.",
    adult_besides="Also there for you: {adult}.",
    whoever_leads="whoever leads your group",
    tell_spoken="Tell {names} that I want to talk",
    adult_told=(
        "It's good that you said so. {names} will see that you want to talk: I tell them now, and again every "
        "15 minutes for a day, until somebody says that they come."
    ),
    cant_wait=(
        "Nobody watches this around the clock, and it is no emergency line. "
        "If it can't wait, go to an adult near you now."
    ),
    cant_wait_named=(
        "Nobody watches this around the clock, and it is no emergency line. If it can't wait, go to an adult near you "
        "now, or to {adult}."
    ),
    not_watched=(
        "Nobody watches this around the clock, and it is no emergency line. "
        "If it can't wait, go to an adult near you now."
    ),
    crisis_lines="You can also call or write to:",
    # Help.
    help=(
        "I'm Mull. I ask a few short questions about how you think and work. {names} can read your answers and write "
        "back. There are no marks and no wrong answers."
    ),
    help_nobody=(
        "I'm Mull. I ask a few short questions about how people think and work. "
        "There are no marks and no wrong answers."
    ),
    help_words="You can also write: /mull start, /mull later, /mull answers, /mull pause, /mull settings, /mull leave",
    help_words_leading=(
        "You can also write: /mull start, /mull answers, /mull pause, /mull settings, /mull review, /mull group, "
        "/mull program"
    ),
    hello="Hello!",
    welcome="You're welcome.",
    unknown="I don't know “{words}” yet.",
    # Home.
    home_hello="Hello, I'm Mull",
    home_open="Next: {question}",
    home_invited="“{group}” was asked this. You can answer whenever it suits you.",
    home_free="Nothing is waiting for you",
    home_reflect="You can look back at your week whenever you like.",
    home_answers="My newest answers",
    home_led="My groups this week",
    home_liked="How I ask you",
    home_help="Anything else?",
    no_rush="No rush, later is fine too.",
)
