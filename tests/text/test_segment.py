from __future__ import annotations

import time
from itertools import pairwise

import numpy as np
import pytest
import regex
from hypothesis import given, settings
from hypothesis import strategies as st

from bertprep.text.punctuation import ASSIGNED, Kind, kind_table, kinds_of
from bertprep.text.segment import Segmenter
from tests.examples_count import of_a_hundred

MODES = ("rules", "wrapped", "lines")


def sentences(text: str, mode: str = "rules") -> list[str]:
    starts, ends = Segmenter(mode)(text)  # type: ignore[arg-type]
    return [text[start:end] for start, end in zip(starts.tolist(), ends.tolist(), strict=True)]


# "|" marks the boundaries; without it the text is one sentence.
LATIN = """
He left. |She stayed.
He left.  |She stayed! |Why? |Nobody knew...
What?! |No way!!! |Really.
"Stop!" he said. |"Why?" |He ran.
He said (and meant it.) |Then he left.
(He left.) |"She stayed." |[They ran.]
He said “Go.” |‘Why?’ she asked.
It cost a lot. |$5 is enough. |- A list. |• An item.
It ended. |(It had begun well.) |1914 came.
Nobody came... |Then they did.
Well... perhaps… not now.
I read it; You did not: He said, So.
Mr. Smith met Dr. Jones and Prof. Brown.
She saw Mrs. Dalloway. |Mr. Ramsay left.
See e.g. Smith, i.e. John, or cf. Brown vs. Green.
They sell apples, pears etc. and more. |They sell apples etc. |He buys.
See No. 7, pp. 5, vol. IV and fig. 3 of Jan. 5.
He said no. |Then he left. |He said no. |I left.
It rained in Jan. |Then it snowed.
The U.S. Army left the U.S. |The army came at 5 p.m. |It left.
Apple Inc. and Acme Ltd. Group met. |He works for Acme Co. |They pay.
Sammy Davis Jr. sang at St. James on St. Patrick's day.
J. R. R. Tolkien met J.R.R. Tolkien and George W. Bush.
It is plan B. |The plan failed at 20 °C. |Ice melted.
It is 3.14 or 1,000.5. |See section 1.2.3 of www.example.com/a.html or a.b@c.org. |It helps.
In 1990. |The war ended in 1945. |He was 31. |He died.
1. The first item. |2. The second item.
A. The answer. |He saw No. 7. |The end.
Is it so (?) The book says [...] Nothing.
Wir sahen z. B. Berlin, d. h. Deutschland, bzw. Bayern.
Am 3. Oktober begann es. |Im 19. Jahrhundert auch. |Er kam als 3. |Dann ging er.
Wir haben Nr. 5 und ca. 20 Mio. Euro usw. |Die Zahl steigt.
„Er kam.“ |„Sie ging!“ |»Wirklich?« |Ja.
He walked slowly. |then he ran. |He met Mr. and Mrs. approx. ten times.
Is it so (?). |The book says (...).
Great food! 😂😂
I like it :) |See you.:-) |It was fun :D |Note: D is (as said above) it.
M. Le Pen et Mme. Dupont sont là. |Né en 50 av. J.-C. à Rome.
« C'est vrai ! » |Elle rit. |« Oui. » |Il part.
Él vino. |¿Por qué? |¡Vamos! |Ñandú.
그는 갔다. |그녀는 남았다.
वह गया। |वह आई।
هل ذهب؟ |نعم ذهب.
""".strip().splitlines()

CJK = """
他走了。|她留下！|为什么？！|没人知道。
他说：“我走了。”|她笑了。
他說：「我走了！」|「好。」|她笑了。
他来了；她走了。
“走吧！”，他说。|（他走了。）|她留下。
你好!|我是小明。|3.14是圆周率。
我不知道……他也不知道。
彼は「行く。」と言った。|彼女は笑った。
何？と彼は言った。|本当に？|そうだ。
もう帰る。|とても遠い。
（笑。）の人。|次の文｡|終わり．|次。
Mr. Smith来了。|He left. |他走了。
""".strip().splitlines()


