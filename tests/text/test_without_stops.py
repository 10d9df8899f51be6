"""Text that no rule ends is cut into sentences all the same, and rows are made of all of it."""

from __future__ import annotations

from itertools import accumulate
from random import Random

import pytest
import regex
from hypothesis import given
from hypothesis import strategies as st

from bertprep.text.segment import Segmenter
from bertprep.text.without_stops import cut_points
from bertprep.vocabulary.vocabulary import Vocabulary
from tests.report.figures import manifest_of

SPECIAL = ("[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]")
# Some words of each script, and what stands between two: nothing where none is written.
SCRIPTS: dict[str, tuple[str, str]] = {
    "Latin without stops": ("the people of this valley never asked where rivers begin or end", " "),
    "Cyrillic": ("все люди рождаются свободными и равными в своем достоинстве", " "),
    "Greek": ("όλοι οι άνθρωποι γεννιούνται ελεύθεροι και ίσοι στην αξιοπρέπεια", " "),
    "Georgian": ("ყველა ადამიანი იბადება თავისუფალი და თანასწორი თავისი ღირსებით", " "),
    "Armenian": ("բոլոր մարդիկ ծնվում են ազատ ու հավասար իրենց արժանապատվությամբ", " "),
    "Hebrew": ("כל בני האדם נולדו בני חורין ושווים בערכם ובזכויותיהם", " "),
    "Arabic": ("يولد جميع الناس أحرارا متساوين في الكرامة والحقوق وقد وهبوا عقلا", " "),
    "Amharic": ("የሰው ልጅ ሁሉ ሲወለድ ነጻና በክብርና በመብትም እኩልነት ያለው ነው", " "),
    "Devanagari": ("सभी मनुष्यों को गौरव और अधिकारों के मामले में जन्मजात स्वतन्त्रता", " "),
    "Bengali": ("সমস্ত মানুষ স্বাধীনভাবে সমান মর্যাদা এবং অধিকার নিয়ে জন্মগ্রহণ করে", " "),
    "Tamil": ("மனிதப் பிறவியினர் சகலரும் சுதந்திரமாகவே பிறக்கின்றனர் அவர்கள்", " "),
    "Hangul": ("모든 인간은 태어날 때부터 자유로우며 그 존엄과 권리에 있어 동등하다", " "),
    "Hangul without spaces": ("모든 인간은 태어날 때부터 자유로우며 그 존엄과 권리에 있어", ""),
    "Tibetan": ("འགྲོ བ མི རིགས ཡོངས ལ སྐྱེས ཙམ ཉིད ནས ཆེ མཐོངས དང", "་"),
    "Thai": ("มนุษย์ ทั้งหลาย เกิดมา มีอิสระ และ เสมอภาค กัน ใน เกียรติศักดิ์", ""),
    "Lao": ("ມະນຸດ ເກີດມາ ມີ ສິດເສລີພາບ ແລະ ສະເໝີໜ້າ ກັນ ໃນ ທາງ", ""),
    "Khmer": ("មនុស្ស ទាំងអស់ កើតមក មាន សេរីភាព និង ភាពស្មើគ្នា ក្នុង", ""),
    "Burmese": ("လူတိုင်း သည် တူညီ လွတ်လပ်သော ဂုဏ်သိက္ခာ ဖြင့် လည်းကောင်း", ""),
    "Japanese": ("すべて の 人間 は 生まれ ながら に して 自由 で あり 平等 で ある", ""),
    "Chinese": ("人人 生而 自由 在 尊严 和 权利 上 一律 平等 他们 赋有 理性", ""),
}
UNSPACED_PHRASE = 9  # words between two spaces, where words have none


def text_of(script: str, documents: int = 12, paragraphs: int = 4) -> str:
    """Documents without one stop."""
    words, between = SCRIPTS[script]
    random = Random(script)

    def phrase() -> str:
        return between.join(random.choices(words.split(), k=UNSPACED_PHRASE))

    def paragraph() -> str:
        phrases = " ".join(phrase() for _ in range(random.randint(6, 14)))
        return (
            phrases
            if between or script in ("Thai", "Lao", "Khmer", "Burmese")
            else (phrases.replace(" ", ""))
        )

    return "\n\n".join("\n".join(paragraph() for _ in range(paragraphs)) for _ in range(documents))


