"""Text in maps and charts."""

from __future__ import annotations

from PIL import ImageDraw, ImageFont

INK = "#1f2a33"


def font(size: float) -> ImageFont.FreeTypeFont:
    """Return Pillow's own typeface, so that a drawing is the same on every machine."""
    font = ImageFont.load_default(size)
    if not isinstance(font, ImageFont.FreeTypeFont):
        raise TypeError("Pillow was built without FreeType, so it cannot draw text at this size")
    return font


def spaced(
    pen: ImageDraw.ImageDraw,
    place: tuple[float, float],
    text: str,
    size: float,
    *,
    fill: str,
    gap: float,
) -> None:
    """Write ``text`` in wide-set capitals, centred at ``place``, as maps name countries."""
    face = font(size)
    widths = [face.getlength(letter) for letter in text]
    x = place[0] - (sum(widths) + gap * (len(text) - 1)) / 2
    for letter, width in zip(text, widths, strict=True):
        pen.text((x, place[1]), letter, font=face, fill=fill, anchor="lm")
        x += width + gap


def lettered(
    pen: ImageDraw.ImageDraw, place: tuple[float, float], name: str, size: float, after: bool
) -> None:
    """Write a place's name beside its dot, on a light rim so that it reads over any ground."""
    face = font(size)
    plain = name.replace("ü", "u")
    x = place[0] if after else place[0] - face.getlength(plain)
    pen.text(
        (x, place[1]),
        plain,
        font=face,
        fill=INK,
        anchor="lm",
        stroke_width=4,
        stroke_fill="#f3ecda",
    )
    # Pillow's own typeface has no letters beyond ASCII: the dots are set by hand.
    for at, letter in enumerate(name):
        if letter == "ü":
            middle = x + (face.getlength(plain[:at]) + face.getlength(plain[: at + 1])) / 2
            for aside in (-0.12, 0.12):
                dot = middle + aside * size
                top, radius = place[1] - 0.36 * size, 0.065 * size
                pen.ellipse((dot - radius, top - radius, dot + radius, top + radius), fill=INK)
