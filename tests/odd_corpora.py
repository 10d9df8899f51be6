"""Made-up corpora of kinds that are odd but right to train on: none may be refused or warned of.

``ODD_CORPORA`` maps a kind's name to a function that builds its text, some tens of kilobytes, the
same at every call.  ``OPTIONS`` names the options a user of that kind would give, where there are
any; all others are read by the defaults.
"""

# ruff: noqa: E501
from __future__ import annotations

import random
from collections.abc import Callable
from functools import cache, partial

_NOUNS = [
    "time",
    "year",
    "people",
    "way",
    "day",
    "man",
    "thing",
    "woman",
    "life",
    "child",
    "world",
    "school",
    "state",
    "family",
    "student",
    "group",
    "country",
    "problem",
    "hand",
    "part",
    "place",
    "case",
    "week",
    "company",
    "system",
    "program",
    "question",
    "work",
    "government",
    "number",
    "night",
    "point",
    "home",
    "water",
    "room",
    "mother",
    "area",
    "money",
    "story",
    "fact",
    "month",
    "lot",
    "right",
    "study",
    "book",
    "eye",
    "job",
    "word",
    "business",
    "issue",
    "side",
    "kind",
    "head",
    "house",
    "service",
    "friend",
    "father",
    "power",
    "hour",
    "game",
    "line",
    "end",
    "member",
    "law",
    "car",
    "city",
    "community",
    "name",
    "president",
    "team",
    "minute",
    "idea",
    "body",
    "information",
    "back",
    "parent",
    "face",
    "others",
    "level",
    "office",
    "door",
    "health",
    "person",
    "art",
    "war",
    "history",
    "party",
    "result",
    "change",
    "morning",
    "reason",
    "research",
    "girl",
    "guy",
    "moment",
    "air",
    "teacher",
    "force",
    "education",
    "river",
    "garden",
    "market",
    "bridge",
    "letter",
    "winter",
    "summer",
    "kitchen",
    "window",
    "paper",
    "horse",
    "ship",
    "island",
    "mountain",
    "road",
    "train",
    "doctor",
    "nurse",
    "farmer",
    "soldier",
    "king",
    "queen",
    "painter",
    "singer",
    "engine",
    "signal",
    "surface",
    "pressure",
    "region",
    "valley",
    "harbour",
    "church",
    "castle",
    "forest",
    "field",
    "animal",
    "bird",
    "fish",
    "stone",
    "metal",
    "colour",
    "sound",
    "voice",
    "song",
    "dance",
    "dream",
    "fear",
    "hope",
    "peace",
    "court",
    "judge",
    "witness",
    "trial",
]
_VERBS = [
    "sees",
    "finds",
    "takes",
    "gives",
    "keeps",
    "leaves",
    "calls",
    "asks",
    "needs",
    "becomes",
    "shows",
    "brings",
    "holds",
    "writes",
    "loses",
    "pays",
    "meets",
    "includes",
    "continues",
    "sets",
    "learns",
    "changes",
    "leads",
    "understands",
    "watches",
    "follows",
    "stops",
    "creates",
    "reads",
    "allows",
    "adds",
    "spends",
    "grows",
    "opens",
    "wins",
    "offers",
    "remembers",
    "considers",
    "buys",
    "waits",
    "serves",
    "builds",
    "expects",
    "covers",
    "reaches",
    "passes",
    "sells",
    "requires",
    "reports",
    "decides",
    "pulls",
    "carries",
    "breaks",
    "explains",
    "supports",
    "hits",
    "produces",
    "eats",
    "describes",
    "catches",
    "draws",
    "chooses",
    "causes",
    "helps",
    "starts",
    "moves",
    "plays",
]
_ADJECTIVES = [
    "good",
    "new",
    "first",
    "last",
    "long",
    "great",
    "little",
    "own",
    "other",
    "old",
    "right",
    "big",
    "high",
    "different",
    "small",
    "large",
    "next",
    "early",
    "young",
    "important",
    "few",
    "public",
    "bad",
    "same",
    "able",
    "local",
    "sure",
    "quiet",
    "early",
    "hard",
    "major",
    "better",
    "economic",
    "strong",
    "possible",
    "whole",
    "free",
    "military",
    "true",
    "federal",
    "international",
    "full",
    "special",
    "easy",
    "clear",
    "recent",
    "certain",
    "personal",
    "open",
    "red",
    "difficult",
    "available",
    "likely",
    "short",
    "single",
    "medical",
    "current",
    "wrong",
    "private",
    "past",
    "foreign",
    "fine",
    "common",
    "poor",
    "natural",
    "significant",
    "similar",
    "hot",
    "dead",
    "central",
    "happy",
    "serious",
    "ready",
    "simple",
    "left",
    "physical",
    "general",
    "environmental",
    "financial",
    "blue",
    "democratic",
    "dark",
    "various",
    "entire",
    "close",
    "legal",
    "religious",
    "cold",
    "final",
    "main",
    "green",
    "nice",
    "huge",
    "popular",
    "traditional",
    "cultural",
]
_ADVERBS = [
    "slowly",
    "quickly",
    "often",
    "never",
    "always",
    "rarely",
    "quietly",
    "soon",
    "later",
    "then",
    "again",
    "almost",
    "perhaps",
    "still",
    "once",
    "already",
    "together",
    "finally",
    "really",
    "simply",
    "usually",
    "suddenly",
    "clearly",
]
_LINKS = [
    "and",
    "but",
    "because",
    "although",
    "while",
    "when",
    "where",
    "after",
    "before",
    "until",
    "since",
    "though",
    "if",
]
_PLACES = [
    "London",
    "Paris",
    "Boston",
    "Chicago",
    "Dublin",
    "Madrid",
    "Berlin",
    "Rome",
    "Sydney",
    "Toronto",
    "Oxford",
    "Vienna",
]
_NAMES = [
    "James",
    "Mary",
    "Robert",
    "Linda",
    "John",
    "Susan",
    "Michael",
    "Karen",
    "David",
    "Nancy",
    "William",
    "Lisa",
    "Richard",
    "Betty",
    "Joseph",
    "Helen",
    "Thomas",
    "Sandra",
    "Charles",
    "Donna",
    "Daniel",
    "Carol",
    "Matthew",
    "Ruth",
    "Anthony",
    "Sharon",
    "Mark",
    "Laura",
    "Paul",
    "Sarah",
    "Steven",
    "Anna",
    "Andrew",
    "Emma",
    "George",
    "Alice",
    "Edward",
    "Julia",
    "Peter",
    "Grace",
    "Henry",
    "Rose",
    "Frank",
    "Clara",
]
_SURNAMES = [
    "Smith",
    "Johnson",
    "Brown",
    "Jones",
    "Miller",
    "Davis",
    "Wilson",
    "Moore",
    "Taylor",
    "Anderson",
    "Thomas",
    "Jackson",
    "White",
    "Harris",
    "Martin",
    "Thompson",
    "Robinson",
    "Clark",
    "Lewis",
    "Walker",
    "Hall",
    "Allen",
    "Young",
    "King",
    "Wright",
    "Hill",
    "Scott",
    "Green",
    "Baker",
    "Adams",
    "Nelson",
    "Carter",
    "Mitchell",
    "Roberts",
    "Turner",
    "Phillips",
    "Campbell",
    "Parker",
    "Evans",
]


