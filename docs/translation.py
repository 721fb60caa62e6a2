"""The guide in Portuguese: what is still to be translated, or has changed since.

    python docs/translation.py            # say what is missing; the exit code is 1 if anything is
    python docs/translation.py --update   # bring docs/locale up to date with the pages, then say the same

The pages that are translated are a list here; reference and what is for who works on the library stay English.
Needs ``pip install -e ".[docs]"``.
"""

import argparse
import datetime
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po, write_po

HERE: Final = Path(__file__).parent
LOCALE: Final = HERE / "locale"
CATALOGUES: Final = LOCALE / "pt_BR" / "LC_MESSAGES"

_NEVER: Final = datetime.datetime(2026, 1, 1, tzinfo=datetime.UTC)
"""Their dates are git's to tell; one that changes with each update would only make noise."""

GUIDE: Final = (
    *("index", "start", "article", "screenshots"),
    *("reading", "fitting", "worklist", "notebook", "command-line", "portal", "practice-portal"),
    *("testing-your-tool", "many-machines", "examples", "recipes"),
    *("once-only", "facts", "reasons", "errors", "glossary"),
)
"""The pages that a user reads."""


def _read(path: Path) -> Catalog:
    if not path.exists():
        return Catalog()
    with path.open("rb") as file:
        return read_po(file, locale="pt_BR")


def extract(folder: Path) -> None:
    """The texts of every page, into *folder*."""
    command = [sys.executable, "-m", "sphinx", "-q", "-b", "gettext", str(HERE), str(folder)]
    subprocess.run(command, check=True)


def update(templates: Path) -> None:
    """Bring the guide's catalogues up to date; what is translated stays."""
    CATALOGUES.mkdir(parents=True, exist_ok=True)
    for page in GUIDE:
        kept = _read(CATALOGUES / f"{page}.po")
        made = Catalog(
            locale="pt_BR",
            project="econtador",
            version="0",
            msgid_bugs_address="-",
            fuzzy=False,
            header_comment=f"# {page}, in Portuguese.",
            last_translator="econtador maintainers",
            language_team="Portuguese (Brazil)",
            creation_date=_NEVER,
            revision_date=_NEVER,
        )
        for message in _read(templates / f"{page}.pot"):
            if message.id:
                known = kept.get(message.id)
                made.add(message.id, known.string if known else "")
        with (CATALOGUES / f"{page}.po").open("wb") as file:
            write_po(file, made, width=0, omit_header=False)


def missing(templates: Path) -> Iterator[str]:
    """Each text of the guide that has no translation, or an unsure one."""
    for page in GUIDE:
        translated = _read(CATALOGUES / f"{page}.po")
        for message in _read(templates / f"{page}.pot"):
            if not message.id:
                continue
            found = translated.get(message.id)
            if found is None or not found.string or found.fuzzy:
                yield f"{page}: {str(message.id)[:90]}"


def main(updating: bool) -> int:
    """Update if asked to, say what is missing, return the exit code."""
    with tempfile.TemporaryDirectory() as folder:
        templates = Path(folder)
        extract(templates)
        if updating:
            update(templates)
        left = list(missing(templates))
    print("\n".join(left) or "every text of the guide is translated")
    return int(bool(left))


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--update", action="store_true", help="bring docs/locale up to date first")
    sys.exit(main(parser.parse_args().update))
