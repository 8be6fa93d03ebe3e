"""``python tools/ui_types.py``: the API's types for TypeScript, from its own description. ``--check``: are they up to date?"""

import argparse
import json
import sys
import tempfile
from pathlib import Path
from typing import Any

from regulars.app import http, serve
from regulars.platform.http import openapi
from tools import ui_node

CODEGEN = ui_node.WEB / "codegen"
TYPES = ui_node.WEB / "shared" / "src" / "api" / "schema.d.ts"


def document() -> dict[str, Any]:
    """The OpenAPI document of every slice's routes, without a server or a database."""
    routes = [route for router in serve.ROUTERS for route in router.routes]
    # The version changes with each release and no type depends on it.
    return openapi.build(routes, title=http.TITLE, version="0", description=http.DESCRIPTION)


def generate() -> str:
    """The TypeScript file for the document."""
    if not (CODEGEN / "node_modules").is_dir():
        ui_node.npm("ci", cwd=CODEGEN)
    with tempfile.TemporaryDirectory() as folder:
        source, made = Path(folder) / "openapi.json", Path(folder) / "schema.d.ts"
        source.write_text(json.dumps(document(), ensure_ascii=False), "utf-8")
        ui_node.tool("openapi-typescript", str(source), "-o", str(made), "--root-types=false", cwd=CODEGEN, quiet=True)
        return made.read_text("utf-8")


def main() -> int:
    """Write or compare; 1 when a comparison finds a difference."""
    parser = argparse.ArgumentParser(description="TypeScript types of the API.")
    parser.add_argument("--check", action="store_true", help="write nothing, fail when the committed types differ")
    fresh = generate()
    if parser.parse_args().check:
        if TYPES.read_text("utf-8") == fresh:
            print("API types are up to date.")
            return 0
        print("The API changed and its types did not: run `python tools/ui_types.py` and commit the result.", file=sys.stderr)
        return 1
    TYPES.write_text(fresh, "utf-8")
    print(f"Wrote {TYPES.relative_to(ui_node.WEB.parent)} ({len(fresh.splitlines()):,} lines).")
    return 0


if __name__ == "__main__":
    sys.exit(main())
