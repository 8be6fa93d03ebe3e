"""How often Python looks for garbage in cycles."""

import atexit
import gc


def collect_rarely() -> None:
    """The collector leaves alone what is loaded by now, and looks for cycles among new objects a hundred times less often.

    For long-lived processes, once everything is imported. A batch makes and drops hundreds of thousands of small objects none of
    which is in a cycle; looking for them took a third of the engine's time (bench/engine.py, bench/verifying.py).
    """
    gc.collect()
    gc.freeze()
    # At its end the process takes leave of what was loaded as any other does: libraries report what is still there as leaked.
    atexit.register(gc.unfreeze)
    gc.set_threshold(100_000, 20, 50)
