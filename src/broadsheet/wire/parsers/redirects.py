"""Ghost's list of redirects, ``redirects.json`` or ``redirects.yaml``, beside its export.

Only what leads from one address to another can be kept. Ghost takes the old address for a
pattern (a regular expression); one that really is one is reported, with what it says.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from broadsheet.wire.incoming import Incoming
from broadsheet.wire.items import Unread, WireRecord, WireRedirect
from broadsheet.wire.parsers.json_text import load, said

FORMAT = "redirects"

_JSON = re.compile(r'^\s*\[\s*\{[^{}\[\]]{0,5000}"from"\s*:[^{}\[\]]{0,5000}"to"\s*:')
_YAML = re.compile(
    r"^(?:[ \t\r]*(?:#[^\n]{0,500})?\n){0,100}30[12][ \t]*:[ \t\r]*(?:#[^\n]{0,500})?\n[ \t]+\S"
)
_SECTION = re.compile(r"^30[1278]\s*:\s*(?:#.*)?$")
_PAIR = re.compile(
    r"""^[ \t]+(?:"(?P<double>[^"]*)"|'(?P<single>[^']*)'|(?P<bare>[^\s"'#][^\s]*?))\s*:\s+"""
    r"""(?:"(?P<to_double>[^"]*)"|'(?P<to_single>[^']*)'|(?P<to_bare>[^\s#]\S*))\s*(?:#.*)?$"""
)
# What makes a regular expression of an address. A dot is mostly meant as one.
_PATTERN = re.compile(r"[\\^$*+?()\[\]{}|]")
_MOST = 100_000
_LONGEST = 2000


def recognises(incoming: Incoming) -> bool:
    """Tell whether this is a list of redirects, in either form."""
    head = incoming.decoded.text[:20_000].lstrip("\ufeff")
    return bool(_JSON.match(head) or _YAML.match(head))


def parse(incoming: Incoming) -> list[WireRecord]:
    """Return the redirects of the list, in its order. Raises :class:`WireError`."""
    text = incoming.decoded.text.lstrip("\ufeff")
    pairs = _json_pairs(text) if text.lstrip().startswith("[") else _yaml_pairs(text)
    records: list[WireRecord] = []
    for old, new in pairs:
        if len(records) >= _MOST:
            reason = f"Only the first {_MOST} redirects were read. Divide the list."
            records.append(Unread(incoming.origin, "redirect", reason))
            break
        records.append(_record(incoming.origin, old, new))
    return records


def _json_pairs(text: str) -> Iterator[tuple[str, str]]:
    value = load(text)
    for each in value if isinstance(value, list) else []:
        yield said(each, "from"), said(each, "to")


def _yaml_pairs(text: str) -> Iterator[tuple[str, str]]:
    for line in text.splitlines():
        if not line.strip() or line.lstrip().startswith("#") or _SECTION.match(line.rstrip()):
            continue
        pair = _PAIR.match(line.rstrip()) if len(line) <= 2 * _LONGEST else None
        if pair is None:
            yield line.strip()[:_LONGEST], ""
        else:
            yield (
                pair["double"] or pair["single"] or pair["bare"] or "",
                pair["to_double"] or pair["to_single"] or pair["to_bare"] or "",
            )


def _record(origin: str, old: str, new: str) -> WireRecord:
    # "^/old/$" is no more than "/old/": the signs for beginning and end say nothing here.
    address = old.removeprefix("^").removesuffix("$").removesuffix("/?")
    if not new or not address or len(address) > _LONGEST or len(new) > _LONGEST:
        reason = f"The redirect “{old[:200]}” leads nowhere. Set it up by hand."
        return Unread(origin, "redirect", reason)
    if _PATTERN.search(address.partition("?")[0]) or "$" in new:
        reason = f"The redirect “{old[:200]}” to “{new[:200]}” is a pattern. Set it up by hand."
        return Unread(origin, "redirect", reason)
    if not address.startswith(("/", "http://", "https://")):
        address = f"/{address}"
    return WireRedirect(origin, address, new)
