"""Generated cases without a clock: what is slow on a busy machine is not wrong."""

from hypothesis import settings

settings.register_profile("arobase", max_examples=50, deadline=None)
settings.load_profile("arobase")