class Maker:
    """Draws words and sentences; the same seed gives the same ones."""

    def __init__(self, name: str) -> None:
        self.random = random.Random(name)

    def one(self, words: list[str] | str) -> str:
        return self.random.choice(words.split("|") if isinstance(words, str) else words)

    def number(self, least: int, most: int) -> int:
        return self.random.randint(least, most)

    def chance(self, share: float) -> bool:
        return self.random.random() < share

    def phrase(self) -> str:
        article = self.one("the|the|a|this|that|every|another|his|her|our|their")
        adjective = f"{self.one(_ADJECTIVES)} " if self.chance(0.5) else ""
        return f"{article} {adjective}{self.one(_NOUNS)}"

    def clause(self) -> str:
        adverb = f"{self.one(_ADVERBS)} " if self.chance(0.3) else ""
        where = f" {self.one('in|near|behind|under|with|for|without|over')} {self.phrase()}"
        return f"{self.phrase()} {adverb}{self.one(_VERBS)} {self.phrase()}" + (
            where if self.chance(0.6) else ""
        )

    def sentence(self, clauses: int = 0) -> str:
        count = clauses or self.random.choice((1, 1, 2, 2, 3))
        parts = [self.clause() for _ in range(count)]
        text = parts[0]
        for part in parts[1:]:
            text += f"{self.one(', | ')}{self.one(_LINKS)} {part}"
        return text[0].upper() + text[1:] + self.one(".|.|.|.|.|.|?|!")

    def paragraph(self, least: int = 3, most: int = 7) -> str:
        return " ".join(self.sentence() for _ in range(self.number(least, most)))

    def name(self) -> str:
        return f"{self.one(_NAMES)} {self.one(_SURNAMES)}"

    def clock(self) -> str:
        return f"{self.number(0, 23):02}:{self.number(0, 59):02}"

    def date(self) -> str:
        return f"{self.number(1990, 2024)}-{self.number(1, 12):02}-{self.number(1, 28):02}"


