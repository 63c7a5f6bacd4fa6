"""The map of the day as a PNG: each dot a paper under its number, near to those like it; each bubble a theme.

Drawn by Pillow: a 7 MB wheel with a font of its own, where matplotlib would be 40 MB with its dependencies
and a second of import. It needs no display.
"""

from io import BytesIO

import numpy as np
from PIL import Image, ImageDraw, ImageFont

from bot.digest.digest import Digest
from bot.digest.layout import WIDTH, Bubble, Map, lay_out
from bot.digest.themes import Labels
from bot.digest.view import view_of
from bot.library.embeddings import Vectors

# Okabe and Ito's colours, told apart by the colour-blind, the lightest last; the shapes tell the rounds apart.
_COLOURS = ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9", "#6B6B6B", "#F0E442")
_SIDES = (0, 4, 6, 3)  # corners of a dot by rounds of the colours: circle, square, hexagon, triangle
_INK, _SOFT, _PAPER = "#1c1e21", "#5a6068", "#ffffff"
_MARGIN = 44.0
_HEAD = 128.0  # height of title and intro
_SHARP = 2  # drawn so many times larger, for smooth edges
_NAME, _SIZE, _LINE = 34, 26, 40  # of a label: font sizes of name and number of papers, height of a line


def draw_map(digest: Digest, labels: Labels, vectors: Vectors) -> bytes | None:
    """The PNG for `digest`, 1200 pixels wide; None where it has no papers.

    `labels` and `vectors` are those of its papers, in their order.
    """
    if not digest.papers:
        return None
    view = view_of(digest)
    names = [_wrapped(theme.name) for theme in view.themes]
    sizes = [_label_size(lines, theme.size) for lines, theme in zip(names, view.themes, strict=True)]
    where = lay_out(vectors, labels, sizes, _MARGIN)
    height = _HEAD + where.height
    image = Image.new("RGB", (round(WIDTH) * _SHARP, round(height) * _SHARP), _PAPER)
    draw = ImageDraw.Draw(image)
    _text(draw, _MARGIN, _MARGIN - 4, view.title, 42, _INK)
    intro = f"{view.intro} Each dot is a paper, by its number in the list."
    _text(draw, _MARGIN, _MARGIN + 52, intro, 25, _SOFT)
    numbers = np.array([p.n for p in digest.papers])
    for t, bubble in enumerate(where.bubbles):
        _bubble(draw, bubble, where, t, [int(n) for n in numbers[labels == t]])
        _label(draw, bubble, names[t], view.themes[t].size)
    small = image.resize((round(WIDTH), round(height)), Image.Resampling.LANCZOS)
    file = BytesIO()
    small.quantize(256, Image.Quantize.MEDIANCUT, dither=Image.Dither.NONE).save(file, "PNG")
    return file.getvalue()


def _bubble(draw: ImageDraw.ImageDraw, bubble: Bubble, where: Map, theme: int, numbers: list[int]) -> None:
    colour = _COLOURS[theme % len(_COLOURS)]
    sides = _SIDES[theme // len(_COLOURS) % len(_SIDES)]
    centre, radius = (bubble.x * _SHARP, (bubble.y + _HEAD) * _SHARP), bubble.radius * _SHARP
    draw.circle(centre, radius, fill=_mixed(colour, 0.13), outline=_mixed(colour, 0.4), width=_SHARP * 2)
    edge = tuple(round(0.75 * c) for c in _rgb(colour))
    for (x, y), n in zip(bubble.dots, numbers, strict=True):
        spot = (x * _SHARP, (y + _HEAD) * _SHARP)
        if sides:
            size = where.dot * _SHARP * (1.35 if sides == 3 else 1.14)
            draw.regular_polygon((*spot, size), sides, fill=colour, outline=edge)
        else:
            draw.circle(spot, where.dot * _SHARP, fill=colour, outline=edge, width=_SHARP)
        if where.dot >= 13:
            ink = "#ffffff" if _luminance(colour) < 0.28 else "#000000"
            font = ImageFont.load_default(where.dot * (1.1 if n < 100 else 0.85) * _SHARP)
            draw.text(spot, str(n), ink, font, anchor="mm")


def _label(draw: ImageDraw.ImageDraw, bubble: Bubble, lines: list[str], size: str) -> None:
    y = bubble.label.top + _HEAD + 6
    for line in lines:
        _text(draw, bubble.x, y, line, _NAME, _INK, "ma")
        y += _LINE
    _text(draw, bubble.x, y, size, _SIZE, _SOFT, "ma")


def _label_size(lines: list[str], size: str) -> tuple[float, float]:
    width = max([_length(line, _NAME) for line in lines] + [_length(size, _SIZE)])
    return width + 4, 6 + _LINE * len(lines) + _SIZE * 1.3


def _wrapped(name: str) -> list[str]:
    """`name` on one line, or on the two that are most alike in length."""
    words = name.split()
    if len(name) <= 18 or len(words) < 2:
        return [name]
    ways = [[" ".join(words[:i]), " ".join(words[i:])] for i in range(1, len(words))]
    return min(ways, key=lambda way: max(map(len, way)))


def _length(text: str, size: int) -> float:
    return float(ImageFont.load_default(size * _SHARP).getlength(text)) / _SHARP


def _text(
    draw: ImageDraw.ImageDraw, x: float, y: float, text: str, size: int, colour: str, anchor: str = "la"
) -> None:
    """Draw `text`, made smaller where it would leave the picture."""
    room = WIDTH - _MARGIN - x if anchor == "la" else WIDTH
    while size > 12 and _length(text, size) > room:
        size -= 1
    draw.text((x * _SHARP, y * _SHARP), text, colour, ImageFont.load_default(size * _SHARP), anchor=anchor)


def _rgb(colour: str) -> tuple[int, int, int]:
    return int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16)


def _mixed(colour: str, share: float) -> tuple[int, int, int]:
    """`colour` on white, `share` of it."""
    r, g, b = (round(255 - (255 - c) * share) for c in _rgb(colour))
    return r, g, b


def _luminance(colour: str) -> float:
    """Relative luminance, 0–1 (WCAG 2)."""
    linear = [c / 12.92 if c <= 0.03928 else ((c + 0.055) / 1.055) ** 2.4 for c in (v / 255 for v in _rgb(colour))]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