def vocabulary_of(text: str, known: list[str]) -> Vocabulary:
    """The known words, within longer ones too, and the text's letters to spell the others."""
    words = regex.findall(r"[^\s\p{P}\p{Han}]+|[\p{P}\p{Han}]", text)
    letters = sorted({letter for word in words for letter in word})
    pieces = [*letters, *sorted({word for word in known if len(word) > 1})]
    tokens = [*SPECIAL, *pieces, *(f"##{piece}" for piece in pieces)]
    return Vocabulary(tuple(tokens), lowercase=False)


def sentences(text: str, mode: str = "rules") -> list[str]:
    starts, ends = Segmenter(mode)(text)  # type: ignore[arg-type]
    return [text[start:end] for start, end in zip(starts.tolist(), ends.tolist(), strict=True)]


@pytest.mark.parametrize("script", SCRIPTS)
def test_every_script_gets_into_rows(script: str) -> None:
    text = text_of(script)
    vocabulary = vocabulary_of(text, SCRIPTS[script][0].split())
    for length in (128, 512):
        manifest = manifest_of(text, vocabulary, max_seq_length=length, dupe_factor=10)
        shares = manifest.statistics
        assert shares["unseen_share"] <= 0.01
        assert shares["positive_label_share"] <= 0.62
        assert shares["unknown_token_share"] == 0  # a run over 100 letters would be


@pytest.mark.parametrize("script", [name for name, (_, between) in SCRIPTS.items() if between])
def test_no_word_is_cut_where_words_are_told_apart(script: str) -> None:
    words, _ = SCRIPTS[script]
    parts = sentences(text_of(script))
    assert max(map(len, parts)) <= 300
    whole = set(words.split())
    assert all(word in whole for part in parts for word in regex.split(r"[\s་]+", part) if word)


@pytest.mark.parametrize("script", ["Thai", "Lao", "Khmer", "Burmese"])
def test_phrases_stay_whole_where_only_they_are_told_apart(script: str) -> None:
    text = text_of(script)
    phrases = set(text.split())
    parts = sentences(text)
    broken = sum(word not in phrases for part in parts for word in part.split())
    # Some phrases are longer than a word of BERT may be.
    long = sum(len(phrase) > 84 for phrase in phrases)
    assert broken <= 2 * long
    assert len(parts) > 12 * 4 * 2


def test_clause_marks_win_over_spaces() -> None:
    clause = "she walked along the river where nobody ever went"
    text = ", ".join([clause] * 12)
    assert all(
        part.strip(", ") == ", ".join([clause] * (part.count(",") or 1)).strip(", ")
        or part.endswith(clause)
        or part.endswith(clause + ",")
        for part in sentences(text)
    )


def test_a_character_is_never_cut_in_two() -> None:
    text = "e\u0301\u0323" * 400
    assert all(part[0] == "e" for part in sentences(text))
    assert len(sentences(text)) > 5


def test_sentences_with_a_stop_are_left_whole_but_for_endless_ones() -> None:
    long = "and she walked on " * 30
    assert len(sentences(f"First {long}there.")) == 1
    assert len(sentences(f"First {long * 3}there.")) > 3
    assert len(sentences(f"First {long}there")) > 2


def test_lines_are_left_as_they_are_given() -> None:
    assert len(sentences("no stop " * 500, "lines")) == 1


def test_text_in_lower_case_needs_no_capitals() -> None:
    text = "he met dr. smith of acme inc. near no. 7. it rained... they left! why? nobody knew."
    assert sentences(text) == [
        "he met dr. smith of acme inc. near no. 7.",
        "it rained... they left!",
        "why?",
        "nobody knew.",
    ]
    assert len(sentences("He left. she stayed.")) == 1  # a capital: the author knows them


def test_stops_without_a_space_after_them_end_sentences_where_they_do_so_often() -> None:
    assert len(sentences("He left early.She stayed.It rained in 1990.The end.")) == 4
    assert len(sentences("See System.Out for it. See Os.Path too. Then go on.")) == 3


@given(st.text(alphabet="ab ,.กขเ文字한글é\u0301", max_size=1500))
def test_parts_are_the_whole_stretch_and_not_empty(text: str) -> None:
    points = cut_points(text)
    assert points == sorted(set(points))
    assert all(0 < point < len(text) for point in points)


