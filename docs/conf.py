"""Sphinx: ``python -m sphinx -n -W docs docs/_build``."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent / "_ext"))

project = "econtador"
author = "econtador maintainers"
html_theme = "furo"
html_title = "econtador"
html_show_copyright = False
extensions = ["myst_parser", "sphinx.ext.autodoc", "codes", "public_names", "resources", "transitions"]
exclude_patterns = ["_build"]
myst_enable_extensions = ["attrs_block", "colon_fence", "deflist"]
myst_heading_anchors = 3
default_role = "code"
# Quotation marks only: two hyphens are an option's, and no dash.
smartquotes_action = "qe"
# The guide in Portuguese: docs/translation.py.
locale_dirs = ["locale"]
gettext_compact = False
gettext_location = False

autodoc_member_order = "bysource"
# What frames and workbooks are made from is no business of the reference.
autodoc_default_options = {"members": True, "exclude-members": "sheets, tabular"}
autodoc_typehints = "signature"
python_maximum_signature_line_length = 80
python_use_unqualified_type_names = True
toc_object_entries_show_parents = "hide"

# Names that are not told here, and nothing else: those of the standard library and of other packages (there is no
# inventory of theirs without a network), and the parameters of generic types.
_ELSEWHERE = (
    "attrs?|collections|contextlib|datetime|decimal|enum|os|pathlib|types|typing|typing_extensions|unicodedata"
    "|httpx2?|pandas|polars|sqlalchemy"
)
nitpick_ignore_regex = [
    ("py:.*", rf"({_ELSEWHERE})(\..*)?"),
    ("py:(class|obj)", r"(.*\.)?[A-Z](_co|_contra)?|JSON"),
]
