"""Generated cases without a clock: what is slow on a busy machine is not wrong."""

from hypothesis import HealthCheck, settings

settings.register_profile("arobase", max_examples=50, deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("arobase")
