"""``python -m tools.mutate points.rules loyalty.rules.earn``: how many small faults in these rules their tests without a database notice.

mutmut writes the faults. They stay in memory, each awake in one forked process: no file is changed. Of many, a sample is tried that
``--seed`` repeats; ``--show`` prints those that nobody noticed.
"""

import argparse
import difflib
import gc
import importlib
import os
import random
import signal
import sys
import time
from collections.abc import Callable, Sequence
from functools import wraps
from importlib.machinery import ModuleSpec, SourceFileLoader
from importlib.util import spec_from_file_location
from pathlib import Path
from types import CodeType

import hypothesis
import libcst as cst
import pytest
from mutmut.mutation import file_mutation

ROOM = "regulars.domains."
_OPTIONS = "-q -W ignore::pytest.PytestAssertRewriteWarning --assert=plain --tb=line -p no:cacheprovider -p no:randomly -p no:xdist"


class Mutated(SourceFileLoader):
    """A module with all its faults, asleep; whoever imports the module gets this one."""

    def __init__(self, name: str, *, size: int, seed: int) -> None:
        path = Path("src", *name.split(".")).with_suffix(".py")
        super().__init__(name, str(path))
        tree, found, *ignored = file_mutation.create_mutations(str(path), path.read_text("utf-8"))
        faults = [one for one in found if isinstance(one.contained_by_top_level_function, cst.FunctionDef)]
        chosen = random.Random(seed).sample(faults, size) if len(faults) > size else faults  # noqa: S311 - no secret
        # Only what is tried is written out: mutmut copies the whole function for each fault.
        written = file_mutation.combine_mutations_to_source(tree, chosen, *ignored)
        self.code, self.spans, self.sample = written.code, written.line_span_by_function_name, written.mutant_names
        self.all = len(faults)

    def find_spec(self, fullname: str, path: object, target: object = None) -> ModuleSpec | None:  # noqa: ARG002 - so Python asks
        """This loader for its module."""
        return spec_from_file_location(fullname, self.path, loader=self) if fullname == self.name else None

    def get_code(self, fullname: str) -> CodeType:  # noqa: ARG002 - Python's signature
        """The code with the faults in it."""
        return compile(self.code, self.path, "exec")

    def difference(self, fault: str) -> list[str]:
        """The lines that the fault changes."""
        names, lines = (f"{fault.rpartition('_')[0]}_orig", fault), self.code.splitlines()
        right, wrong = ([line.replace(name, "") for line in lines[self.spans[name].start - 1 : self.spans[name].end]] for name in names)
        return [line for line in list(difflib.unified_diff(right, wrong, n=0, lineterm=""))[2:] if line[0] in "-+"]


class Hunt:
    """A pytest plugin that wakes fault after fault and runs the tests that pass by, instead of running all tests once."""

    def __init__(self, modules: Sequence[Mutated], *, show: bool) -> None:
        self.modules, self.show, self.called = modules, show, set[str]()
        self.tests: dict[str, list[tuple[float, pytest.Item]]] = {}

    @pytest.hookimpl(tryfirst=True)
    def pytest_collection(self) -> None:
        """One failing example is enough: it is neither made smaller nor kept."""
        phases, fast = (hypothesis.Phase.explicit, hypothesis.Phase.generate), hypothesis.settings.get_profile("fast")
        hypothesis.settings.register_profile("mutate", fast, phases=phases, database=None, derandomize=True)
        hypothesis.settings.load_profile("mutate")

    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        """Only tests without a database remain."""
        items[:] = [item for item in items if "server" not in getattr(item, "fixturenames", ())]

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        """Every fault of the samples was awake once."""
        session.config.pluginmanager.unregister(name="terminalreporter")
        for module in self.modules:
            for name, ways in vars(importlib.import_module(module.name)).items():
                if name.startswith("mutants_x"):
                    ways["_mutmut_orig"] = self._watched(f"{module.name}.{name.removeprefix('mutants_')}", ways["_mutmut_orig"])
        for item in session.items:
            self.called.clear()
            started = time.process_time()
            if not _passes(session, item):
                raise pytest.UsageError(f"{item.nodeid} fails without any fault")
            for name in self.called:
                self.tests.setdefault(name, []).append((time.process_time() - started, item))
        gc.freeze()  # What no child touches, no child copies.
        for module in self.modules:
            missed = [fault for fault in module.sample if not self._noticed(session, f"{module.name}.{fault}")]
            tried = len(module.sample)
            score = f"{100 - 100 * len(missed) / tried:.1f} %" if tried else "none"
            print(f"{module.name.removeprefix(ROOM):<32}{module.all:>7}{tried:>8}{tried - len(missed):>9}{score:>9}", flush=True)
            for fault in missed if self.show else ():
                print(fault, *module.difference(fault), sep="\n  ", flush=True)
        return True

    def _watched(self, name: str, function: Callable[..., object]) -> Callable[..., object]:
        """``function``, which leaves its name in ``called``."""

        @wraps(function)
        def watched(*args: object, **kwargs: object) -> object:
            self.called.add(name)
            return function(*args, **kwargs)

        return watched

    def _noticed(self, session: pytest.Session, fault: str) -> bool:
        """Whether a test fails, or never ends, while ``fault`` is awake."""
        tests = sorted(self.tests.get(fault.rpartition("_")[0], []), key=lambda known: known[0])
        if child := os.fork():
            return os.waitpid(child, 0)[1] != 0
        os.environ["MUTANT_UNDER_TEST"] = fault
        for seconds, item in tests:
            # Processor time, as nobody is to blame for a busy machine.
            signal.setitimer(signal.ITIMER_PROF, 1 + 10 * seconds)
            if not _passes(session, item):
                os._exit(1)
        os._exit(0)


def _passes(session: pytest.Session, item: pytest.Item) -> bool:
    item.ihook.pytest_runtest_protocol(item=item, nextitem=None)
    return not session.testsfailed


def main() -> int:
    """Print the table; the tests are those of the modules' slices."""
    parser = argparse.ArgumentParser(prog="python -m tools.mutate", description=__doc__)
    parser.add_argument("modules", nargs="+", help="below regulars.domains")
    parser.add_argument("--sample", type=int, default=120, help="the most faults tried of a module")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--show", action="store_true", help="print what nobody noticed")
    given = parser.parse_args()
    modules = [Mutated(ROOM + name, size=given.sample, seed=given.seed) for name in given.modules]
    sys.meta_path[:0] = modules
    folders = sorted({f"tests/domains/{name.split('.')[0]}" for name in given.modules})
    print(f"{'module':<32}{'faults':>7}{'tried':>8}{'noticed':>9}{'score':>9}")
    return int(pytest.main([*_OPTIONS.split(), *folders], plugins=[Hunt(modules, show=given.show)]))


if __name__ == "__main__":
    sys.exit(main())
