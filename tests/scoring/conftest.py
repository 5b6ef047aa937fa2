"""Generated cases without a clock: what is slow on a busy machine is not wrong."""

import os

from hypothesis import HealthCheck, Phase, settings

settings.register_profile("arobase", max_examples=30, deadline=None, suppress_health_check=[HealthCheck.too_slow])
# For `make mutants`: the same few cases each time, and none made smaller, since only failing counts.
settings.register_profile(
    "mutants",
    settings.get_profile("arobase"),
    max_examples=8,
    derandomize=True,
    database=None,
    phases=[Phase.explicit, Phase.generate],
)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "arobase"))
