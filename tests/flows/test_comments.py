"""What a comment on somebody's work lacks, and which ones an adult reads first, by examples."""

import pytest

from bot.flows.comments import Vague, vagueness_of, wants_an_adult_first
from bot.flows.phrases import BY_LANGUAGE

VAGUE = {
    Vague.PRAISE: [
        "cool!",
        "nice",
        "Great job",
        "good job bro",
        "I like it",
        "i liked it",
        "love it!!!",
        "Its good",
        "It\u2019s really really good",
        "really nice work",
        "wow so cool omg",
        "I think this is very good",
        "well done!!",
        "This is the best project ever",
        "awsome poster",
        "ok",
        "\N{THUMBS UP SIGN}",
        "\N{FIRE}\N{FIRE}\N{FIRE}",
        "!!!",
    ],
    Vague.PLACE: [
        "add more detail",
        "needs more details",
        "You need to add more info.",
        "maybe add some examples",
        "more colour",
        "write more",
        "Explain it better please",
        "explain more",
        "it could be more interesting",
        "make it longer",
        "check your spelling",
        "fix the mistakes",
        "good but add more detail",
        "I like it but you could use more examples",
    ],
    Vague.PERSON: [
        "You're so smart",
        "You\u2019re so smart",
        "you are a genius",
        "ur so talented",
        "your so clever",
        "u r really smart",
        "you are lazy",
        "you were careless",
        "You are a good artist.",
        "you're the best!",
        "you are good at drawing",
        "you are a natural",
    ],
    Vague.NUMBER: [
        "10/10",
        "8 out of 10",
        "I give it 9/10 because it is funny",
        "5 stars",
        "I would give you 5 stars",
        "100%",
        "A+",
        "you get an A",
        "this will get a good grade",
        "full marks!",
    ],
    Vague.MANY: [
        "- the title\n- the map\n- the end\n- the colours",
        "1. title\n2. map\n3. end\n4. colour",
        "The map is small; the title is long; the arrows cross; the end is missing.",
        "Make the map bigger. Also the title. Also the arrows cross. Also write where the end is.",
    ],
}
GOOD = [
    "In the first line you say who speaks, so I knew at once.",
    "Good use of arrows",
    "Nice rhyme with moon and spoon",
    "I like the red wheels",
    "I like how the bridge bends and does not break",
    "The wheels are cool because they turn the other way",
    'I like "the moon fell asleep".',
    'I really like "it was fine".',
    "\u201cGreat\u201d comes four times here.",
    "Good idea to show the roots",
    "Add more detail about how the dog got out",
    "Give an example of a bird that can't fly",
    "Explain more why ice floats",
    "You need more arrows between the pump and the tank",
    "Check the spelling of volcano",
    "Fix the mistake in the volcano part",
    "More examples of rivers would help me",
    "You were great when you paused before the last word",
    "You are good at showing who speaks, it is clear in the fight scene",
    "You are slowly building up to the storm",
    "Your best part is the storm",
    "Your really good map made me see the hill",
    "3 out of 4 legs are glued, the last one is loose",
    "5 out of 10 people is the same as half, maybe say half",
    "Your graph says 40% and the text says 50%",
    "You make 3 points and the second has no example",
    "The flag has 50 stars, you drew 48",
    "The question marks are missing in what the dog says",
    "Mark where the water goes in",
    "Even a grade 2 kid could follow the steps",
    "2 plus 3 plus 4 plus 5 is 14, you wrote 15",
    "- the title is clear\n- the map needs a scale\n- try a bigger arrow",
    "The title is clear; the map has no scale.",
    "I didn't get why the king left. You could say what he was afraid of.",
    "maybe put the picture next to the part about lava",
    "the boat tips over bc its too high, try a lower sail",
    "I wonder what happens if you use less sugar",
    "",
]

