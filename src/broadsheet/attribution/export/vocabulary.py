"""The terms of the annotations that W3C Web Annotation has no word for, as a JSON-LD context.

PROV-O (https://www.w3.org/TR/prov-o/) says where words come from; the rest are Broadsheet's own,
in a namespace without an address, which is the same for every paper: a URN of a UUID needs nobody's
domain (RFC 9562, RFC 8141). ``docs/reference/attributions.md`` describes each.
"""

from __future__ import annotations

from typing import Any

ANNOTATION = "http://www.w3.org/ns/anno.jsonld"
NAMESPACE = "urn:uuid:5b0a7c1e-6d3f-4c52-9d0a-2f7e4b8c9a16#"

_PROV = ("wasAttributedTo", "hadPrimarySource", "wasQuotedFrom", "wasDerivedFrom")
_PROV_CLASSES = ("Entity", "Agent")
_OWN = (
    "annotatedText", "formation", "reviewed", "note", "role", "hopNumber", "sourceStatus",
    "sourceKind", "cueKind", "quoteType", "status", "confidence", "words", "unresolved", "kind",
    "hedges", "statementTime", "eventTime", "Statement", "Hop", "Hedge", "Time",
)  # fmt: skip

CONTEXT: list[Any] = [
    ANNOTATION,
    {
        "prov": "http://www.w3.org/ns/prov#",
        "attribution": NAMESPACE,
        **{name: f"prov:{name}" for name in _PROV_CLASSES},
        **{name: {"@id": f"prov:{name}", "@type": "@id"} for name in _PROV},
        **{name: f"attribution:{name}" for name in _OWN},
        "chain": {"@id": "attribution:chain", "@container": "@list"},
        "nestedIn": {"@id": "attribution:nestedIn", "@type": "@id"},
        "agent": {"@id": "prov:agent", "@type": "@id"},
        # https://id.loc.gov/datatypes/edtf.html
        "edtf": {
            "@id": "attribution:edtf",
            "@type": "http://id.loc.gov/datatypes/edtf/EDTF",
        },
    },
]
