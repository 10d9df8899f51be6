"""Ideographs are what ``tokenizers`` takes for them."""

from __future__ import annotations

import numpy as np
from tokenizers.normalizers import BertNormalizer

from bertprep.common.characters import is_ideograph


def test_ideographs_are_those_that_tokenizers_parts() -> None:
    """At each edge of its ranges and between them, and in scripts beside."""
    near = [*range(0x2FF0, 0x3500, 7), *range(0x4DB0, 0x4E10), *range(0x9FF0, 0xA010)]
    near += [*range(0xF8F0, 0xF910), *range(0xFAF0, 0xFB10), *range(0x1FFF0, 0x20010)]
    near += [*range(0x2A6D0, 0x2A710), *range(0x2B730, 0x2B750), *range(0x2B810, 0x2B930)]
    near += [*range(0x2CEA0, 0x2CEC0), *range(0x2F7F0, 0x2FA30, 3), ord("a"), ord("の"), ord("한")]
    normalizer = BertNormalizer(clean_text=False, strip_accents=False, lowercase=False)
    expected = [normalizer.normalize_str(chr(point)) == f" {chr(point)} " for point in near]
    assert is_ideograph(np.array(near)).tolist() == expected
    assert True in expected and False in expected


def test_the_first_and_last_code_points_are_none() -> None:
    assert is_ideograph(np.array([0, 0x10FFFF])).tolist() == [False, False]
