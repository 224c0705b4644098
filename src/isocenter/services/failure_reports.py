"""Why an analysis failed, as a text or a picture for those who cannot show text."""

import io
import textwrap

from PIL import Image, ImageDraw

from isocenter.store.analysis_orders import Order

_LINE_CHARACTERS = 100
_LINES_MAX = 400
_LINE_PIXELS, _CHARACTER_PIXELS, _MARGIN = 14, 7, 16


def failure_text(order: Order) -> str:
    """Return what is known of a failure: no name of a file and nothing of the patient."""
    lines = [
        f"Analysis {order.analysis} failed.",
        f"Order: {order.id}",
        f"Attempts: {order.attempts}",
        f"Reason: {order.error}",
    ]
    if order.log:
        lines += ["", "What it printed last:", order.log]
    return "\n".join(lines) + "\n"


def failure_picture(text: str) -> bytes:
    """Return a text as a PNG, black on white; its end is cut where it is too long."""
    lines = [
        part
        for line in text.splitlines()
        for part in textwrap.wrap(line, _LINE_CHARACTERS, drop_whitespace=False) or [""]
    ][:_LINES_MAX]
    width = _LINE_CHARACTERS * _CHARACTER_PIXELS + 2 * _MARGIN
    picture = Image.new("L", (width, len(lines) * _LINE_PIXELS + 2 * _MARGIN), "white")
    draw = ImageDraw.Draw(picture)
    for number, line in enumerate(lines):
        # The font of Pillow itself, which every machine has.
        draw.text((_MARGIN, _MARGIN + number * _LINE_PIXELS), line, fill="black")
    target = io.BytesIO()
    picture.save(target, "PNG")
    return target.getvalue()
