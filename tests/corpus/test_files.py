"""What is known of a file before it is read."""

from __future__ import annotations

from bertprep.corpus.files import InputFile, text_bytes


def test_the_text_of_a_compressed_file_is_taken_for_several_times_its_size() -> None:
    assert text_bytes(InputFile("/corpus/a", "a", 10)) == 10
    assert text_bytes(InputFile("/corpus/a.gz", "a.gz", 10, "gzip")) == 30
    assert text_bytes(InputFile("/corpus/a.bz2", "a.bz2", 10, "bzip2")) == 35