Make = Callable[[Maker], str]


def _documents(make: Make, count: int, between: str = "\n\n") -> Make:
    return lambda m: between.join(make(m) for _ in range(count)) + "\n"


def _lines(make: Make, least: int, most: int) -> Make:
    return lambda m: "\n".join(make(m) for _ in range(m.number(least, most)))


def _clinical(m: Maker) -> str:
    return "\n".join((
        f"CHIEF COMPLAINT: {m.one('chest pain|shortness of breath|fever|back pain|headache')}",
        f"HISTORY: Pt is a {m.number(19, 90)} y/o {m.one('M|F')} w/ hx of HTN, DM2. {m.paragraph(2, 4)}",
        f"VITALS: T {m.number(360, 399) / 10} BP {m.number(100, 180)}/{m.number(60, 100)} HR "
        f"{m.number(55, 120)} RR {m.number(12, 24)} SpO2 {m.number(90, 100)}%",
        f"MEDS: metformin {m.number(1, 4) * 250} mg BID; lisinopril {m.number(1, 4) * 10} mg daily",
        f"{m.clock()} {m.sentence()}",
        f"{m.clock()} Pt resting, no acute distress. {m.sentence()}",
        f"ASSESSMENT: {m.paragraph(2, 3)}",
        f"PLAN: 1. {m.sentence(1)} 2. {m.sentence(1)} 3. Follow up in {m.number(1, 8)} weeks.",
        f"Signed: Dr. {m.name()}, {m.date()} {m.clock()}",
    ))  # fmt: skip


def _nursing(m: Maker) -> str:
    return "\n".join(
        f"{m.date()} {m.clock()} RN {m.one(_SURNAMES)}: {m.paragraph(1, 3)}" for _ in range(6)
    )


def _discharge(m: Maker) -> str:
    head = f"Admission Date: {m.date()}  Discharge Date: {m.date()}\nService: {m.one('MEDICINE|SURGERY')}"
    return f"{head}\nBrief Hospital Course:\n{m.paragraph(4, 8)}\nDischarge Instructions:\n{m.paragraph(3, 5)}"


def _tweet(m: Maker) -> str:
    tail = m.one(
        "|#news|#life lol|https://t.co/" + m.one(_NOUNS) + "|@" + m.one(_NAMES).lower() + "|!!"
    )
    return f"{m.sentence(1)} {m.sentence(1) if m.chance(0.6) else ''} {tail}".strip()


