"""Charts as inline SVG: small pure functions, numbers in, markup out.

Bars that stand in a cell of a table take their lengths in percent of the cell, so that their text never scales; only
time series are drawn in a box of their own.  Colours are classes of the page's style sheet; no style stands here.
"""
