"""How hard hypothesis tries: ``fast`` while writing, ``ci`` in ``make test``, ``prove`` in ``make prove``."""

import os

from hypothesis import HealthCheck, settings

ENVIRONMENT = "HYPOTHESIS_PROFILE"
PROVE_EXAMPLES = 1000

# Tests with a real database are slower than hypothesis expects of one example: what they take is no failure of the property.
_PATIENT = (HealthCheck.too_slow, HealthCheck.data_too_large)


def register() -> str:
    """Register the profiles and load the one that ``HYPOTHESIS_PROFILE`` names (``ci`` if it is unset); return its name.

    Raises hypothesis' ``InvalidArgument`` for a name that is none of them.
    """
    settings.register_profile("fast", max_examples=20, deadline=None, suppress_health_check=_PATIENT)
    # The same examples on every machine and every run: a red build is red for everybody, and `prove` does the searching.
    settings.register_profile("ci", max_examples=60, deadline=None, suppress_health_check=_PATIENT, derandomize=True)
    settings.register_profile("prove", max_examples=PROVE_EXAMPLES, deadline=None, suppress_health_check=_PATIENT, print_blob=True)
    chosen = os.environ.get(ENVIRONMENT, "ci")
    settings.load_profile(chosen)
    return chosen
