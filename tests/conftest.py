"""For all tests: no limit on the time of one example, which a busy machine would pass now and then."""

from hypothesis import settings

settings.register_profile("any machine", deadline=None)
settings.load_profile("any machine")
