"""English words left in a Vietnamese text: what stands in quotation marks, in code or in the data does not count."""

import re

# Words that make an English sentence and are no Vietnamese ones; "an", "in", "so", "do", "to" and the like are both.
_LISTED = (
    "about above add after already are ask been before begin begins below both bring but cannot cells "
    "change check choose closest column columns correct could counted counts damaged day days does each "
    "ends every exports expected fewer file files for found from funnel gives give given goal has have "
    "header headers here holds how if is it its keep known lacks leave less like list lists lost make "
    "missing month months more name named neither never no none nor not nothing number numbers of once "
    "only or other others out own read reading row rows says scope seen shares should show shown some sum "
    "sums than that the their them there these they this those twice unless until use used value values "
    "was were what when where whether which whole will with within without write written wrote year years "
    "yet you your zeros "
)
_WORDS = frozenset(_LISTED.split())
_APART = re.compile(
    r"""“[^”]*”|`[^`]*`|'(?:[^'\\\n]|\\.)*'|"(?:[^"\\\n]|\\.)*\""""  # quoted
    r"""|<[^<>\n]*>|(?<!\w)--?[A-Za-z][\w-]*|\[[^\]\n]*\]|\S*[/\\_.=#@]\S+"""  # tags, options, tables, names of files
    r"""|\b[a-z_]+(?= = \\?[\["])"""  # keys of settings
)
_WORD = re.compile(r"(?<![\w-])[A-Za-z]+(?:'[a-z]+)?(?![\w-])")


def english_in(text: str, *, names: frozenset[str] = frozenset()) -> list[str]:
    """The lines of a text that hold English words; ``names`` are words of the data or of options that may stand there.

    >>> english_in("có 2 cột 'the same'"), english_in("x.csv: is empty"), english_in("tệp trống")
    ([], ['x.csv: is empty'], [])
    """
    return [line for line in text.splitlines() if (set(_WORD.findall(_APART.sub(" ", line))) - names) & _WORDS]
