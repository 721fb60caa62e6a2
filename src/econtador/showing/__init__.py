"""How values show themselves: one description of a page, in HTML for a notebook and in text for a terminal.

At the bottom of the package: it knows no company and no portal. What is on a page is said where the values are.
"""