@pytest.mark.parametrize("marked", LATIN + CJK)
def test_hand_marked(marked: str) -> None:
    assert sentences(marked.replace("|", "")) == [part.strip() for part in marked.split("|")]


# Each in its own language, which the document has to show.
OF_LANGUAGES = """
es|El Sr. García y la Sra. López viven en la Av. Central. |¿qué hacen en los EE. UU.? |Nada.
es|No lo sé. |¿por qué no viene el Dr. Pérez con el niño?
pt|O Sr. Silva não está em casa. |Ele mora na Av. Brasil com a Sra. Souza.
it|Ho visto l'Avv. Rossi e il Dott. Bianchi con la sig.ra Verdi. |Non lo so.
ro|Dl. Popescu și dna. Ionescu sunt la nr. 5. |Nu este aici.
nl|Ik zag dhr. Jansen en mevr. De Vries. |,, Het is niet waar. '' |Hij was er niet.
nl|Het was laat en donker in de stad. |'s Avonds ging hij naar huis.
da|Det var d. 3. Marts, og kong Christian IV. Kongen af det hele var der. |Hvad er det?
no|Jeg så dr. Hansen og prof. Berg på nr. 7. |Det var bra.
sv|Jag såg prof. Berg och dr. Lund på s. 7. |Det var bra.
fi|Hän on jo lähtenyt ja voitti 2–1. |Alankomaat on sijalla 45. |Mutta se on 3. Maailmansota.
sk|Nie je to od 21. 3. - 20. 4. 1990. |Bol to 5. 6. |Zajtra príde.
cs|To je za 5 mld. EUR a také 5 km. |Praha je pryč. |Mám auta atd. |Petr má jen kola apod. a tak.
lt|Jis sako „žinoti teisybę iki galo“. |Tai buvo „ne taip. “ |Jo nėra.
ru|Это были книги, стулья и т. д. |Иванов купил дом за 5 млн. руб. |Петров не был там.
fi|Hän oli prof. Virtanen ja se on nro 5. |Mutta ei nyt.
hu|Ez a IV. Béla király és dr. Nagy úr volt a 3. Ferenc. |Az nem lehet.
pl|To jest prof. Nowak z ul. Długiej, ur. w 1995 r. Warszawa. |Nie ma go.
cs|Byl to dr. Novák, nar. 5. Května v Praze, kap. 3. |Ale to není pravda.
tr|Bu da Prof. Dr. Yılmaz ve 2. Dünya Savaşı için bir kitap. |Ne var?
id|Ini rumah Drs. Ahmad dan Ir. Budi di Jl. Merdeka. |Itu tidak ada.
vi|Đây là nhà của TS. Nguyễn và PGS. Trần ở TP. Hồ Chí Minh. |Tôi không biết.
ru|Это было в г. Москва, где жил проф. Иванов, и на ул. Ленина. |Он не был там.
ru|Он родился в 1995 г. |Она тоже.
uk|Це було в м. Київ, де жив проф. Шевченко, див. с. 5. |Він не був там.
bg|Това е проф. Иванов от ул. Шипка, с. 5. |Той не е тук.
el|Ο κ. Παπαδόπουλος και η κα. Μαρία είναι εδώ. |Πού είναι; |Δεν ξέρω.
el|Είπε «πού είναι»; |Δεν ξέρω; |Ναι.
hy|Սա տուն է: |Նա գնաց. այսինքն հեռացավ։ |Ո՞վ է:
hi|डॉ. राम के घर में हैं।वे श्री. मोहन से मिले। |यह ठीक है।
ta|தி.மு.க. அரசு என். வரதராஜன் உடன் பேசியது. |அவர் வந்தார்.
he|זה של פרופ. כהן. |הוא לא כאן.
ka|ქალაქი დიდია. |მდინარე გრძელია.
ur|یہ گھر ہے۔|وہ نہیں ہے۔
am|ይህ ቤት ነው።|እሱ የለም።
my|ဒါကအိမ်၊ သူမရှိဘူး။|သူသွားပြီ။
bo|བོད་ཡིག་ཡིན། |དེ་ལས།
"""


