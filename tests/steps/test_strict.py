"""--strict ends a run that has anything to warn of, and no other."""

from __future__ import annotations

import pytest

from bertprep.errors import InputError
from pipelines.steps.strict import refuse_warnings


def test_only_a_strict_run_with_warnings_is_refused() -> None:
    refuse_warnings([], True, "out", told=True)
    refuse_warnings(["odd"], False, "out", told=False)


@pytest.mark.parametrize(
    ("warnings", "told", "said"),
    [
        (["odd"], True, "with --strict, the warning above is an error; nothing was written to out"),
        (["a", "b"], True, "with --strict, warnings are errors; nothing was written to out"),
        (
            ["a", "b"],
            False,
            "with --strict, what else would be a warning is an error: a; b; nothing was written "
            "to out",
        ),
    ],
)
def test_the_error_says_what_and_that_nothing_is_written(
    warnings: list[str], told: bool, said: str
) -> None:
    with pytest.raises(InputError) as refused:
        refuse_warnings(warnings, True, "out", told=told)
    assert str(refused.value) == said
