"""How requests are carried, whichever library of the httpx line does it: ``_httpx`` and ``_httpx2`` beside this fill it in."""