CRUEL = [
    "you are stupid",
    "ur so dumb",
    "this is trash",
    "It looks like garbage",
    "your drawing is ugly",
    "what a stupid idea",
    "You\u2019re pathetic",
    "thats so gay",
    "u look like a freak",
    "you're fat",
    "loser",
    "trash!!",
    "you are such a loser",
    "Idiot",
    "i hate you",
    "I hate this.",
    "everyone hates you",
    "nobody likes you",
    "you suck",
    "this sucks",
    "shut up",
    "what the f*ck is this",
    "wtf",
    "SH*T drawing",
    "kys",
    "go die",
    "i hope you die",
]
THREATS = [
    "I will hit you",
    "im gonna kill you",
    "we will find you",
    "i'll beat you up",
    "we'll get you after school",
    "wait, I'll get you back",
    "watch your back",
]
PRIVATE = [
    "did your mom make this",
    "your dad is weird",
    "is your family poor",
    "whats your snap",
    "add me on insta",
    "my whatsapp is the same",
    "text me",
    "call 555-1234",
    "0171 2345678",
    "+49 171 2345678",
    "write to ben.k@mail.com",
    "tell me your address",
    "where do you live",
    "come to my house",
    "its our secret",
    "don\u2019t tell anyone",
    "dont tell the teacher",
    "I want to die",
    "i hurt myself",
]
HARMLESS = [
    "The dragon should not die so soon",
    "The wolf could kill the sheep in part two",
    "It takes skill to draw this",
    "The word \u201cstupid\u201d in line 2 is hard, try \u201csilly\u201d",
    "The trash can in the corner looks real",
    "Say where the garbage goes at the end",
    "A rubbish bin would fit on the left",
    "The pig is too fat to fly, that was funny",
    "Milk has 4 g of fat, you wrote 40",
    "The loser of the round goes first, put that in the rules",
    "Fire retardant paint is a good idea for the roof",
    "After the war the money was worthless, say why",
    "A freak wave is a good start",
    "The shiitake soup needs a picture",
    "The title hits you at once",
    "I will get you an example from my poem",
    "I hate it when a story stops before we know who did it",
    "Your house needs a door on this side",
    "Your family tree has no dates",
    "The mother in the story has no name",
    "Don\u2019t tell the reader the end so early",
    "The secret door is my favourite part",
    "Address the reader in the first line",
    "The address of the shop is missing on the flyer",
    "1914-1918 is in the text, 1915 on the map",
    "10 000 000 people, not 1 000 000",
    "People spend two hours on TikTok, where is that from?",
    "A pump sucks the water up, show it with an arrow",
    "The dice roll is not explained",
    "The class follows the arrows well",
    "",
]


@pytest.mark.parametrize(("kind", "comment"), [(kind, one) for kind, many in VAGUE.items() for one in many])
def test_a_vague_comment_is_met_with_its_question(kind: Vague, comment: str) -> None:
    assert vagueness_of(comment) is kind


@pytest.mark.parametrize("comment", GOOD)
def test_a_comment_that_says_something_is_left_alone(comment: str) -> None:
    assert vagueness_of(comment) is None


@pytest.mark.parametrize("comment", [*CRUEL, *THREATS, *PRIVATE])
def test_an_adult_reads_it_first(comment: str) -> None:
    assert wants_an_adult_first(comment)
    assert wants_an_adult_first(f"  {comment.upper()} ")


@pytest.mark.parametrize("comment", [*HARMLESS, *GOOD, *(one for many in VAGUE.values() for one in many)])
def test_nobody_waits_for_an_adult_in_vain(comment: str) -> None:
    assert not wants_an_adult_first(comment)


@pytest.mark.parametrize("comment", [one for one in HARMLESS if one])
def test_what_only_looks_cruel_is_not_vague_either(comment: str) -> None:
    assert vagueness_of(comment) is None


OTHER = "The arrows show where the water goes. Try one more arrow at the pump."


@pytest.mark.parametrize(
    ("comment", "kind"),
    [
        (OTHER, Vague.COPIED),
        ("  the arrows show where the water goes!", Vague.COPIED),
        ("try one more arrow at the pump", Vague.COPIED),
        ("The arrows", None),
        ("The arrows show where the smoke goes.", None),
        ("cool", Vague.PRAISE),
    ],
)
def test_a_comment_from_another_piece_is_recognised(comment: str, kind: Vague | None) -> None:
    assert vagueness_of(comment, OTHER) is kind


def test_a_short_comment_may_come_twice_inside_another_one() -> None:
    assert vagueness_of("cool", "The cool part is the pump.") is Vague.PRAISE
    assert vagueness_of("cool", "Cool!") is Vague.COPIED
    assert vagueness_of("", "") is None


@pytest.mark.parametrize("lang", sorted(BY_LANGUAGE))
def test_every_kind_has_its_question(lang: str) -> None:
    assert BY_LANGUAGE[lang].nudges.keys() == set(Vague)