def _chat(m: Maker) -> str:
    people = [m.one(_NAMES), m.one(_NAMES)]

    def says():
        return m.one(
            f"ok|lol yes|{m.clause()}|{m.clause()}|{m.sentence(1).lower()}|haha {m.clause()}"
        )

    return "\n".join(f"{people[i % 2]}: {says()}" for i in range(m.number(8, 20)))


def _chat_log(m: Maker) -> str:
    return "\n".join(
        f"[{m.clock()}] <{m.one(_NAMES).lower()}> {m.clause()}" for _ in range(m.number(10, 25))
    )


def _verse(m: Maker) -> str:
    def stanza():
        return "\n".join(
            m.one(
                f"{m.phrase()} {m.one(_VERBS)} {m.phrase()}|{m.phrase()}, {m.phrase()}"
            ).capitalize()
            + m.one(",|,|;||.")
            for _ in range(4)
        )

    return "\n".join(stanza() for _ in range(m.number(3, 6)))


def _sonnet(m: Maker) -> str:
    return (
        "\n".join(m.clause().capitalize() + m.one(",|;|:|,|,") for _ in range(13))
        + f"\n{m.sentence(1)}"
    )


def _haiku(m: Maker) -> str:
    return "\n".join((m.phrase(), f"{m.phrase()} {m.one(_VERBS)} {m.phrase()}", m.phrase()))


def _one_word_poem(m: Maker) -> str:
    return "\n".join(m.one(_NOUNS + _VERBS + _ADJECTIVES) for _ in range(m.number(12, 40)))


def _play(m: Maker) -> str:
    people = [m.one(_NAMES).upper() for _ in range(3)]

    def speech():
        return f"{m.one(people)}.\n{m.paragraph(1, 4)}"

    return f"SCENE {m.number(1, 9)}. {m.phrase().capitalize()}.\n" + "\n".join(
        speech() + (f"\n[Exit {m.one(people)}.]" if m.chance(0.2) else "") for _ in range(12)
    )


def _screenplay(m: Maker) -> str:
    head = f"INT. {m.one(_NOUNS).upper()} - {m.one('DAY|NIGHT')}\n{m.paragraph(1, 3)}"
    return head + "".join(f"\n{m.one(_NAMES).upper()}\n{m.paragraph(1, 2)}" for _ in range(8))


def _recipe(m: Maker) -> str:
    stuff = "flour|sugar|butter|milk|rice|salt|pepper|onions|garlic|tomatoes|cheese|chicken|eggs"
    needs = (f"{m.number(1, 500)} {m.one('g|ml|cups|tbsp|tsp')} {m.one(stuff)}" for _ in range(8))
    steps = (
        f"{i}. {m.one('Mix|Stir|Heat|Cool|Chop|Bake|Fry')} {m.phrase()}. {m.sentence(1)}"
        for i in range(1, 7)
    )
    return "\n".join(
        (
            f"{m.one(_ADJECTIVES).title()} {m.one(stuff).title()} Soup",
            "Ingredients",
            *needs,
            "Method",
            *steps,
        )
    )


def _legal(m: Maker) -> str:
    section = m.number(1, 90)
    parts = (
        f"({chr(97 + i)}) {m.clause()}{m.one(';|;|; and|; or')}" for i in range(m.number(3, 7))
    )
    return (
        f"§ {section}. {m.sentence(1)} The following apply:\n"
        + "\n".join(parts)
        + f"\n{section}.1 {m.paragraph(2, 4)}"
    )


def _contract(m: Maker) -> str:
    return "\n".join(
        f"{i}.{j} The {m.one('Licensor|Licensee|Tenant|Owner')} shall, subject to Section {m.number(1, 9)}, "
        f"ensure that {m.clause()}, provided that {m.clause()}, and that {m.clause()}."
        for i in range(1, 4) for j in range(1, 5)
    )  # fmt: skip


