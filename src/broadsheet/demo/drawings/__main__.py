"""Draws every picture again: ``python -m broadsheet.demo.drawings [NAME…]``."""

from __future__ import annotations

import io
import sys
from collections.abc import Callable

from PIL import Image

from broadsheet.demo.drawings import city, graphics, interiors, lands, maps, waters
from broadsheet.demo.samples import PICTURES

# What a picture may weigh, so that the whole package stays small.
LIMIT = 60_000

DRAWINGS: dict[str, Callable[[], Image.Image]] = {
    "bottle-organ": interiors.bottle_organ,
    "coast-map": maps.coast_map,
    "container-cranes": waters.container_cranes,
    "harbour-dusk": waters.harbour_dusk,
    "korrin-peaks": lands.korrin_peaks,
    "lanterns": city.lanterns,
    "observatory": lands.observatory,
    "port-chart": graphics.port_chart,
    "regatta": waters.regatta,
    "salt-pans": lands.salt_pans,
    "sonar-relief": maps.sonar_relief,
    "stadium": city.stadium,
    "stage": interiors.stage,
    "storm-lighthouse": waters.storm_lighthouse,
    "teyn-bridge": city.teyn_bridge,
    "tram-map": graphics.tram_map,
    "wind-farm": waters.wind_farm,
}


def packed(picture: Image.Image) -> bytes:
    """Return ``picture`` as WebP, as good and as large as fits into :data:`LIMIT` bytes."""
    for width in (picture.width, 1280, 1024):
        smaller = picture.resize(
            (width, round(picture.height * width / picture.width)), Image.Resampling.LANCZOS
        )
        for quality in (86, 80, 74, 68, 62, 56):
            target = io.BytesIO()
            smaller.save(target, "WEBP", quality=quality, method=6)
            if target.tell() <= LIMIT:
                return target.getvalue()
    raise ValueError(f"the picture does not fit into {LIMIT} bytes at any size")


def main(names: list[str]) -> None:
    """Draw the named pictures, or all, into the folder of pictures."""
    for name in names or sorted(DRAWINGS):
        content = packed(DRAWINGS[name]())
        (PICTURES / f"{name}.webp").write_bytes(content)
        sys.stdout.write(f"{name}: {len(content) / 1000:.0f} kB\n")


if __name__ == "__main__":
    main(sys.argv[1:])