@pytest.mark.parametrize("marked", OF_LANGUAGES.strip().splitlines())
def test_hand_marked_by_language(marked: str) -> None:
    language, _, marked = marked.partition("|")
    if language == "hi":
        marked = marked.replace("।व", "।|व")
    wanted = [part.strip() for part in marked.split("|")]
    assert sentences(marked.replace("|", "")) == wanted
    if language not in ("bo", "my"):
        starts, _ = Segmenter(language=language)(marked.replace("|", ""))
        assert len(starts) == len(wanted)


MARKS = """
It ended in 1805. [17] |Placed there, it stayed.[3][4] |Then it fell.² |It rose.
He said "Go. " |Then he left. |"Why? " |She ran.
他说。|"你好。"|她走了。|"再见。"|他也走了。
我看了《你好，李焕英！》和《你是谁？我是我。》两部电影。|很好看。
他来了；她走了。|真的……假的？|不知道。
It was so ( ! ) and ended. |It rose.
"""


@pytest.mark.parametrize("marked", MARKS.strip().splitlines())
def test_hand_marked_quotes_notes_and_titles(marked: str) -> None:
    assert sentences(marked.replace("|", "")) == [part.strip() for part in marked.split("|")]


def test_a_language_is_a_property_of_the_document_alone() -> None:
    spanish = "El Sr. García vive en la Av. Central con los niños. Es la casa."
    english = "He lives in the house with no. He said no. Then he left."
    text = f"{english}\n\n{spanish}\n\n{english}"
    documents = np.array([0, len(english) + 2, len(english) + len(spanish) + 4])
    found = Segmenter().segment(text, documents)
    cut = [text[start:end] for start, end in zip(found.starts, found.ends, strict=True)]
    assert cut == [*sentences(english), *sentences(spanish), *sentences(english)]
    assert found.languages == {"es": 1, "en": 2}


def test_line_breaks_end_sentences_in_rules_mode() -> None:
    for line_break in ("\n", "\r\n", "\r", "\u2028", "\u2029", "\x85", "\v", "\f"):
        text = f" Title{line_break}{line_break}a line, {line_break}  and one. And more "
        assert sentences(text) == ["Title", "a line,", "and one.", "And more"]


@pytest.mark.parametrize("line_break", ["\n", "\r\n", "\r"])
def test_only_blank_lines_do_in_wrapped_mode(line_break: str) -> None:
    lines = ["CHAPTER I", "  ", "Mr.", "Smith met", "  her. She", "left.", "", "", "He too."]
    found = sentences(line_break.join(lines), "wrapped")
    assert [" ".join(s.split()) for s in found] == [
        "CHAPTER I", "Mr. Smith met her.", "She left.", "He too."
    ]  # fmt: skip


def test_each_line_is_one_in_lines_mode() -> None:
    assert sentences("A. B! C?\r\n\r\n  d。e \nf", "lines") == ["A. B! C?", "d。e", "f"]


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("text", ["", " ", "\n\n", "\u3000\r\n", "\x1c"])
def test_no_text_no_sentence(text: str, mode: str) -> None:
    assert sentences(text, mode) == []


def test_unknown_mode_is_refused() -> None:
    with pytest.raises(ValueError, match=r"expected one of .*'wrapped'.*got 'words'"):
        Segmenter("words")  # type: ignore[arg-type]


def test_white_space_is_what_str_says() -> None:
    white = kind_table() <= Kind.BREAK
    assert [chr(c).isspace() for c in range(0x110000)] == white.tolist()


# Strings likely to meet the rules, and any others.
PIECES = st.sampled_from(
    [
        *".!?…。！？；\"'”“«»()[]「」‘’-–•`,，と", " ", " ", " ", "  ", "\n", "\r\n", "\n\n", "\r",
        "\u2028", "\u3000", "\x1c", "Mr", "No", "U.S", "e.g", "z. B", "J", "the", "The", "He",
        "am", "3", "1990", "中", "文", "の", "그", "é", "e\u0301", "😀", "\ud800", "\x00", "°C",
    ]
)  # fmt: skip
TEXTS = st.lists(PIECES, max_size=40).map("".join) | st.text(max_size=60)


