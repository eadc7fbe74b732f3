"""Origins: whom a claim comes from in the end, once its chain is followed back.

Pure over relations that were read with their hops (``kept.rows_of``).
"""

from __future__ import annotations

from collections.abc import Sequence

from broadsheet.attribution import names
from broadsheet.attribution.kept import Placed
from broadsheet.attribution.models import RelationHop
from broadsheet.attribution.relation import SourceKind


def hops_of(placed: Placed) -> list[RelationHop]:
    """Return the chain, origin first, with two hops that turned out to be one source as one."""
    found: list[RelationHop] = []
    for hop in placed.row.hops.all():
        if not (found and hop.source_id is not None and found[-1].source_id == hop.source_id):
            found.append(hop)
    return found


def key_of(placed: Placed) -> object | None:
    """Return what tells one origin of a chain from another; ``None`` where it is not known.

    The register's source where there is one, the name in the text otherwise.
    """
    hops = list(placed.row.hops.all())
    first = hops[0] if hops else None
    source = first.source_id if first else placed.row.source_id
    if source is not None:
        return source
    name = first.name if first else placed.row.source_name
    kind = SourceKind(first.kind if first else placed.row.source_kind)
    if kind in (SourceKind.IMPLICIT, SourceKind.MISSING) or not name:
        return None
    return names.key(name) or name


def name_of(placed: Placed) -> str:
    """Return what the origin of a chain is called: in the register, or else in the text."""
    hops = list(placed.row.hops.all())
    first = hops[0] if hops else placed.row
    if first.source is not None:
        return str(first.source)
    return hops[0].name if hops else placed.row.source_name


def outermost(placed: Placed, among: Sequence[Placed]) -> Placed:
    """Return the claim, of those in ``among``, that ``placed`` stands in, at whatever remove.

    One that has no known origin is passed on to nobody.
    """
    # What somebody says that another says, the paper has from the one that it heard.
    seen = set()
    while (outer := placed.relation.nested_in) is not None and outer not in seen:
        if key_of(among[outer]) is None:
            break
        seen.add(outer)
        placed = among[outer]
    return placed
