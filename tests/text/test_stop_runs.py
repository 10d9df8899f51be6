from __future__ import annotations

import numpy as np

from bertprep.text.punctuation import Kind, kinds_of
from bertprep.text.stop_runs import ends_anywhere, stop_runs, with_odd_quotes


def test_what_stands_together_is_one_run() -> None:
    runs = stop_runs(kinds_of('So?!") He left... 走了。」'))
    assert runs.first.tolist() == [2, 14, 20]
    assert runs.ends.tolist() == [6, 17, 22]
    assert runs.stops.tolist() == [2, 3, 1]
    assert runs.strength.tolist() == [Kind.MARK, Kind.DOT, Kind.WIDE_DOT]
    assert [column.tolist() for column in runs.take(np.array([1]))] == [[14], [17], [Kind.DOT], [3]]


def test_a_text_may_have_none() -> None:
    assert [column.tolist() for column in stop_runs(kinds_of("no stop"))] == [[], [], [], []]


def test_marks_set_apart_or_turned_round_belong_to_the_run() -> None:
    for text, wanted in (("„So.“ Ja", 5), ("« Si ! » Oui", 8), ("So ? ! Ja", 6), ("So. „Ja“", 3)):
        kinds = kinds_of(text)
        assert with_odd_quotes(kinds, stop_runs(kinds).ends)[0] == wanted, text


def test_which_stops_need_no_space() -> None:
    for text, wanted in (
        ("走了。他", True),
        ("「行く。」と", False),
        ("He left. He", False),
        ("好!我", True),
    ):
        kinds = kinds_of(text)
        assert ends_anywhere(kinds, stop_runs(kinds)).tolist() == [wanted], text
