"""The picture and the table of the statuses, drawn from ``TRANSITIONS`` itself."""

import math
from html import escape

from docutils import nodes
from docutils.parsers.rst import Directive
from sphinx.application import Sphinx

from econtador.integration.status import TRANSITIONS, Outcome, Status

# Where each status stands, in pixels; a status without a place stops the build.
_PLACES = {
    Status.DESLIGADA: (90, 60),
    Status.NAO_INTEGRADO: (190, 210),
    Status.FALHOU: (90, 360),
    Status.EM_ENVIO: (440, 210),
    Status.EM_DUVIDA: (440, 60),
    Status.INTEGRADO: (690, 210),
    Status.ATIVO: (690, 360),
}
_HALF = (70, 22)


def _border(start: tuple[float, float], end: tuple[float, float]) -> tuple[float, float]:
    """Where the line from *start* to *end* meets the box around *end*."""
    dx, dy = start[0] - end[0], start[1] - end[1]
    scale = min(_HALF[0] / abs(dx) if dx else math.inf, _HALF[1] / abs(dy) if dy else math.inf)
    return end[0] + dx * scale, end[1] + dy * scale


def _arrow(before: Status, outcome: Outcome, then: Status) -> str:
    (x1, y1), (x2, y2) = _PLACES[before], _PLACES[then]
    length = math.dist((x1, y1), (x2, y2))
    # Bent to its own right, so that a way and the way back lie apart.
    bend = 26 if length < 400 else 70
    mx, my = (x1 + x2) / 2 - (y2 - y1) / length * bend, (y1 + y2) / 2 + (x2 - x1) / length * bend
    sx, sy = _border((mx, my), (x1, y1))
    ex, ey = _border((mx, my), (x2, y2))
    tx, ty = (sx + 2 * mx + ex) / 4, (sy + 2 * my + ey) / 4
    return (
        f'<path d="M{sx:.0f},{sy:.0f} Q{mx:.0f},{my:.0f} {ex:.0f},{ey:.0f}" fill="none" stroke="currentColor" '
        'marker-end="url(#tip)"/>'
        f'<text x="{tx:.0f}" y="{ty:.0f}" font-size="11" text-anchor="middle" fill="currentColor" '
        f'stroke="var(--color-background-primary, white)" stroke-width="4" paint-order="stroke">{escape(outcome.value)}</text>'
    )


def _box(status: Status) -> str:
    x, y = _PLACES[status]
    weight = "2.5" if status.of_gap else "1"
    return (
        f'<rect x="{x - _HALF[0]}" y="{y - _HALF[1]}" width="{2 * _HALF[0]}" height="{2 * _HALF[1]}" rx="8" '
        f'fill="var(--color-background-secondary, #f6f6f6)" stroke="currentColor" stroke-width="{weight}"/>'
        f'<text x="{x}" y="{y + 5}" text-anchor="middle" font-size="14" fill="currentColor">{escape(status.value)}</text>'
    )


def picture() -> str:
    """The statuses and every way between them, as SVG. GAP's own words have a thick border."""
    arrows = "".join(_arrow(before, outcome, then) for (before, outcome), then in TRANSITIONS.items())
    boxes = "".join(_box(status) for status in Status)
    return (
        '<svg viewBox="0 0 800 420" role="img" aria-label="Statuses and transitions" style="max-width:100%">'
        '<defs><marker id="tip" viewBox="0 0 10 10" refX="9" refY="5" markerWidth="7" markerHeight="7" '
        'orient="auto-start-reverse"><path d="M0,0 L10,5 L0,10 z" fill="currentColor"/></marker></defs>'
        f"{arrows}{boxes}</svg>"
    )


class Transitions(Directive):
    """``{transitions}``: the picture, then the table."""

    def run(self) -> list[nodes.Node]:
        rows = "".join(
            f"<tr><td>{escape(before.value)}</td><td><code>{escape(outcome.value)}</code></td>"
            f"<td>{escape(outcome.label)}</td><td>{escape(then.value)}</td></tr>"
            for (before, outcome), then in TRANSITIONS.items()
        )
        table = (
            '<div class="table-wrapper docutils container"><table class="docutils"><thead><tr><th>from</th><th>outcome</th><th>in the logs</th>'
            f"<th>to</th></tr></thead><tbody>{rows}</tbody></table></div>"
        )
        return [nodes.raw("", picture() + table, format="html")]


def setup(app: Sphinx) -> dict[str, bool]:
    app.add_directive("transitions", Transitions)
    return {"parallel_read_safe": True}
