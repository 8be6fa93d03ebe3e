"""Metrics: counted where they should be, under few labels."""

from datetime import UTC, datetime

from prometheus_client.parser import text_string_to_metric_families

from regulars.platform.metrics import CONTENT_TYPE, Metrics
from regulars.platform.outbox import Backlog


def samples(metrics: Metrics) -> dict[str, float]:
    """Every sample but buckets, as ``name{label=value}``."""
    found = {}
    for family in text_string_to_metric_families(metrics.render().decode()):
        for one in family.samples:
            if not one.name.endswith(("_bucket", "_created")):
                labels = ",".join(f"{key}={value}" for key, value in sorted(one.labels.items()))
                found[f"{one.name}{{{labels}}}" if labels else one.name] = one.value
    return found


def test_requests_are_counted_by_method_template_and_status() -> None:
    metrics = Metrics()
    metrics.request(method="POST", route="/v1/orders", status=200, seconds=0.01)
    metrics.request(method="POST", route="/v1/orders", status=200, seconds=0.03)
    metrics.request(method="POST", route="/v1/orders", status=409, seconds=0.5)
    found = samples(metrics)
    assert found["regulars_http_request_seconds_count{method=POST,route=/v1/orders,status=200}"] == 2
    assert found["regulars_http_request_seconds_sum{method=POST,route=/v1/orders,status=200}"] == 0.04
    assert found["regulars_http_request_seconds_count{method=POST,route=/v1/orders,status=409}"] == 1


def test_a_batcher_is_given_what_counts_its_batches() -> None:
    metrics = Metrics()
    observers = metrics.batches()
    observers.size(12)
    observers.waited(0.002)
    observers.ran(0.25)
    found = samples(metrics)
    assert (found["regulars_batch_size_sum"], found["regulars_batch_size_count"]) == (12, 1)
    assert found["regulars_batch_wait_seconds_sum"] == 0.002
    assert found["regulars_batch_run_seconds_sum"] == 0.25


def test_the_outbox_shows_what_waits_what_is_retried_and_what_is_parked() -> None:
    metrics = Metrics()
    metrics.outbox(Backlog(waiting=5, retrying=2, parked=1, oldest=datetime(2026, 3, 1, tzinfo=UTC)), 42.5)
    found = samples(metrics)
    states = {state: found[f"regulars_outbox_events{{state={state}}}"] for state in ("waiting", "retrying", "parked")}
    assert states == {"waiting": 5, "retrying": 2, "parked": 1}
    assert found["regulars_outbox_lag_seconds"] == 42.5


def test_import_rows_add_up_by_outcome() -> None:
    metrics = Metrics()
    metrics.imported("quarantined", 3)
    metrics.imported("quarantined", 4)
    assert samples(metrics)["regulars_import_rows_total{outcome=quarantined}"] == 7


def test_the_pool_is_asked_when_it_is_scraped() -> None:
    metrics, used = Metrics(), [1.0]
    metrics.watch_pool(in_use=lambda: used[0], idle=lambda: 9.0)
    used[0] = 4.0
    found = samples(metrics)
    assert (found["regulars_db_connections{state=in_use}"], found["regulars_db_connections{state=idle}"]) == (4, 9)


def test_two_applications_count_apart() -> None:
    one, other = Metrics(), Metrics()
    one.imported("imported", 1)
    assert "regulars_import_rows_total{outcome=imported}" not in samples(other)


def test_the_media_type_is_prometheus_own() -> None:
    assert CONTENT_TYPE.startswith("text/plain; version=")