@pytest.mark.slow
def test_cutting_takes_linear_time() -> None:
    """A long stretch costs what as much text in short ones costs, whatever it is made of."""
    from time import process_time

    for piece in ("ก", "word ", "文", "a,", "한"):
        began = process_time()
        cut_points(piece * 20_000)
        short = process_time() - began
        began = process_time()
        cut_points(piece * 80_000)
        assert process_time() - began < 16 * max(short, 0.02)


THAI_WORDS = [
    "รัฐบาล",
    "ประชาชน",
    "และ",
    "ใน",
    "ที่",
    "ของ",
    "เศรษฐกิจ",
    "การเมือง",
    "ซึ่ง",
    "เป็น",
    "โรงเรียน",
    "นักเรียน",
    "เพื่อ",
    "หนังสือ",
    "ภาษา",
    "ไทย",
    "หรือ",
    "โดย",
    "กรุงเทพ",
    "จังหวัด",
    "มหาวิทยาลัย",
    "แม่น้ำ",
    "เมื่อ",
    "สงคราม",
    "ประวัติศาสตร์",
    "ไม่",
    "ต้อง",
    "และ",
    "ของ",
    "ใน",
    "เกษตรกร",
    "อุตสาหกรรม",
    "ดนตรี",
    "สำหรับ",
    "ภาพยนตร์",
    "จึง",
]


def test_thai_is_cut_between_words() -> None:
    drawn = Random(1)
    words = drawn.choices(THAI_WORDS, k=4000)
    text = "".join(words)
    begins = set(accumulate(map(len, words), initial=0))
    points = cut_points(text)
    assert len(points) > 200
    assert sum(point not in begins for point in points) <= 0.02 * len(points)


# "Without" ends as មាន, "have", and so do "information" and "positive".
@pytest.mark.parametrize("word", ["គ្មាន", "ព័ត៌មាន", "វិជ្ជមាន"])
def test_a_khmer_particle_is_not_found_within_a_word(word: str) -> None:
    text = word * 60
    points = cut_points(text)
    assert points
    assert not [at for at in points if text.startswith("មាន", at)]


@pytest.mark.parametrize(
    "text", ["ປະເທດລາວແລະປະຊາຊົນຂອງ" * 40, "ប្រទេសកម្ពុជានិងប្រជាជន" * 40, "မြန်မာနိုင်ငံသည်အရှေ့တောင်" * 40]
)
def test_no_cluster_is_cut_in_lao_khmer_and_burmese(text: str) -> None:
    clusters = {match.start() for match in regex.finditer(r"\X", text)}
    points = cut_points(text)
    assert points
    assert clusters.issuperset(points)


# Words that stand alone, of the three scripts; a text of them has neither blank nor stop.
_WORDS = {
    "Lao": "ລາວ ປະເທດ ແລະ ຄົນ ທຸກ ມີ ສິດ ທີ່ ຈະ ເປັນ ບ້ານ "
           "ນ້ຳ ກິນ ເຂົ້າ ຫຼື ໃນ ວັນ ນີ້ ໂຮງຮຽນ ເມືອງ ພາສາ ເຮັດ ວຽກ",
    "Khmer": "ខ្មែរ ប្រទេស និង មនុស្ស គ្រប់ មាន សិទ្ធិ ដែល ជា ផ្ទះ ទឹក "
             "ញ៉ាំ បាយ ឬ ក្នុង ថ្ងៃ នេះ សាលា ភាសា ធ្វើ ការងារ នៅ",
    "Burmese": "မြန်မာ နိုင်ငံ သည် လူ များ တွင် အခွင့်အရေး ရှိ သော အိမ် "
               "ရေ ကို နှင့် နေ့ ကျောင်း စာ ဖတ် အလုပ် လုပ် ၏ ကလေး",
}  # fmt: skip


@pytest.mark.parametrize("script", _WORDS)
def test_few_words_of_other_unspaced_scripts_are_cut(script: str) -> None:
    words = Random(1).choices(_WORDS[script].split(), k=4000)
    begins = set(accumulate(map(len, words), initial=0))
    points = cut_points("".join(words))
    assert len(points) > 200
    assert sum(point not in begins for point in points) <= 0.02 * len(points)


def test_a_particle_of_burmese_ends_where_its_syllable_does() -> None:
    text = "လူများသည့်အိမ်သောကြောင့်ရေကိုယ်နေ့" * 30
    for point in cut_points(text):
        assert not text[point:].startswith(("့", "ကြောင့်", "ယ်")), text[point - 9 : point + 9]
