"""Beginnings of several tests of learning."""

from pydoc_data.topics import topics

import pytest


@pytest.fixture(scope="module")
def parted_prose():
    """The Python manual's topics: words to learn from, and words of other lines."""
    lines = [line for topic in sorted(topics) for line in topics[topic].splitlines()]
    held_out = [line for index, line in enumerate(lines) if index // 20 % 5 == 4]
    training = [line for index, line in enumerate(lines) if index // 20 % 5 != 4]
    return training, held_out
