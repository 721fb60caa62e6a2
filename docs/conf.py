"""Sphinx: ``python -m sphinx -n -W docs docs/_build``."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent / "_ext"))

project = "econtador"
author = "econtador maintainers"
html_theme = "furo"
html_title = "econtador"
extensions = ["myst_parser", "sphinx.ext.autodoc", "transitions"]
exclude_patterns = ["_build"]
myst_enable_extensions = ["colon_fence", "deflist"]
myst_heading_anchors = 3
autodoc_member_order = "bysource"
autodoc_typehints = "none"
# Roles in docstrings name things of the standard library and of attrs, which are not linked here.
nitpick_ignore_regex = [("py:.*", r".*")]
default_role = "code"
