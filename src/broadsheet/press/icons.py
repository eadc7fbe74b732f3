"""The paper's icons: a broadsheet with its name, a picture and two columns, drawn from boxes.

``python -m broadsheet.press.icons`` writes the files in ``assets``; a test holds that they are
what this draws.
"""

from __future__ import annotations

from io import BytesIO
from pathlib import Path

from PIL import Image, ImageDraw

Box = tuple[float, float, float, float, str]

INK, PAPER, ACCENT, FAINT = "#1a1815", "#fdfbf6", "#9a1b1b", "#8a8378"
_GRID = 32
# Left, top, right, bottom on a grid of 32, and the colour.
_BOXES: tuple[Box, ...] = (
    (5, 2, 27, 30, PAPER),
    (8, 5, 24, 9, INK),
    (8, 10.5, 24, 11.5, INK),
    (8, 14, 16, 21, ACCENT),
    (18, 14, 24, 15.5, FAINT),
    (18, 17, 24, 18.5, FAINT),
    (18, 20, 24, 21.5, FAINT),
    (8, 23.5, 16, 25, FAINT),
    (18, 23.5, 24, 25, FAINT),
    (8, 26.5, 16, 28, FAINT),
    (18, 26.5, 22, 28, FAINT),
)
# Link previews show this size (https://ogp.me, and what the networks ask for).
_CARD = (1200, 630)


def svg() -> str:
    """Return the icon as SVG, on the colour of ink so that it stands out on any tab."""
    boxes = "".join(
        f'<path fill="{colour}" d="M{left:g} {top:g}H{right:g}V{bottom:g}H{left:g}z"/>'
        for left, top, right, bottom, colour in _BOXES
    )
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_GRID} {_GRID}">'
        f'<rect width="{_GRID}" height="{_GRID}" rx="5" fill="{INK}"/>{boxes}</svg>\n'
    )


def drawn(width: int, height: int) -> Image.Image:
    """Return the icon centred on a field of ink of ``width`` by ``height`` pixels."""
    # Four times too large and then scaled down, since Pillow draws boxes without smoothing.
    side = min(width, height) * 4
    unit = side / _GRID
    sheet = Image.new("RGB", (side, side), INK)
    pen = ImageDraw.Draw(sheet)
    for left, top, right, bottom, colour in _BOXES:
        pen.rectangle((left * unit, top * unit, right * unit - 1, bottom * unit - 1), fill=colour)
    sheet = sheet.resize((side // 4, side // 4), Image.Resampling.LANCZOS)
    field = Image.new("RGB", (width, height), INK)
    field.paste(sheet, ((width - sheet.width) // 2, (height - sheet.height) // 2))
    return field


def files() -> dict[str, bytes]:
    """Return every icon file's bytes by its name."""

    def encoded(image: Image.Image, kind: str, **options: object) -> bytes:
        buffer = BytesIO()
        image.save(buffer, kind, **options)
        return buffer.getvalue()

    return {
        "icon.svg": svg().encode(),
        "touch-icon.png": encoded(drawn(180, 180), "PNG", optimize=True),
        "logo.png": encoded(drawn(512, 512), "PNG", optimize=True),
        "card.png": encoded(drawn(*_CARD), "PNG", optimize=True),
        "favicon.ico": encoded(drawn(48, 48), "ICO", sizes=[(16, 16), (32, 32), (48, 48)]),
    }


def write(folder: Path) -> None:
    """Write every icon file into ``folder``."""
    for name, content in files().items():
        (folder / name).write_bytes(content)


if __name__ == "__main__":
    write(Path(__file__).parent / "assets")