def _patent(m: Maker) -> str:
    return f"{m.paragraph(2, 3)}\nWhat is claimed is:\n" + "\n".join(
        f"{i}. The {m.one(_NOUNS)} of claim {m.number(1, 5)}, wherein {m.clause()}, said {m.one(_NOUNS)} "
        f"being coupled to {m.phrase()}, and wherein {m.clause()}."
        for i in range(1, 9)
    )


def _dna(m: Maker) -> str:
    return "\n".join("".join(m.random.choices("ACGT", k=60)) for _ in range(m.number(15, 40)))


def _dna_words(m: Maker) -> str:
    return "\n".join(
        " ".join("".join(m.random.choices("ACGT", k=6)) for _ in range(40)) for _ in range(8)
    )


def _protein(m: Maker) -> str:
    return "\n".join(
        " ".join(m.random.choices("ACDEFGHIKLMNPQRSTVWY", k=60)) for _ in range(m.number(6, 12))
    )


def _code_mixed(m: Maker) -> str:
    hindi = "bahut|accha|nahi|kya|hai|aur|lekin|matlab|yaar|abhi|kal|ghar|paani|khana|dost"

    def words():
        return " ".join(
            m.one(f"{m.one(hindi)}|{m.one(hindi)}|{m.phrase()}") for _ in range(m.number(6, 14))
        )

    return "\n".join(words().capitalize() + m.one(".|.|?|!") for _ in range(m.number(5, 12)))


def _spanglish(m: Maker) -> str:
    spanish = "la casa|el perro|muy bien|los niños|una mañana|el corazón|mi amigo|por qué"
    return " ".join(
        f"{m.one(spanish).capitalize()} {m.one(_VERBS)} {m.phrase()}, pero {m.one(spanish)} es {m.one(_ADJECTIVES)}."
        for _ in range(9)
    )


def _names(m: Maker) -> str:
    return "\n".join(m.name() for _ in range(m.number(20, 60)))


def _glossary(m: Maker) -> str:
    return "\n".join(f"{m.one(_NOUNS)}: {m.clause()}{m.one('|.')}" for _ in range(15))


def _dictionary(m: Maker) -> str:
    return "\n".join(
        f"{m.one(_NOUNS)} (n.) {m.phrase()}; also, {m.phrase()}. {m.sentence(1)}" for _ in range(12)
    )


def _questions(m: Maker) -> str:
    return "\n".join(f"Q: {m.clause().capitalize()}?\nA: {m.paragraph(1, 3)}" for _ in range(6))


def _quiz(m: Maker) -> str:
    def options():
        return "\n".join(f"{letter}) {m.phrase()}" for letter in "ABCD")

    return "\n".join(f"{i}. {m.clause().capitalize()}?\n{options()}" for i in range(1, 8))


def _review(m: Maker) -> str:
    return f"{m.number(1, 5)} stars. {m.paragraph(2, 6)}"


def _lyrics(m: Maker) -> str:
    chorus = "\n".join(m.clause().capitalize() for _ in range(4))

    def verse():
        return "\n".join(
            m.one(f"{m.clause()}|oh {m.phrase()}, {m.phrase()}").capitalize() for _ in range(6)
        )

    return f"[Verse 1]\n{verse()}\n[Chorus]\n{chorus}\n[Verse 2]\n{verse()}\n[Chorus]\n{chorus}"


def _proverb(m: Maker) -> str:
    return f"{m.clause().capitalize()}."


def _headline(m: Maker) -> str:
    return f"{m.one(_PLACES)} {m.one(_NOUNS)} {m.one(_VERBS)} {m.one(_ADJECTIVES)} {m.one(_NOUNS)}"


def _log_prose(m: Maker) -> str:
    return "\n".join(f"Day {i}. {m.paragraph(2, 4)}" for i in range(1, 12))


def _diary(m: Maker) -> str:
    return f"{m.one('Monday|Tuesday|Friday')}, {m.number(1, 28)} {m.one('May|June|July')} {m.number(1900, 1950)}\nDear Diary,\n{m.paragraph(4, 8)}"


