"""The words the linter looks for: data of `wording`, after the house rules for prompts."""

from dataclasses import dataclass

MOMENT = (
    r"today|now|tonight|yesterday|tomorrow|(?:mon|tues|wednes|thurs|fri|satur|sun)day|morning|afternoon|week|term"
    r"|lesson|meeting|(?:next|last|this|first) time|since|before|after|during|when|while|just|so far|moment"
)
"""Words that tie a question to a time or a thing (L1)."""

CUE = r"when|where|time|place|day|lesson|meeting|point|moment|sign|notice|tell you|as soon as|before|after"
"""Words that ask for a cue one can notice (L8)."""

SECOND_ASK = (
    r"(?:and|or) (?:what|why|how|when|where|which|who|whom|did|does|do|was|were|is|are|can|could|will|would"
    r"|has|have|had|say|tell|name|explain|describe)"
)

LEADING = (
    r"how (?:much|well|far|greatly) (?:did|does|do|has|have)\b[^.?!]*\bhelp\w*"
    r"|(?<!why )(?:do|did|is|was|are|were|wo|would|could|ca)n['’]t (?:you|it|that|this|they)\b"
    r"|of course|surely|obviously|as you know"
)
PRAISE = (
    r"great job|good job|well done|good work|amazing|awesome|wonderful|fantastic|brilliant|excellent|superb|perfect"
)
TRAIT = r"are you good at|how (?!sure\b)\w+ are you|usually|always|in general|generally|typically|often"
WHY_AFTER_SETBACK = r"why (?:did|didn['’]t|do|don['’]t) you|why (?:were|weren['’]t|are|aren['’]t) you"
PRESSING = (
    r"must|should(?! (?:we|i)\b)|need to|needs to|have to|has to|make sure|required|compulsory"
    r"|you (?:have |['’]ve )?missed|you haven['’]t|not answered|overdue"
    r"|your (?:mark|grade|score|rank)s?|streaks?|leaderboard"
)
TOO_MUCH = r"in detail|at least|as much as you can|at length"
AGREE = r"(?:strongly )?(?:dis)?agree(?:s|d)?"
NOT_A_PILOT = r"pilots?|piloting|piloted|initiatives?|roll(?:ed|s|ing)?[- ]?outs?|rolling out"

IDIOMS = (
    "hit the wall|piece of cake|on track|off track|outside the box|in a nutshell|bite the bullet|break the ice"
    "|learn the ropes|under the weather|on the same page|get the ball rolling|hang in there|cut corners"
    "|game[- ]changer|low[- ]hanging fruit|deep dive|touch base|take[- ]?aways?|light ?bulb moment|aha moment"
    "|back to square one|ballpark|up in the air|your head around|on your feet|hard nut|blow your mind"
    "|through your mind|crossed your mind|rule of thumb|big picture|stepping stone|give it a shot|on the fence"
    "|move the needle|circle back|food for thought|out of your depth|comfort zone|extra mile|drop the ball"
    "|up your sleeve|by heart|all clear|knuckle down|the devil is in"
)

LONG_AGO = {
    "8-10": r"(?:last|this|past) (?:week|month|term|semester|year)|yesterday|in the last \w+ (?:days|weeks|months)",
    "11-13": r"(?:last|this|past) (?:month|term|semester|year)|in the last \w+ (?:weeks|months)",
}
"""How far back the younger ones are not asked to look."""

REPLACED = {
    r"metacogniti\w*": "your own thinking",
    r"strateg(?:y|ies|ic)": "way of working",
    r"reflect(?:s|ed|ing)? on": "look back at",
    r"articulate[sd]?": "say",
    r"demonstrat(?:e|es|ed|ing)": "show",
    r"criteri(?:a|on)": "what good work does",
    r"evidence": "where you saw it",
    r"self[- ]assess\w*": "judge your own work",
    r"collaborat\w*": "work together",
    r"perspectives?": "point of view",
    r"interdependen\w*": "together",
    r"perseve?r\w*": "keep going",
    r"utili[sz]\w*": "use",
    r"implement\w*": "do",
    r"facilitat\w*": "lead",
    r"feedback loops?": "say what is meant",
    r"scaffold\w*": "say what is meant",
    r"formative\w*": "say what is meant",
    r"agency": "say what is meant",
    r"competenc(?:y|e|ies|es)": "say what is meant",
    r"rigou?r\w*": "say what is meant",
    r"leverag\w*": "say what is meant",
    r"stakeholders?": "say what is meant",
    r"outcomes?": "say what is meant",
    r"growth mindset": "say what is meant",
}

HABITS = (
    "Persisting",
    "Managing impulsivity",
    "Listening with understanding and empathy",
    "Thinking flexibly",
    "Thinking about your thinking",
    "Striving for accuracy",
    "Questioning and problem posing",
    "Applying past knowledge to new situations",
    "Thinking and communicating with clarity and precision",
    "Gathering data through all senses",
    "Creating, imagining, innovating",
    "Responding with wonderment and awe",
    "Taking responsible risks",
    "Finding humor",
    "Thinking interdependently",
    "Remaining open to continuous learning",
)
"""Names of the sixteen habits (Costa & Kallick 2009): a name may stand, whatever words it holds."""

PROTECTED = {
    "family": r"famil\w*|mums?|moms?|dads?|parent\w*|mother\w*|father\w*|sister\w*|brother\w*|divorc\w*",
    "home": r"homes?|house\w*|bedroom\w*",
    "money": r"money|afford\w*|jobs?|salar(?:y|ies)|income\w*|wages?|rent",
    "religion": r"church\w*|mosque\w*|synagogue\w*|temple\w*|pray\w*|faith\w*|gods?|religio\w*",
    "politics": r"vot(?:e|es|ed|ing)|part(?:y|ies)|politic\w*|election\w*",
    "mental health": r"therap\w*|depress\w*|anxi\w*|suicid\w*|panic\w*",
    "health and body": r"pills?|hurt\w*|body|bodies|weight\w*|diagnos\w*|illness\w*|diet\w*|medic\w*",
    "what the law forbids": r"drunk\w*|vap(?:e|es|ed|ing)|drug\w*|alcohol\w*|arrest\w*|police\w*|steal\w*|stole\w*",
    "love and sex": r"boyfriend\w*|girlfriend\w*|sex\w*|dating",
    "somebody's confidence": r"doctors?|lawyers?|priests?|imams?|pastors?|rabbis?",
    "origin": r"passports?|visas?|refugee\w*|immigra\w*|deport\w*|mother tongue|native language",
    "somebody else's faults": r"whose fault|who let you down|who annoyed you|worst memor\w*",
}
"""Stems that may touch what schools keep off (PPRA's eight, and the house's own): false alarms are expected."""


@dataclass(frozen=True, slots=True)
class Limits:
    """What one age band can take: words in an ask and in a sentence, open asks a run, scale points, reading grade."""

    ask: int
    sentence: int
    open_asks: int
    points: tuple[int, ...]
    grade: int


BANDS = {
    "8-10": Limits(ask=12, sentence=10, open_asks=1, points=(3,), grade=3),
    "11-13": Limits(ask=16, sentence=12, open_asks=2, points=(4, 5), grade=5),
    "14-18": Limits(ask=20, sentence=15, open_asks=2, points=(5,), grade=6),
    "adults": Limits(ask=25, sentence=20, open_asks=3, points=(5,), grade=7),
}
