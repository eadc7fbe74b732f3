"""What upstream is asked for."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True)
class Wanted:
    """What is asked for: sources under all their names, agencies, received items; by key."""

    sources: dict[int, str] = field(default_factory=dict)
    agencies: frozenset[int] = frozenset()
    items: frozenset[int] = frozenset()
