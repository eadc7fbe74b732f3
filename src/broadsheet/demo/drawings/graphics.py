"""Charts and diagrams."""

from __future__ import annotations

from collections.abc import Sequence

from PIL import Image, ImageDraw

from broadsheet.demo.drawings.canvas import HEIGHT, WIDTH
from broadsheet.demo.drawings.lettering import INK, font

PAPER, GREY, ACCENT = "#f6f2ea", "#8b8f8e", "#b5442e"


def port_chart() -> Image.Image:
    """Draw the containers that Port Averin handled, by quarter."""
    sheet = Image.new("RGB", (WIDTH, HEIGHT), PAPER)
    pen = ImageDraw.Draw(sheet)
    numbers = [212, 219, 227, 221, 230, 238, 246, 251]
    left, right, top, bottom = 150, 1520, 250, 900
    pen.rectangle((80, 78, 156, 90), fill=ACCENT)
    pen.text((80, 112), "A record, with help from the neighbours", font=font(50), fill=INK)
    pen.text(
        (80, 178),
        "Containers handled in Port Averin, thousands a quarter",
        font=font(32),
        fill=GREY,
    )
    for value in range(0, 251, 50):
        y = bottom - (bottom - top) * value / 260
        pen.line((left, y, right, y), fill="#d8d2c6" if value else INK, width=2 if value else 3)
        pen.text((left - 18, y), str(value), font=font(30), fill=GREY, anchor="rm")
    step = (right - left) / len(numbers)
    for place, value in enumerate(numbers):
        x = left + step * (place + 0.5)
        y = bottom - (bottom - top) * value / 260
        this_year = place >= len(numbers) // 2
        fill = ACCENT if place == len(numbers) - 1 else "#34566f" if this_year else "#9db0ba"
        pen.rectangle((x - 54, y, x + 54, bottom), fill=fill)
        pen.text((x, y + 34), str(value), font=font(36), fill="#ffffff", anchor="mm")
        quarter = ("1st", "2nd", "3rd", "4th")[place % 4]
        pen.text((x, bottom + 36), quarter, font=font(32), fill=INK, anchor="mm")
    for text, at in (("last year", 2), ("this year", 6)):
        pen.text((left + step * at, bottom + 92), text, font=font(34), fill=GREY, anchor="mm")
    pen.line((left + step * 4, bottom + 16, left + step * 4, bottom + 112), fill="#c9c2b4", width=2)
    return sheet


def tram_map() -> Image.Image:
    """Draw the four tram lines of Port Averin."""
    k = 2
    sheet = Image.new("RGB", (WIDTH * k, HEIGHT * k), PAPER)
    pen = ImageDraw.Draw(sheet)

    def path(points: Sequence[tuple[float, float]], fill: str, width: float) -> None:
        scaled = [(x * k, y * k) for x, y in points]
        pen.line(scaled, fill=fill, width=round(width * k), joint="curve")
        for x, y in (scaled[0], scaled[-1]):
            half = width * k / 2
            pen.ellipse((x - half, y - half, x + half, y + half), fill=fill)

    river = [(-60, 330), (300, 330), (560, 590), (1000, 590), (1230, 820), (1230, 1200)]
    path(river, "#cfe0e6", 96)
    pen.text((196 * k, 308 * k), "Teyn", font=font(40 * k), fill="#7f9fac")
    pen.polygon(
        [
            (1380 * k, 0),
            (1600 * k, 0),
            (1600 * k, 620 * k),
            (1500 * k, 520 * k),
            (1500 * k, 120 * k),
        ],
        fill="#cfe0e6",
    )
    lines = {
        "1": ("#b5442e", [(140, 150), (420, 150), (760, 490), (760, 930)]),
        "2": ("#2f6690", [(120, 700), (470, 700), (680, 490), (1080, 490), (1420, 150)]),
        "3": ("#4a7c59", [(300, 950), (560, 690), (760, 690), (960, 690), (1400, 690)]),
        "4": (
            "#d39b2c",
            [(760, 120), (760, 300), (950, 490), (950, 790), (1110, 950), (1450, 950)],
        ),
    }
    for hue, points in lines.values():
        path(points, hue, 17)
    stops = [
        (140, 150, "Weissjoch Gate", "lb"), (420, 150, "University", "lb"),
        (610, 340, "Saint Orrin", "rm"), (760, 490, "Old Exchange", "rb"),
        (760, 690, "Fish Market", "rb"), (760, 930, "Lindmark Pier", "rm"),
        (120, 700, "Lowmarsh Road", "lt"), (470, 700, "Candle Hill", "rb"),
        (950, 490, "Ropewalk", "lb"), (1080, 490, "Town Hall", "lt"),
        (1250, 320, "Pilot Station", "rb"), (1420, 150, "Lower Mole", "rb"),
        (300, 950, "Grey Point", "lt"), (950, 690, "Teyn Bridge", "lt"),
        (1180, 690, "Hospital", "lb"), (1400, 690, "Stadium", "lb"),
        (760, 120, "Upper Weir", "lm"), (760, 300, "Castle", "lm"),
        (1110, 950, "Shipyard", "lt"), (1450, 950, "East Gate", "lt"),
    ]  # fmt: skip
    crossings = {"Old Exchange", "Ropewalk", "Fish Market", "Teyn Bridge"}
    for x, y, name, anchor in stops:
        radius = 19 if name in crossings else 12
        pen.ellipse(
            ((x - radius) * k, (y - radius) * k, (x + radius) * k, (y + radius) * k),
            fill="#ffffff",
            outline=INK,
            width=5 * k,
        )
        dx = {"l": 22, "r": -22}[anchor[0]]
        dy = {"t": 22, "b": -20, "m": 0}[anchor[1]]
        pen.text(((x + dx) * k, (y + dy) * k), name, font=font(29 * k), fill=INK,
                 anchor=anchor[0] + {"t": "t", "b": "b", "m": "m"}[anchor[1]])  # fmt: skip
    for number, (hue, points) in lines.items():
        x, y = points[0]
        x, y = {"1": (x - 62, y), "2": (x, y - 62), "3": (x - 62, y), "4": (x, y - 62)}[number]
        pen.rounded_rectangle(
            ((x - 27) * k, (y - 27) * k, (x + 27) * k, (y + 27) * k), 8 * k, fill=hue
        )
        pen.text((x * k, y * k), number, font=font(38 * k), fill="#ffffff", anchor="mm")
    return sheet.resize((WIDTH, HEIGHT), Image.Resampling.LANCZOS)
