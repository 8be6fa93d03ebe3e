"""What goes into the wheel besides sources: the built pages, so that whoever installs it needs no Node, and compiled rules where asked.

No pages are built when ``web/`` is absent (a source distribution carries the built pages), when they are up to date, for an editable
install, or with ``REGULARS_SKIP_UI=1`` (no npm registry at hand): the server then says that the pages are not built. Rules are compiled
with ``REGULARS_COMPILE_RULES=1``, and then the wheel is one of this platform and this Python; without it, it is everybody's.
"""

import os
import sys
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

ROOT = Path(__file__).resolve().parent.parent


class WheelHook(BuildHookInterface):  # type: ignore[type-arg, misc, unused-ignore]  # hatchling's own types are loose
    """Hatchling calls it before it packs."""

    PLUGIN_NAME = "custom"

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Pages and compiled rules will be packed, though git ignores them. Raises when their build fails."""
        static = ROOT / "src" / "regulars" / "app" / "static"
        skipped = os.environ.get("REGULARS_SKIP_UI") == "1" or version == "editable"
        if not skipped and (ROOT / "web" / "package.json").is_file():
            sys.path.insert(0, str(ROOT))
            from tools import build_ui  # noqa: PLC0415 - found only now

            build_ui.build()
        if static.is_dir():
            build_data["artifacts"].append("src/regulars/app/static/**")
        if os.environ.get("REGULARS_COMPILE_RULES") == "1" and version != "editable":
            _add_compiled_rules(build_data)


def _add_compiled_rules(build_data: dict[str, Any]) -> None:
    sys.path.insert(0, str(ROOT))
    from tools import compile_rules  # noqa: PLC0415 - found only now

    built = ROOT / ".cache" / "compiled"
    build_data["force_include"].update({str(file): str(file.relative_to(built)) for file in compile_rules.build(built)})
    build_data["pure_python"], build_data["infer_tag"] = False, True
