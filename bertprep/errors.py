"""The errors a user can cause: one line each, with what was expected, what came, the way out."""

import re

# What torch makes of an error that a loader's worker process sends: its stack comes first, and the
# line last.
_STACK = re.compile(r"Caught \w+ in .*?\nOriginal Traceback .*\nbertprep\.errors\.\w+: ", re.DOTALL)


def one_line(text: object) -> str:
    """A text fit for a terminal: on one line, what could not be shown escaped."""
    shown = " ".join(str(text).split())
    if shown.isprintable():
        return shown
    return "".join(c if c.isprintable() else ascii(c)[1:-1] for c in shown)


class BertprepError(Exception):
    """Base of every error bertprep raises on purpose; its text is one line, fit for a terminal.

    ``exit_code`` is what the command ends with: 1 for a failure, 2 for wrong usage.
    """

    exit_code = 1

    def __init__(self, message: str) -> None:
        # A path may hold bytes that are no text; they could be neither shown nor sent.
        super().__init__(one_line(_STACK.sub("", message)))


class UsageError(BertprepError):
    """An option, or a combination of options, that makes no sense."""

    exit_code = 2


class InputError(BertprepError):
    """The corpus cannot be read as what it was said, or seen, to be."""


class VocabularyError(BertprepError):
    """A vocabulary that no BERT trainer could use."""


class VerificationError(BertprepError):
    """Shards that are not as they were written.

    Attributes:
        problems: one line each, the first of them, where they were asked for.
    """

    problems: tuple[str, ...] = ()


class OutputError(BertprepError):
    """The output folder cannot take the result, or holds something unexpected."""