def _letter(m: Maker) -> str:
    return (
        f"Dear {m.name()},\n{m.paragraph(3, 6)}\n{m.paragraph(2, 5)}\nYours sincerely,\n{m.name()}"
    )


def _minutes(m: Maker) -> str:
    items = "\n".join(f"- {m.clause()} ({m.one(_NAMES)})" for _ in range(8))
    return f"Minutes of the meeting of {m.date()}\nPresent: {m.name()}, {m.name()}, {m.name()}\n{items}\n{m.paragraph(2, 4)}"


def _bullets(m: Maker) -> str:
    return f"{m.phrase().title()}\n" + "\n".join(f"• {m.clause()}" for _ in range(m.number(6, 12)))


def _interview(m: Maker) -> str:
    return "\n".join(
        f"{m.one('INTERVIEWER|SUBJECT')}: {m.one('Um, |Well, |So, |')}{m.clause()}, you know, {m.clause()}."
        for _ in range(14)
    )


def _transcript(m: Maker) -> str:
    return "\n".join(
        f"{' '.join(m.one(f'{m.clause()}|um|you know|so {m.clause()}|yeah') for _ in range(8))}"
        for _ in range(5)
    )


def _lower(m: Maker) -> str:
    return m.paragraph(6, 14).lower()


def _upper(m: Maker) -> str:
    return m.paragraph(5, 10).upper()


def _glued(m: Maker) -> str:
    return m.paragraph(6, 12).replace(". ", ".").replace("? ", "?").replace("! ", "!")


def _bible(m: Maker) -> str:
    chapter = m.number(1, 50)
    return "\n".join(
        f"{chapter}:{i} And {m.clause()}, and {m.clause()}{m.one('.|;|:')}" for i in range(1, 20)
    )


def _philosophy(m: Maker) -> str:
    return "\n".join(f"{i}. {m.sentence(3)}" for i in range(1, 12))


def _modernist(m: Maker) -> str:
    return " ".join(f"{m.clause()} {m.one(_LINKS)}" for _ in range(60)) + " yes."


def _math(m: Maker) -> str:
    return " ".join(
        f"Let x = {m.number(1, 9)}y + {m.number(1, 9)}. {m.sentence()} Hence f(x) > {m.number(0, 9)}/{m.number(2, 9)}."
        for _ in range(6)
    )


def _chemistry(m: Maker) -> str:
    return " ".join(
        f"{m.sentence()} Reaction of C{m.number(2, 9)}H{m.number(4, 20)}O{m.number(2, 6)} at {m.number(20, 300)} °C gave {m.number(10, 99)}% yield."
        for _ in range(5)
    )


def _citations(m: Maker) -> str:
    return " ".join(
        f"{m.sentence(2)[:-1]} ({m.one(_SURNAMES)} et al., {m.number(1980, 2023)}; see Fig. {m.number(1, 9)})."
        for _ in range(7)
    )


def _bibliography(m: Maker) -> str:
    return "\n".join(
        f"{m.one(_SURNAMES)}, {m.one('A|B|J|M')}. ({m.number(1950, 2023)}). {m.clause().capitalize()}. {m.one(_PLACES)}: {m.one(_SURNAMES)} Press."
        for _ in range(10)
    )


def _obituary(m: Maker) -> str:
    return f"{m.name()}, {m.number(60, 99)}, of {m.one(_PLACES)}, died {m.one('May|June')} {m.number(1, 28)}. {m.paragraph(3, 6)}"


def _sports(m: Maker) -> str:
    return f"{m.one(_PLACES)} {m.number(0, 5)}-{m.number(0, 5)} {m.one(_PLACES)} ({m.number(10, 90)}')\n{m.paragraph(3, 6)}"


def _weather(m: Maker) -> str:
    return f"TODAY...{m.one('SUNNY|CLOUDY|RAIN')}. HIGHS IN THE {m.number(2, 9)}0S. {m.one('WEST|EAST')} WIND {m.number(5, 30)} MPH. {m.sentence(1).upper()}\nTONIGHT...{m.sentence(1).upper()} LOWS AROUND {m.number(30, 60)}."


