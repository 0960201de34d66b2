"""How the documentation site is made; `python docs/build.py` stages the pages and runs Sphinx with this."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent / "_ext"))

from magneton import __version__

project = "magneton"
author = "The magneton developers"
project_copyright = "The magneton developers, Apache License 2.0"
version = release = __version__

extensions = [
    "sphinx.ext.autodoc",
    "sphinx.ext.autosummary",
    "numpydoc",
    "myst_parser",
    "sphinxcontrib.bibtex",
    "citations",
    "magnitudes",
    "mathml",
    "public_names",
]
exclude_patterns = ["_ext", "_static"]
default_role = "py:obj"
suppress_warnings: list[str] = []

# Guide pages link to headings of each other as GitHub names them.
myst_heading_anchors = 3
myst_enable_extensions = ["colon_fence"]

# Types are part of numpydoc's parameter lists; signatures stay short.
autodoc_typehints = "none"
autodoc_member_order = "bysource"
maximum_signature_line_length = 80
autosummary_generate = False
numpydoc_show_class_members = False

bibtex_bibfiles = ["references.bib"]
bibtex_default_style = "by_key"

html_theme = "pydata_sphinx_theme"
html_title = "magneton"
html_static_path = ["_static"]
html_css_files = ["site.css"]
html_show_sourcelink = False
html_copy_source = False
#: Pages with nothing below them to navigate to.
ALONE = ("index", "gallery/index", "bibliography", "CONTRIBUTING", "ARCHITECTURE", "CHANGELOG")
html_sidebars = {page: [] for page in ALONE}
html_theme_options = {
    "collapse_navigation": True,
    "navbar_end": ["theme-switcher"],
    "navbar_align": "left",
    "navigation_with_keys": True,
    "show_toc_level": 2,
    "footer_start": ["copyright"],
    "footer_end": [],
    "pygments_light_style": "a11y-high-contrast-light",
    "pygments_dark_style": "a11y-high-contrast-dark",
}
