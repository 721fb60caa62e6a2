"""How the portal writes things down: JSON:API documents to models and back.

The portal's own spellings stand in this package and nowhere else, a room for each family of resources
(:mod:`.empresas`, :mod:`.pessoal`, :mod:`.documentos`, :mod:`.envios`): which attribute is which of our
fields, as data. The rest is the machinery that reads that data: :mod:`.jsonapi` takes documents apart,
:mod:`.converting` reads and writes single values, :mod:`.resource` puts models together, :mod:`.query`
spells what a listing asks for.
"""