def _telegraph(m: Maker) -> str:
    return " STOP ".join(m.clause().upper() for _ in range(m.number(4, 9))) + " STOP"


def _emoji(m: Maker) -> str:
    return "\n".join(f"{m.sentence(1)} {m.one('😀|😂|❤️|👍🏽|🎉|')}" for _ in range(m.number(5, 9)))


def _faq(m: Maker) -> str:
    return "\n".join(
        f"{m.one('How|Why|When')} does {m.phrase()} {m.one('work|change|end')}?\n{m.paragraph(2, 4)}"
        for _ in range(4)
    )


def _manual(m: Maker) -> str:
    return (
        f"NAME\n{m.one(_NOUNS)} - {m.clause()}\nDESCRIPTION\n{m.paragraph(3, 5)}\nOPTIONS\n"
        + "\n".join(f"-{m.one('a|b|c|v')}, --{m.one(_NOUNS)}\n{m.sentence()}" for _ in range(5))
    )


def _abstract(m: Maker) -> str:
    return f"Background: {m.paragraph(1, 3)} Methods: {m.paragraph(2, 3)} Results: {m.paragraph(1, 3)} (p < 0.0{m.number(1, 5)}). Conclusions: {m.paragraph(1, 2)}"


def _product(m: Maker) -> str:
    return f"{m.one(_ADJECTIVES).title()} {m.one(_NOUNS).title()}, {m.number(1, 90)} x {m.number(1, 90)} cm, {m.one('red|blue|green')}. {m.paragraph(1, 4)} SKU {m.number(10000, 99999)}."


def _parallel(m: Maker) -> str:
    return f"{m.sentence(1)}\n{m.sentence(1)}"


def _story_dialogue(m: Maker) -> str:
    return "\n".join(
        f"“{m.clause().capitalize()},” said {m.one(_NAMES)}. “{m.sentence(1)}”" for _ in range(10)
    )


def _numbers(m: Maker) -> str:
    return "\n".join(
        f"{m.sentence(1)} {m.number(1000, 99999):,} of {m.number(1000, 99999):,} ({m.number(1, 99)}.{m.number(0, 9)}%)."
        for _ in range(8)
    )


def _wrapped(m: Maker) -> str:
    import textwrap

    return "\n\n".join(textwrap.fill(m.paragraph(3, 8), 72) for _ in range(8))


def _chinese(m: Maker) -> str:
    words = [
        "我们",
        "他们",
        "今天",
        "北京",
        "学生",
        "老师",
        "学习",
        "历史",
        "文化",
        "城市",
        "天气",
        "非常",
        "喜欢",
        "认为",
        "因为",
        "所以",
        "工作",
        "问题",
        "可以",
        "没有",
        "人民",
        "发展",
        "社会",
        "国家",
        "世界",
    ]

    def clause():
        return "".join(m.one(words) for _ in range(m.number(4, 10)))

    return "\n".join(
        "".join(f"{clause()}，{clause()}{m.one('。|。|？|！')}" for _ in range(m.number(3, 7)))
        for _ in range(3)
    )


def _chinese_verse(m: Maker) -> str:
    characters = "春眠不觉晓处闻啼鸟夜来风雨声花落知多少白日依山尽黄河入海流欲穷千里目更上一层楼"

    def line():
        return "".join(m.random.choices(characters, k=5))

    return "\n".join(f"{line()}，{line()}。" for _ in range(m.number(4, 8)))


def _german(m: Maker) -> str:
    nouns = [
        "der Mann",
        "die Frau",
        "das Kind",
        "der Hund",
        "das Haus",
        "die Stadt",
        "der Garten",
        "die Zeit",
        "das Jahr",
    ]
    verbs = ["sieht", "findet", "liebt", "braucht", "kennt", "verlässt", "hört", "beschreibt"]
    return " ".join(
        f"{m.one(nouns).capitalize()} {m.one(verbs)} {m.one(nouns)}, weil {m.one(nouns)} {m.one(nouns)} {m.one(verbs)}."
        for _ in range(m.number(4, 9))
    )


