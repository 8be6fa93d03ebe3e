"""What the API takes and gives is what its OpenAPI document says: schemathesis looks for a 500 and for answers the schema forbids."""

import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import hypothesis
import pytest
import schemathesis
from schemathesis.checks import not_a_server_error
from schemathesis.core.result import Err
from schemathesis.specs.openapi import checks

from regulars.domains.loyalty import service
from regulars.platform.crypto import Keyring
from regulars.platform.db import Database
from tests.domains.loyalty import programmes
from tests.support import served

CHECKS = (
    not_a_server_error,
    checks.status_code_conformance,
    checks.content_type_conformance,
    checks.response_schema_conformance,
    checks.response_headers_conformance,
)


@schemathesis.serializer("application/x-ndjson")
def _lines(_context: Any, value: Any) -> bytes:
    """Whatever was generated for a stream, as one line of it."""
    return value if isinstance(value, bytes) else json.dumps(value).encode()


def _operations(app: Any) -> Iterator[Any]:
    for found in schemathesis.openapi.from_asgi("/openapi.json", app).get_all_operations():
        assert not isinstance(found, Err), found
        yield found.ok()


def _tried(db: Database, keyring: Keyring, folder: Path, examples: int) -> None:
    with db.transaction() as ctx:
        service.publish(ctx, service.add_draft(ctx, programmes.PLAIN).version)
    with served.client(db, keyring, folder) as api:
        api.post("/v1/orders", json=served.order("1", 12_500))
        asked = 0
        for operation in _operations(served.application(db, keyring, folder)):
            _try(operation, str(api.base_url), examples)
            asked += 1
    assert asked > 60
    served.clean(db)


def _try(operation: Any, base: str, examples: int) -> None:
    limits = hypothesis.settings(
        max_examples=examples, deadline=None, database=None, derandomize=examples < 10, suppress_health_check=list(hypothesis.HealthCheck)
    )

    @limits
    @hypothesis.given(case=operation.as_strategy())
    def sent(case: Any) -> None:
        case.call_and_validate(base_url=base, headers={served.PERMISSIONS: "*"}, checks=CHECKS)

    sent()


@pytest.mark.slow
def test_no_call_ends_in_a_500_or_an_answer_the_document_forbids(db: Database, keyring: Keyring, tmp_path: Path) -> None:
    _tried(db, keyring, tmp_path, 3)


@pytest.mark.prove
def test_no_call_of_many_ends_in_a_500_or_an_answer_the_document_forbids(db: Database, keyring: Keyring, tmp_path: Path) -> None:
    _tried(db, keyring, tmp_path, int(os.environ.get("CONTRACT_EXAMPLES", "100")))
