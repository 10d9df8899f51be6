"""The scripts that put no space between words."""

from __future__ import annotations

# Within the brackets of a class of characters, for ``regex``.
UNSPACED = r"\p{Han}\p{Hiragana}\p{Katakana}\p{Thai}\p{Lao}\p{Khmer}\p{Myanmar}"
