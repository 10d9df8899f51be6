"""Whose an argument is: ours, Beam's, or nobody's."""

from __future__ import annotations

import pytest

from bertprep.errors import UsageError
from pipelines.command.split_arguments import separate_beam_args

OWN = {"--seed", "--overwrite", "--vocab"}
OWN_WITH_VALUE = {"--seed", "--vocab"}


def parted(*arguments: str) -> tuple[list[str], list[str]]:
    return separate_beam_args(arguments, OWN, OWN_WITH_VALUE, {"--vocab-size": "vocab"})


def test_options_go_to_whom_they_belong() -> None:
    assert parted("a", "--seed", "1", "--region", "eu", "--overwrite", "b", "--streaming", "c") == (
        ["a", "--seed", "1", "--overwrite", "b", "c"],
        ["--region", "eu", "--streaming"],
    )


def test_a_value_after_an_equals_sign_is_no_separate_argument() -> None:
    assert parted("--seed=1", "a", "--region=eu", "b") == (["--seed=1", "a", "b"], ["--region=eu"])


def test_a_value_may_look_like_anything_but_an_option() -> None:
    assert parted("--seed", "-5", "--region", "-", "a") == (
        ["--seed", "-5", "a"],
        ["--region", "-"],
    )


def test_after_two_dashes_all_is_input() -> None:
    assert parted("--region", "eu", "--", "--odd name") == (
        ["--", "--odd name"],
        ["--region", "eu"],
    )


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        # Beam's are not suggested, as one may do what nobody asked for, but to who writes as Beam.
        (["--regoin", "eu"], "no such option: --regoin, .* --help lists the options"),
        (["--dry-ran"], "no such option: --dry-ran, .* --help lists the options"),
        (["--temp_locaton", "x"], "no such option: .* Did you mean --temp_location"),
        (["--sede=1"], "no such option: --sede, .* Did you mean --seed"),
        (["--vocab-size", "9"], "no such option: --vocab-size; it is one of `bertprep vocab`"),
        (["--runnner", "x"], r"no such option: --runnner, .* Did you mean --runner\?"),
        (["--vocb", "x"], r"no such option: --vocb, .* Did you mean --vocab\?"),
        (["--zzzzzz"], "no such option: --zzzzzz, .* --help lists the options"),
        (["--region", "--seed", "1"], "--region needs a value; got --seed"),
        (["--region"], "--region needs a value; got none"),
        (["--seed", "--region=eu"], "--seed needs a value; got --region=eu"),
        (["--vocab"], "--vocab needs a value; got none"),
    ],
)
def test_an_option_of_nobody_or_without_its_value(arguments: list[str], message: str) -> None:
    with pytest.raises(UsageError, match=message):
        parted(*arguments)


def test_a_preset_of_a_corpus_leads_to_what_recognises_it() -> None:
    own = {*OWN, "--input-format"}
    with pytest.raises(UsageError, match="recognised by their content; what is not is named"):
        separate_beam_args(["x", "--preset", "wikitext"], own, OWN_WITH_VALUE, {})
