"""What a comment on somebody's work still lacks, and what a facilitator should read before its author does.

The kinds follow the house rules for peer feedback; the cues are English and rough, so a nudge can always be passed
over: checkers err, and pupils often overrule a right one (Nguyen, Xiong & Litman 2017). Where a cue may be part of a
good comment it is left alone: a needless nudge costs more trust than a missing one.
"""

import re
from enum import StrEnum

OTHER_COMMENTS = "other_comments"
"""Under this name a program hands over what the same person wrote about another piece."""

WORDS_OF_A_COPY = 4
"""Shorter comments may well come twice."""

SEVERAL = 4


class Vague(StrEnum):
    """What one question could still bring out."""

    PRAISE = "praise"
    PLACE = "place"
    PERSON = "person"
    NUMBER = "number"
    MANY = "many"
    COPIED = "copied"


def _words(*lists: str) -> frozenset[str]:
    return frozenset(" ".join(lists).split())


PRAISE = _words(
    "cool nice great good lovely super awesome awsome amazing perfect fine ok okay wow best neat epic beautiful",
    "excellent fantastic incredible brilliant love loved like liked well done yes yay interesting",
)
FILLERS = _words(
    "a an and are at be bro but dude ever for gg guys haha have i i'm is it its it's i've job just keep lol lot lots",
    "make man mate me more much my not omg of one pretty quite really seen so that that's the they think this to too",
    "totally u up ur very was way were what with you you've your",
    "art drawing essay idea model picture piece poem poster project story stuff text thing work",
)
"""Words that say nothing about a piece: what is left without them is what the comment is about."""

WISH = re.compile(
    r"\b(?:(?:add|put|give|use|needs?|want|include|write)\s+(?:in\s+)?(?:some\s+|a\s+bit\s+|a\s+lot\s+|much\s+)?)?more"
    r"(?:\s+(?:details?|information|info|examples?|explanations?|explaining|specific|interesting|colou?rs?|facts))?\b"
    r"|\b(?:add|give|needs?|include)\s+(?:some\s+)?(?:details?|information|info|examples?|explanations?)\b"
    r"|\b(?:explain|describe|make)\s+(?:it|this)\s+(?:better|longer|clearer|nicer|more)\b"
    r"|\b(?:fix|check)\s+(?:the\s+|your\s+|ur\s+)?(?:mistakes?|errors?|spelling|grammar)\b"
    r"|\bexplain\s+(?:more|better)\b"
)
WISHING = _words("maybe could should can need needs please add be would better bit some try if had")
QUOTED = re.compile(r"[\"“”«»]")

YOU_ARE = r"\b(?:(?:you|u)(?:'re| are| were| r)?|youre|ur|your(?= (?:so|such|a|an)\b))\s+"
VERY = r"(?:(?:so|really|very|such|always|a|an|the|just|too|quite|most|super)\s+)*"
PERSON = re.compile(
    rf"{YOU_ARE}{VERY}(?:smart|clever|talented|gifted|genius|lazy|dumb|stupid|careless|natural|idiot)\b"
)
PERSON_AS_A_WHOLE = re.compile(
    rf"{YOU_ARE}{VERY}(?:brilliant|bad|good|great|slow|best|star|weird|amazing|awesome|perfect|pro)\b"
    r"(?:\s+(?:at\s+\w+|artist|writer|builder|painter|coder|person|student))?\s*(?:[.!]|$)"
)
RATES = r"(?:give|gave|giving|get|gets|rate|score|worth)\b[^.!?\d]{0,20}"
NUMBER = re.compile(
    r"\b\d{1,3}\s*(?:/|out of)\s*(?:5|6|10|20|100)(?=\s*(?:$|[.!?,;:)]|from|for|because|bc|cuz|but|and|imo))"
    rf"|\b{RATES}\d{{1,3}}\s*(?:points?|stars?|%|percent)"
    r"|^\W*\d{1,3}\s*(?:points?|stars?|%)\W*$"
    rf"|\b{RATES}an?\s+[a-f][+-]?(?=\s|$|[.!,])"
    r"|(?:^|\s)[abcdf]\s?\+(?=\s|$|[.!,])"
    r"|\b(?:good|bad|better|best|high|low|top|full|perfect)\s+(?:grades?|marks?)\b"
)
BULLET = re.compile(r"(?:^|\n)\s*(?:[-*•]|\d[.)])\s+")
AND_THEN = re.compile(r";\s|\balso\b|\banother thing\b|(?:^|[.!?,]\s+)plus\b")

