"""The standard's library for JavaScript verifies our webhooks, under the old and the new secret alike, and no altered body."""

import json
import subprocess
from datetime import UTC, datetime

import pytest

from regulars.domains.webhooks.rules import catalogue, signing
from tools import ui_node

_MISSING = not (ui_node.WEB / "node_modules" / "standardwebhooks").is_dir()
_SCRIPT = """
import { Webhook } from "standardwebhooks";
const { body, headers, secrets } = JSON.parse(process.argv[1]);
const verified = secrets.map((secret) => new Webhook(secret).verify(body, headers).type);
let altered = "taken";
try { new Webhook(secrets[0]).verify(body + " ", headers); } catch (refused) { altered = refused.message; }
console.log(JSON.stringify([...verified, altered]));
"""


@pytest.mark.skipif(_MISSING, reason="the packages of the pages are not installed: python tools/build_ui.py")
def test_the_library_of_the_standard_for_javascript_verifies() -> None:
    keys = [bytes(range(32)), b"sixteen plus eight octets"]
    body = json.dumps(catalogue.TYPES["tiers.changed"].example(), ensure_ascii=False)
    headers = signing.headers("msg_01jf3q7t5v8x9y0z1a2b3c4d5e", body, at=datetime.now(UTC), keys=keys)
    given = json.dumps({"body": body, "headers": headers, "secrets": [signing.secret_text(key) for key in keys]})
    done = subprocess.run(
        [str(ui_node._node()), "--input-type=module", "-e", _SCRIPT, "--", given],
        cwd=ui_node.WEB,
        capture_output=True,
        text=True,
        check=True,
    )
    assert json.loads(done.stdout) == ["tiers.changed", "tiers.changed", "No matching signature found"]
