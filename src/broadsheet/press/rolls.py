"""Rolls: many numbers or names in little memory, on which one is ticked off after the other.

Half a million names take a hundred megabytes as a set, which a process hardly gives back, and
five as a roll.
"""

from __future__ import annotations

from array import array
from bisect import bisect_left
from collections.abc import Iterable, Iterator

# Sorted one at a time, so that no more than a small part ever lies there as Python's numbers.
_PARTS = 256


class Roll:
    """``numbers`` of at most 63 bits and a sign, each once or more often, and which were ticked.

    For names give :func:`mark` of each.
    """

    def __init__(self, numbers: Iterable[int]) -> None:
        parts = [array("q") for _ in range(_PARTS)]
        for number in numbers:
            parts[number % _PARTS].append(number)
        self._parts = [array("q", sorted(part)) for part in parts]
        self._ticked = [bytearray(len(part)) for part in parts]

    def __len__(self) -> int:
        """Return how many numbers it has."""
        return sum(map(len, self._parts))

    def tick(self, number: int) -> bool:
        """Tick ``number`` off; tell whether it is on the roll, ticked before or not."""
        part = self._parts[number % _PARTS]
        at = bisect_left(part, number)
        if at == len(part) or part[at] != number:
            return False
        self._ticked[number % _PARTS][at] = 1
        return True

    def left(self) -> Iterator[int]:
        """Yield the numbers that were never ticked off."""
        for part, ticked in zip(self._parts, self._ticked, strict=True):
            before = None
            for number, was in zip(part, ticked, strict=True):
                # The first of several alike is the one that is ticked.
                if not was and number != before:
                    yield number
                before = number


def mark(name: str) -> int:
    """Return a number for ``name``, the same in this process only.

    That two of a million names share one is as likely as one in forty million, and nobody can
    choose such names, for Python's hash of a text is keyed anew in each process.
    """
    return hash(name)
