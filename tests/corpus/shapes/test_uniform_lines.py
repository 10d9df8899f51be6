"""Lines of one build and lines with their classes, and text whose lines are alike as well."""

from __future__ import annotations

from collections.abc import Callable

from bertprep.corpus.sample import Part
from bertprep.corpus.shapes.uniform_lines import classed_lines, regular_lines

NAMES = ["Maple", "Lee", "Oak Hill", "Rome", "Arden", "York"]
WORDS = ["panda", "bamboo", "tree", "river", "cloud"]
SENTENCE = "The {} eats leaves by the {}, and sleeps."


def part(make: Callable[[int], str], count: int = 80) -> Part:
    return Part("".join(make(n) + "\n" for n in range(count)).encode())


def sentence(n: int) -> str:
    return SENTENCE.format(WORDS[n % 5], WORDS[n * 3 % 5])


def listed(make: Callable[[int], str]) -> str | None:
    finding = regular_lines(part(make))
    return finding and finding.what


def test_addresses_have_one_build() -> None:
    said = listed(lambda n: f"{n} {NAMES[n % 6]} Street, {NAMES[n % 5]}, NY {n + 10000}")
    assert said == "has lines of one build (9 a , a , a 9), not sentences"


def test_prices_have_one_build_whatever_their_words() -> None:
    assert listed(lambda n: f"{NAMES[n % 6]} {WORDS[n % 5]} ... ${n}.99")


def test_tags_and_lists_of_words_are_no_sentences() -> None:
    assert "before 100% of its words" in str(
        listed(lambda n: " ".join("#" + WORDS[(n + i) % 5] for i in range(4)))
    )
    said = listed(lambda n: ", ".join(WORDS[(n + i) % 5] for i in range(6)))
    assert said == "lists words between commas or such, not sentences"


def test_scores_names_verses_and_chats_are_read() -> None:
    assert not listed(lambda n: f"Leeds {n % 5}, Everton {n % 3}")
    assert not listed(lambda n: f"{NAMES[n % 6]}, {NAMES[n % 5]}")
    assert not listed(lambda n: f"Gen {n}:{n % 9 + 1} {sentence(n)}")
    assert not listed(lambda n: f"[10:{n:02}] <lee> the {WORDS[n % 5]} sleeps under the tree again")
    assert not listed(lambda n: f"@panda{n} #zoo {sentence(n)}")
    assert not listed(lambda n: "熊猫，吃竹子，睡觉，喝水，玩耍，走路")


def test_classes_before_sentences_are_labels() -> None:
    for classes in ("012", ("pos", "neg")):
        finding = classed_lines(part(lambda n, c=classes: f"{c[n % len(c)]} {sentence(n)}"))  # type: ignore[misc]
        assert finding and "has a label before each line" in finding.what
    assert not classed_lines(part(lambda n: f"{'AB'[n % 2]}: {sentence(n)}"))
    assert not classed_lines(part(lambda n: f"{n % 30} {sentence(n)}"))
    assert not classed_lines(part(sentence))
