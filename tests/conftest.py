"""Settings for every test."""

from hypothesis import settings

# the first optimizer takes a second to import, and CI's machine is shared: time is what the benchmarks measure
settings.register_profile("untimed", deadline=None)
settings.load_profile("untimed")