_MAKERS: dict[str, Make] = {
    "clinical notes": _documents(_clinical, 40),
    "nursing notes": _documents(_nursing, 30),
    "discharge summaries": _documents(_discharge, 25),
    "tweets, a day a document": _documents(_lines(_tweet, 8, 20), 40),
    "chat": _documents(_chat, 50),
    "chat log": _documents(_chat_log, 40),
    "verse": _documents(_verse, 50),
    "sonnets": _documents(_sonnet, 40),
    "haiku": _documents(_haiku, 250),
    "poems of one word a line": _documents(_one_word_poem, 80),
    "plays": _documents(_play, 20),
    "screenplays": _documents(_screenplay, 30),
    "recipes": _documents(_recipe, 50),
    "legal sections": _documents(_legal, 40),
    "contracts": _documents(_contract, 20),
    "patents": _documents(_patent, 25),
    "DNA": _documents(_dna, 20),
    "DNA words": _documents(_dna_words, 20),
    "proteins": _documents(_protein, 30),
    "code-mixed text": _documents(_code_mixed, 50),
    "Spanish and English": _documents(_spanglish, 50),
    "lists of names": _documents(_names, 30),
    "glossary": _documents(_glossary, 30),
    "dictionary": _documents(_dictionary, 30),
    "questions and answers": _documents(_questions, 30),
    "quiz": _documents(_quiz, 30),
    "reviews": _documents(_review, 120),
    "lyrics": _documents(_lyrics, 30),
    "proverbs": _documents(_lines(_proverb, 10, 30), 30),
    "headlines": _documents(_lines(_headline, 15, 40), 30),
    "travel log": _documents(_log_prose, 15),
    "diary": _documents(_diary, 60),
    "letters": _documents(_letter, 40),
    "minutes": _documents(_minutes, 40),
    "bullet points": _documents(_bullets, 60),
    "interviews": _documents(_interview, 30),
    "transcripts without punctuation": _documents(_transcript, 30),
    "lower case": _documents(_lower, 50),
    "upper case": _documents(_upper, 50),
    "no space after stops": _documents(_glued, 50),
    "Bible verses": _documents(_bible, 25),
    "numbered paragraphs": _documents(_philosophy, 25),
    "stream of consciousness": _documents(_modernist, 12),
    "mathematics": _documents(_math, 50),
    "chemistry": _documents(_chemistry, 50),
    "papers with citations": _documents(_citations, 40),
    "bibliographies": _documents(_bibliography, 30),
    "obituaries": _documents(_obituary, 70),
    "sports results": _documents(_sports, 70),
    "weather bulletins": _documents(_weather, 120),
    "telegrams": _documents(_telegraph, 80),
    "emoji": _documents(_emoji, 70),
    "FAQ": _documents(_faq, 30),
    "manual pages": _documents(_manual, 30),
    "abstracts": _documents(_abstract, 60),
    "product descriptions": _documents(_product, 120),
    "two sentences a document": _documents(_parallel, 300),
    "dialogue": _documents(_story_dialogue, 30),
    "figures in prose": _documents(_numbers, 40),
    "Chinese": _documents(_chinese, 60),
    "Chinese verse": _documents(_chinese_verse, 80),
    "German": _documents(_german, 80),
    "reviews, one a line": _documents(_review, 150, "\n"),
    "hard-wrapped book": _documents(_wrapped, 10, "\n\n\n\n"),
}

# What a user of the kind gives besides the defaults.
OPTIONS: dict[str, list[str]] = {
    "reviews, one a line": ["--documents", "line"],
    "hard-wrapped book": ["--sentences", "wrapped"],
}


@cache
def _build(kind: str) -> str:
    return _MAKERS[kind](Maker(kind))


ODD_CORPORA: dict[str, Callable[[], str]] = {kind: partial(_build, kind) for kind in _MAKERS}
