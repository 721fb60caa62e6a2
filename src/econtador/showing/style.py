"""The style of pages in a notebook. Every rule is of one class, so that nothing else in the notebook changes."""

from typing import Final

__all__ = ["STYLE"]

_LIGHT: Final = (
    "--ink:#1f2328;--soft:#5b636d;--line:#d6dbe1;--paper:#fff;--wash:#f5f7f9;color-scheme:light;"
    "--good:#1a7f4b;--known:#2563b8;--calm:#8b939d;--watch:#b87a00;--bad:#c02f2b;--lost:#fbdcda;--lost-ink:#8f1d1a"
)
_DARK: Final = (
    "--ink:#e3e6ea;--soft:#9aa3ad;--line:#3b424b;--paper:#14171b;--wash:#1d2126;color-scheme:dark;"
    "--good:#3fb27a;--known:#5f9df0;--calm:#767f89;--watch:#d9a02b;--bad:#ef6a64;--lost:#5a2422;--lost-ink:#ffc9c5"
)

# Twice the class: the notebooks' own rules for tables are as strong as two classes.
_OF: Final = "div.econtador.econtador"

_RULES: Final = {
    "": "font:13px/1.45 system-ui,-apple-system,'Segoe UI',Roboto,sans-serif;color:var(--ink);background:var(--paper);"
    "max-width:1100px;padding:10px 14px;border:1px solid var(--line);border-radius:6px;text-align:left",
    " *": "box-sizing:border-box",
    " p.title": "font-weight:600;font-size:14px;margin:0 0 8px;color:var(--ink);overflow-wrap:anywhere",
    " .bar": "display:flex;gap:2px;height:8px;border-radius:4px;overflow:hidden",
    " .bar i": "min-width:4px",
    " ul": "margin:4px 0;padding:0 0 0 18px;list-style:disc;color:var(--ink)",
    " li": "margin:2px 0;overflow-wrap:anywhere",
    " ul.counts": "display:flex;flex-wrap:wrap;gap:2px 16px;margin:6px 0 0;padding:0;list-style:none",
    " .counts i": "display:inline-block;width:9px;height:9px;border-radius:2px;margin-right:6px",
    " i.good": "background:var(--good)",
    " i.known": "background:var(--known)",
    " i.calm": "background:var(--calm)",
    " i.watch": "background:var(--watch)",
    " i.bad": "background:var(--bad)",
    " section": "overflow-x:auto;margin:14px 0 0;padding:0 0 0 10px;border-left:3px solid var(--line)",
    " section.attention": "border-left-color:var(--bad)",
    " h4": "font-size:13px;font-weight:600;line-height:1.45;margin:0 0 4px;padding:0;color:var(--ink)",
    " h4 span": "color:var(--bad);font-weight:700",
    " table": "border-collapse:collapse;border:0;margin:0;table-layout:fixed;font:inherit;color:inherit;display:table",
    " tbody tr:nth-child(n)": "background:none;border:0;border-top:1px solid var(--line)",
    " tbody tr:nth-child(n):hover": "background:var(--wash)",
    " thead tr": "border:0",
    " tbody tr td": "text-align:left;vertical-align:top;line-height:1.45;padding:3px 12px 3px 0;border:0;max-width:none;"
    "white-space:normal;overflow-wrap:anywhere;color:var(--ink)",
    " tbody tr td.number": "text-align:right;font-variant-numeric:tabular-nums",
    " thead tr th.number": "text-align:right",
    " thead tr th": "text-align:left;vertical-align:bottom;line-height:1.45;padding:3px 12px 3px 0;border:0;font-weight:500;"
    "color:var(--soft);background:none;overflow-wrap:anywhere",
    " summary": "cursor:pointer;color:var(--soft);padding:3px 0",
    " details": "margin:0",
    " .more": "color:var(--soft);margin:4px 0 0",
    " .change": "display:flex;gap:8px",
    " .change small": "flex:0 0 44px;font-size:11px;line-height:1.7;color:var(--soft)",
    " .change bdi": "white-space:pre-wrap",
    " del": "background:var(--lost);color:var(--lost-ink);text-decoration:line-through;border-radius:2px;"
    "-webkit-box-decoration-break:clone;box-decoration-break:clone",
    " progress": "width:min(100%,420px);height:12px;accent-color:var(--known);display:block;margin:6px 0",
}

# What the notebook says goes before what the system says.
_WHERE_LIGHT: Final = ("[data-jp-theme-light=true]", ".vscode-light", "[data-theme=light]")
_WHERE_DARK: Final = (
    "[data-jp-theme-light=false]",
    ".vscode-dark",
    ".vscode-high-contrast",
    "[data-theme=dark]",
)


def _written() -> str:
    colours = (
        f"{_OF}{{{_LIGHT}}}@media (prefers-color-scheme:dark){{{_OF}{{{_DARK}}}}}",
        f"{','.join(f'{where} {_OF}' for where in _WHERE_LIGHT)}{{{_LIGHT}}}",
        f"{','.join(f'{where} {_OF}' for where in _WHERE_DARK)}{{{_DARK}}}",
    )
    return "".join([*colours, *(f"{_OF}{which}{{{how}}}" for which, how in _RULES.items())])


STYLE: Final = _written()
"""As it stands in a ``<style>``."""
