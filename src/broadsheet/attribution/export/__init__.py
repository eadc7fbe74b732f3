"""Export: what readers may see of a story's sources, for machines.

Three forms, of what ``shown`` says and nothing else: schema.org within the JSON-LD of the story's
page (``schema_org``), W3C Web Annotations at ``/news/<id>/attributions.json``
(``web_annotation``), and the information sources of ninjs (``ninjs``). What no editor stands
behind leaves by the annotations alone, marked as such, and only where the paper shows it to
readers. ``docs/reference/attributions.md`` tells consumers what they get.
"""

from __future__ import annotations


def connect() -> None:
    """Have the press tell, from now on, who stands behind what."""
    from broadsheet.attribution.export import ninjs, schema_org, web_annotation
    from broadsheet.press import contributions, dependents, sheets

    contributions.register("json-ld", schema_org.of)
    contributions.register("ninjs", ninjs.of)
    contributions.register_alternate(web_annotation.alternate)
    sheets.register(web_annotation.KIND)
    dependents.register(web_annotation.shown_on)
