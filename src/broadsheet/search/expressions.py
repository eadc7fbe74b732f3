"""Expressions: which stories are meant, by the tokens they have; each engine writes its own."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True)
class Has:
    """Stories with ``token``, or with any that ``begins`` so."""

    token: str
    begins: bool = False


@dataclass(frozen=True)
class Every:
    """Stories that each of ``parts`` means; there is at least one."""

    parts: tuple[Expression, ...]


@dataclass(frozen=True)
class Some:
    """Stories that at least one of ``parts`` means; there is at least one."""

    parts: tuple[Expression, ...]


@dataclass(frozen=True)
class Without:
    """Stories that ``wanted`` means and ``unwanted`` does not."""

    wanted: Expression
    unwanted: Expression


Expression = Has | Every | Some | Without


def every(parts: Iterable[Expression]) -> Expression:
    """Return the expression for all of ``parts``, each once; there is at least one."""
    once = tuple(dict.fromkeys(parts))
    return once[0] if len(once) == 1 else Every(once)


def some(parts: Iterable[Expression]) -> Expression:
    """Return the expression for any of ``parts``, each once; there is at least one."""
    once = tuple(dict.fromkeys(parts))
    return once[0] if len(once) == 1 else Some(once)
