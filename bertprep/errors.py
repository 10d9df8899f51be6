"""The errors a user can cause: one line each, with what was expected, what came, the way out."""


class BertprepError(Exception):
    """Base of every error bertprep raises on purpose; its text is one line, fit for a terminal.

    ``exit_code`` is what the command ends with: 1 for a failure, 2 for wrong usage.
    """

    exit_code = 1

    def __init__(self, message: str) -> None:
        # A path may hold bytes that are no text; they could be neither shown nor sent.
        text = message.encode("utf-8", "backslashreplace").decode("utf-8")
        super().__init__(" ".join(text.split()))


class UsageError(BertprepError):
    """An option, or a combination of options, that makes no sense."""

    exit_code = 2


class InputError(BertprepError):
    """The corpus cannot be read as what it was said, or seen, to be."""


class VocabularyError(BertprepError):
    """A vocabulary that no BERT trainer could use."""


class OutputError(BertprepError):
    """The output folder cannot take the result, or holds something unexpected."""
