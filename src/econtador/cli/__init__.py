"""The command line, ``econtador`` (extra ``cli``): the library's own words for a terminal and for scripts.

Nothing of the library imports it. A command reads its options (:mod:`.options`), does one thing with the library
(:mod:`.reading`, :mod:`.integrating`, :mod:`.looking`, :mod:`.practising`), and shows what came of it
(:mod:`.output`); :mod:`.app` puts them together, :mod:`.exits` says what each exit code means.
"""
