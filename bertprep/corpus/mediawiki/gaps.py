"""Mends the text around what was left out of it, and nothing else of it.

>>> mended(f"Berlin ({GAP}; German {GAP}) is a city {GAP}, and a state{GAP} .")
'Berlin (German) is a city, and a state.'
>>> mended(f"It is {GAP} here ({GAP}).")
'It is here.'
"""

from __future__ import annotations

# Stands where something was left out. No text holds it: it is for the inside of programs.
GAP = "\ufdef"

_BLANKS = " \t"
_SEPARATORS = " \t,;:/，；、：–"
_OPENING = ("(", "（")
_CLOSING = (")", "）")
_STOPS = tuple(".,;:!?)]。，；：！？、’”\n")


def mended(text: str) -> str:
    """Without the gaps, brackets that would hold nothing, and space that would stand double."""
    parts = text.split(GAP)
    done = [parts[0]]
    for i, right in enumerate(parts[1:], 2):
        if not right.strip(_BLANKS) and i < len(parts):
            # Two gaps in a row are one.
            parts[i] = right[:1] + parts[i]
            continue
        left, right = _joined(done.pop(), right)
        if right:
            done += [left, right] if left else [right]
        else:
            done.append(left)
    return "".join(done)


def _joined(left: str, right: str) -> tuple[str, str]:
    before, after = left.rstrip(_SEPARATORS), right.lstrip(_SEPARATORS)
    opens, closes = before.endswith(_OPENING), after.startswith(_CLOSING)
    if opens and closes:
        return _joined(before[:-1].rstrip(_BLANKS) or before[:-1], after[1:])
    if opens or closes:
        return before, after
    after = right.lstrip(_BLANKS)
    if not after or after.startswith(_STOPS):
        return left.rstrip(_BLANKS), after
    if not left or left[-1] in " \t\n":
        return left, after
    return left, right
