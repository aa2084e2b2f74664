"""Photos for the sample cases, drawn when they are needed: no picture of a real thing or place is kept."""

from __future__ import annotations

import io
import math
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from PIL.ImageDraw import ImageDraw

SIZE = (960, 720)
_METAL, _DARK, _LIGHT = (148, 156, 164), (52, 58, 66), (206, 212, 218)


def _bearing(draw: ImageDraw) -> None:
    """A ball bearing with a broken cage."""
    draw.ellipse((230, 110, 730, 610), fill=_METAL, outline=_DARK, width=6)
    draw.ellipse((290, 170, 670, 550), fill=(92, 98, 106))
    for step in range(11):
        angle = step * 2 * math.pi / 12
        x, y = 480 + 160 * math.cos(angle), 360 + 160 * math.sin(angle)
        draw.ellipse((x - 34, y - 34, x + 34, y + 34), fill=_LIGHT, outline=_DARK, width=3)
    draw.ellipse((370, 250, 590, 470), fill=_METAL, outline=_DARK, width=5)
    draw.ellipse((410, 290, 550, 430), fill=(34, 38, 44))
    draw.line((612, 250, 640, 286, 622, 300, 664, 332), fill=(120, 44, 30), width=6)


def _leak(draw: ImageDraw) -> None:
    """A pipe fitting and the oil under it."""
    draw.rectangle((60, 240, 900, 330), fill=_METAL, outline=_DARK, width=5)
    draw.polygon([(400, 200), (560, 200), (600, 285), (560, 370), (400, 370), (360, 285)], fill=_LIGHT, outline=_DARK)
    draw.ellipse((300, 560, 700, 650), fill=(96, 70, 24))
    for y in (400, 460, 520):
        draw.ellipse((466, y, 494, y + 38), fill=(120, 88, 30))


def _display(draw: ImageDraw) -> None:
    """A controller that shows an error."""
    draw.rounded_rectangle((180, 140, 780, 580), 30, fill=(44, 50, 58), outline=(20, 24, 28), width=8)
    draw.rectangle((240, 200, 720, 400), fill=(18, 26, 20))
    draw.text((300, 220), "Err 1", fill=(255, 92, 60), font_size=150)
    for x in (270, 410, 550):
        draw.rounded_rectangle((x, 450, x + 110, 530), 14, fill=(86, 94, 104))


def _roller(draw: ImageDraw) -> None:
    """Conveyor rollers, one of them worn."""
    for number, x in enumerate(range(80, 860, 130)):
        worn = number == 3
        draw.rounded_rectangle(
            (x, 120, x + 96, 620), 40, fill=(122, 92, 70) if worn else _METAL, outline=_DARK, width=4
        )
        if worn:
            for y in range(160, 590, 30):
                draw.line((x + 10, y, x + 86, y + 16), fill=(70, 46, 34), width=4)


def _crate(draw: ImageDraw) -> None:
    """A wooden crate with a broken corner."""
    draw.rectangle((160, 160, 800, 620), fill=(188, 150, 104), outline=(96, 70, 40), width=8)
    for y in range(236, 620, 76):
        draw.line((160, y, 800, y), fill=(96, 70, 40), width=5)
    draw.polygon([(640, 160), (800, 160), (800, 330), (740, 280), (716, 212)], fill=(40, 34, 28))


def _film(draw: ImageDraw) -> None:
    """A packed bag whose seam is open."""
    draw.rounded_rectangle((220, 130, 740, 610), 50, fill=(196, 214, 224), outline=(120, 140, 152), width=5)
    draw.rectangle((220, 190, 740, 214), fill=(150, 172, 184))
    draw.polygon([(470, 178), (620, 184), (600, 226), (490, 222)], fill=(60, 70, 78))


PHOTOS: Mapping[str, Callable[[ImageDraw], None]] = {
    "bearing": _bearing,
    "leak": _leak,
    "display": _display,
    "roller": _roller,
    "crate": _crate,
    "film": _film,
}
"""What can be drawn, by name."""


def photo(name: str) -> bytes:
    """Returns a drawn photo as JPEG, the same bytes each time. Raises KeyError for an unknown name."""
    from PIL import Image, ImageDraw

    picture = Image.new("RGB", SIZE, (226, 222, 214))
    draw = ImageDraw.Draw(picture)
    draw.rectangle((0, 560, SIZE[0], SIZE[1]), fill=(196, 190, 180))
    PHOTOS[name](draw)
    out = io.BytesIO()
    picture.save(out, "JPEG", quality=82)
    return out.getvalue()