THING = r"work|drawing|story|project|poem|essay|text|model|poster|idea|design|one|whole|thing|picture|art|face"
LINK = (
    "is|are|was|were|am|r|looks?|sounds?|so|really|very|just|a|an|such|kinda|totally|too|like|total|absolute|super"
    rf"|{THING}"
)
INSULT = (
    r"stupid|dumb|ugly|trash|garbage|rubbish|crap|losers?|pathetic|worthless|freaks?|disgusting|embarrassing|gay|lame"
    r"|useless|brainless"
)
UNKIND = re.compile(
    r"\b(?:idiot\w*|morons?|retards?|retarded|b[i*]tch\w*|sh[i*]t(?!ake)\w*|f[u*]ck\w*|fck\w*|wtf|stfu|shut up|kys)\b"
    rf"|\b(?:you|u|ur|your|you're|youre|this|that|thats|that's|it|its|it's|they|he|she)\s+(?:(?:{LINK})\s+)*(?:{INSULT})\b"
    rf"|\b(?:what an?\s+)?(?:stupid|dumb|ugly|crap|lame)\s+(?:{THING})\b"
    rf"|^\W*(?:so\s+|really\s+)?(?:{INSULT})\W*$"
    r"|\b(?:you|u|ur|you're|youre|he|she)\s+(?:(?:is|are|r|look|so|too|really)\s+)*fat\b"
    r"|\bhates?\s+(?:you|u|your)\b|\bhate\s+(?:this|it)\s*(?:$|[.!])|\b(?:you|u|this|it)\s+sucks?\b"
    r"|\b(?:nobody|no one|everyone|everybody|we all)\s+(?:likes?|hates?|laughs? at)\s+(?:you|u)\b"
    r"|\bgo\s+(?:and\s+)?die\b|\b(?:hope|wish|should|can)\s+(?:(?:you|u|just)\s+)*die\b|\bdrop dead\b"
    r"|\bkill\s+(?:you|u|him|her|them|yourself|urself|your self)\b"
    r"|\b(?:i|we|he|she|they)(?:'ll|'m| will| am| are)?\s+(?:(?:gonna|going to|will)\s+)?"
    r"(?:beat|hit|hurt|punch|smash|find)\s+(?:you|u)\b"
    r"|\b(?:get|find|wait for|see|meet)\s+(?:you|u)\s+after\s+(?:school|class)\b|\bget you back\b|\bwatch your back\b"
)
SOCIAL = r"snap(?: ?chat)?|insta(?:gram)?|whats ?app|tik ?tok|discord"
PRIVATE = re.compile(
    r"\b(?:your|ur)\s+(?:mum|mom|mama|dad|mother|father|parents|religion)\b"
    r"|\b(?:your|ur)\s+family\b(?!\s+(?:tree|poster|album|recipe|history|photo))"
    r"|\bphone number\b|\b(?:my|your|ur|home)\s+address\b|\bwhere (?:do )?you live\b|\b(?:my|to your|ur) house\b"
    rf"|\b(?:my|your|ur)\s+(?:{SOCIAL})\b|\b(?:add|follow|text|message|dm)\s+(?:me|u)\b"
    r"|\bour secret\b|\bkeep (?:it|this) (?:a )?secret\b"
    r"|\b(?:don't|dont|do not) tell (?:any|nobody|no one|(?:the |your )?teacher|mrs?\b|ms\b|miss\b)"
    r"|\b(?:kill|hurt|hurting|cut|cutting)\s+myself\b|\bi (?:want to|wanna) die\b"
    r"|[\w.+-]+@[\w-]+\.\w+|\+\d[\d ()-]{7,}|\b0\d[\d /-]{6,}\d\b|\b\d{3}[-. ]\d{3}[-. ]\d{4}\b|\b\d{3}-\d{4}\b"
)


def vagueness_of(comment: str, other: str = "") -> Vague | None:
    """Say what a comment lacks most; `other` is what the same person wrote about another piece."""
    text = _plain(comment)
    if _is_copied(text, _plain(other)):
        return Vague.COPIED
    if NUMBER.search(text):
        return Vague.NUMBER
    if PERSON.search(text) or PERSON_AS_A_WHOLE.search(text):
        return Vague.PERSON
    if not QUOTED.search(text):
        words = _split(text)
        if not words - FILLERS - PRAISE and (words & PRAISE or not words) and text:
            return Vague.PRAISE
        if WISH.search(text) and not _split(WISH.sub(" ", text)) - FILLERS - PRAISE - WISHING:
            return Vague.PLACE
    folded = comment.casefold()
    points = max(len(BULLET.findall(folded)), len(AND_THEN.findall(folded)) + 1)
    return Vague.MANY if points >= SEVERAL else None


def wants_an_adult_first(comment: str) -> bool:
    """Say whether a comment may hurt, threaten or touch somebody's private life: a facilitator reads it first."""
    text = _plain(comment)
    return bool(UNKIND.search(text) or PRIVATE.search(text))


def _is_copied(text: str, other: str) -> bool:
    mine, theirs = (" ".join(re.findall(r"[\w']+", one)) for one in (text, other))
    if not mine:
        return False
    return mine == theirs or (len(mine.split()) >= WORDS_OF_A_COPY and f" {mine} " in f" {theirs} ")


def _split(text: str) -> frozenset[str]:
    return frozenset(re.findall(r"[^\W_]+(?:'[^\W_]+)*", text))


def _plain(text: str) -> str:
    return " ".join(text.casefold().replace("\N{RIGHT SINGLE QUOTATION MARK}", "'").split())
