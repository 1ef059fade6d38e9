"""How far an answer goes, to pick the one follow-up question: never shown, never stored.

The ladder (says, shows, links, carries) is made for one to three sentences, after Kember (2008) and
Hatton & Smith (1995). The cues are English and rough; a language without cues gets no probe.
"""

import re

DEEPEST = 4
FEW_WORDS = 6
CARRIES = re.compile(r"\b(next time|from now on|i used to|i'?ll (?:test|try|check)|i will (?:test|try|check))\b")
LINKS = re.compile(r"\b(because|so that|instead|compared|if i had|that'?s why|which meant)\b")
SHOWS = re.compile(
    r"\b(when|after|before|then|until|while|first|yesterday|today|monday|tuesday|wednesday|thursday|friday"
    r"|step|page|question|part|lesson|task|problem|test|draft|code|try)\b"
)
LEAVES_IT = re.compile(
    r"^(i ?d ?k|i don'?t know|dunno|no(pe)?|not (really|sure)|nothing( really| much)?|none( of it)?|no idea|n/?a)?"
    r"[\W_]*$"
)
WORRY = re.compile(
    r"\b((?:hurt|harm|cut|hit|beat)\w* (?:me|myself)|kill\w*|die|dying|dead|suicid\w*|scared of|afraid of"
    r"|hate (?:myself|my life)"
    r"|bull(?:y|ied|ies|ying)|unsafe|nobody likes me)\b"
)


def depth_of(text: str) -> int:
    """Place an answer on the ladder, from 1 (says) to 4 (carries); 0 where no follow-up is right."""
    plain = " ".join(text.casefold().replace("\u2019", "'").split())
    if LEAVES_IT.match(plain) or WORRY.search(plain):
        return 0
    if CARRIES.search(plain):
        return DEEPEST
    if LINKS.search(plain):
        return 3
    return 2 if SHOWS.search(plain) and plain.count(" ") >= FEW_WORDS - 1 else 1