@settings(max_examples=of_a_hundred(300))
@given(TEXTS, st.sampled_from(MODES))
def test_every_character_is_in_one_trimmed_sentence(text: str, mode: str) -> None:
    starts, ends = Segmenter(mode)(text)  # type: ignore[arg-type]
    assert starts.dtype == ends.dtype == "int64"
    spans = list(zip(starts.tolist(), ends.tolist(), strict=True))
    assert all(start < end and text[start:end].strip() == text[start:end] for start, end in spans)
    assert all(end <= start for (_, end), (start, _) in pairwise(spans))
    found = "".join(text[start:end] for start, end in spans)
    assert "".join(found.split()) == "".join(text.split())


@settings(max_examples=of_a_hundred(300))
@given(TEXTS, TEXTS, st.sampled_from(MODES))
def test_documents_do_not_touch_each_other(one: str, other: str, mode: str) -> None:
    assert sentences(f"{one}\n\n{other}", mode) == sentences(one, mode) + sentences(other, mode)


@settings(max_examples=of_a_hundred(100))
@given(TEXTS)
def test_rules_never_cross_lines(text: str) -> None:
    lines = sentences(text, "lines")
    assert sentences(text) == [sentence for line in lines for sentence in sentences(line)]


STORMS = {
    "dots": "." * 25_000,
    "spaced dots": ". " * 12_500,
    "nested quotes": '("[“' * 3_000 + "so" + '.”]")' * 3_000,
    "closing brackets": "so." + ")" * 60_000,
    "opening brackets": "so. " + "(" * 60_000,
    "no punctuation": "a" * 100_000,
    "no CJK punctuation": "文" * 60_000,
    "spaces": "So. " + " " * 250_000 + "So.",
    "abbreviations": "Mr. No. U.S. e.g. " * 1_000,
    "initials": "J. " * 4_000,
    "numbers": "1. " * 4_000,
    "CJK stops": "。" * 25_000,
    "accents": "a" + "\u0301" * 60_000 + ". A",
}


@pytest.mark.slow
@pytest.mark.parametrize("name", STORMS)
def test_time_is_linear(name: str) -> None:
    def seconds(text: str) -> float:
        begin = time.process_time()
        Segmenter()(text)
        return time.process_time() - begin

    text = STORMS[name]
    # Four times the text: 16 times the time if quadratic; the rest, and a second go, is for noise.
    assert any(seconds(text * 4) < 9 * seconds(text) + 0.02 for _ in range(3))


@pytest.mark.slow
def test_every_character_has_its_kind() -> None:
    beyond = set(range(0x110000)).difference(*ASSIGNED)
    assert not regex.search(r"[^\p{Cn}\p{Co}]", "".join(map(chr, beyond)))
    assert kind_table()[[ord("a"), ord("語"), 0x3FFFF, 0xE0100, 0xF0000]].tolist() == [
        Kind.LOWER,
        Kind.WIDE,
        Kind.OTHER,
        Kind.ACCENT,
        Kind.OTHER,
    ]


@given(text=st.text(st.sampled_from("a. B\u3002\U0001f600\n!\ud800"), max_size=30))
def test_characters_are_looked_up_in_parts(text: str) -> None:
    assert kinds_of(text, at_once=3).tolist() == kinds_of(text).tolist()


def test_a_page_may_end_within_a_sentence() -> None:
    text = "The cat\n\fsat on the\nmat. It\fslept.\n\n\fNext.\n\f\nLast"
    for mode, expected in (
        ("wrapped", ["The cat\n\fsat on the\nmat.", "It\fslept.", "Next.", "Last"]),
        ("rules", ["The cat", "sat on the", "mat.", "It", "slept.", "Next.", "Last"]),
    ):
        starts, ends = Segmenter(mode)(text)
        assert [text[a:b] for a, b in zip(starts, ends, strict=True)] == expected


def test_lines_end_at_a_line_feed_and_nothing_else() -> None:
    text = "One\x0btwo\x0cthree\x85four\u2028five\u2029six\rseven\x1c.\r\nEight.\n\nNine"
    starts, ends = Segmenter("lines")(text)
    found = [text[start:end] for start, end in zip(starts, ends, strict=True)]
    assert found == [line.strip() for line in text.split("\n") if line.strip()]
