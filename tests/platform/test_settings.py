"""Settings: defaults, the environment, and what is refused."""

from pathlib import Path

import pytest
from pydantic import SecretStr, ValidationError

from regulars.app import settings as app_settings
from regulars.kernel.problem import Fault, Problem
from regulars.platform.settings import Settings


@pytest.fixture(autouse=True)
def clean_environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in ("DATABASE_URL", "REGULARS_DATA_DIR", "REGULARS_KEY_DIR", "REGULARS_PORT", "XDG_CONFIG_HOME"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    monkeypatch.chdir(tmp_path)


def faults_of(**overrides: object) -> tuple[Fault, ...]:
    with pytest.raises(Problem) as caught:
        app_settings.load(**overrides)
    assert caught.value.code == "settings.invalid"
    return caught.value.faults


def test_every_setting_has_its_default(tmp_path: Path) -> None:
    assert app_settings.load().model_dump() == {
        "data_dir": tmp_path / "data",
        "key_dir": tmp_path / "home/.config/regulars/keys",
        "database_url": None,
        "pool_size": 10,
        "host": "127.0.0.1",
        "port": 8700,
        "log_level": "info",
        "docs": True,
        "batch_max": 512,
        "batch_wait_ms": 1,
        "request_max_bytes": 1_048_576,
        "batch_body_max_bytes": 67_108_864,
        "session_hours": 12,
        "dev_inbox": "auto",
        "outbox_lag_max_seconds": 300,
        "lake_seconds": 60,
        "adjustment_limit": 10_000,
        "upload_keep_days": 30,
        "upload_max_bytes": 2_147_483_648,
        "webhook_networks": "none",
        "shutdown_seconds": 20,
    }


def test_the_environment_sets_and_arguments_win(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("REGULARS_PORT", "9000")
    monkeypatch.setenv("REGULARS_DOCS", "off")
    monkeypatch.setenv("REGULARS_LOG_LEVEL", "")
    monkeypatch.setenv("DATABASE_URL", "postgresql://u:hush@db/regulars")
    found = app_settings.load(host="0.0.0.0")  # noqa: S104 - a value like any other here
    assert (found.host, found.port, found.docs, found.log_level) == ("0.0.0.0", 9000, False, "info")  # noqa: S104 - the same
    assert found.database_url == SecretStr("postgresql://u:hush@db/regulars")
    assert app_settings.load(port=9001).port == 9001


def test_settings_never_change_and_never_show_the_database_password(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgresql://u:hush@db/regulars")
    found = app_settings.load()
    assert "hush" not in repr(found) + str(found) + str(found.model_dump())
    with pytest.raises(ValidationError):
        found.port = 1


def test_paths_become_absolute_and_the_home_folder_is_understood(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("REGULARS_DATA_DIR", "~/shop")
    monkeypatch.setenv("REGULARS_KEY_DIR", "elsewhere/../keys")
    found = app_settings.load()
    assert (found.data_dir, found.key_dir) == (tmp_path / "home/shop", tmp_path / "keys")


def test_keys_live_under_the_configuration_folder_the_user_chose(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    assert app_settings.load().key_dir == tmp_path / "config/regulars/keys"


@pytest.mark.parametrize("inside", ["data", "data/keys", "data/x/../y"])
def test_keys_inside_the_data_folder_are_refused(inside: str) -> None:
    assert faults_of(data_dir="data", key_dir=inside) == (
        Fault(
            field="REGULARS_KEY_DIR",
            value="(inside data_dir)",
            expected="key_dir must lie outside data_dir: a backup of the data must not carry its keys",
        ),
    )


def test_every_wrong_value_is_named_at_once_and_secrets_are_hidden(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", "mysql://u:hush@db")
    monkeypatch.setenv("REGULARS_PORT", "99999999")
    monkeypatch.setenv("REGULARS_BATCH_MAX", "many")
    found = faults_of()
    assert found == (
        Fault(field="DATABASE_URL", value="(hidden)", expected="an address that begins with postgresql://"),
        Fault(field="REGULARS_PORT", value="99999999", expected="Input should be less than or equal to 65535"),
        Fault(field="REGULARS_BATCH_MAX", value="many", expected="Input should be a valid integer, unable to parse string as an integer"),
    )


def test_a_misspelt_variable_is_refused_with_the_nearest_name(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("REGULARS_PROT", "9000")
    assert faults_of() == (Fault(field="REGULARS_PROT", value="(set)", expected="REGULARS_PORT"),)


def test_the_refusal_speaks_both_languages(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("REGULARS_PROT", "9000")
    with pytest.raises(Problem) as caught:
        app_settings.load()
    assert caught.value.text("en") == "The settings are not valid: REGULARS_PROT: (set) — REGULARS_PORT"
    assert caught.value.text("zh") == "配置有误：REGULARS_PROT: (set) — REGULARS_PORT"


def test_a_dot_env_file_is_not_read(tmp_path: Path) -> None:
    (tmp_path / ".env").write_text("REGULARS_PORT=1234\n")
    assert app_settings.load().port == 8700


def test_an_unknown_argument_is_refused() -> None:
    assert faults_of(prot=1)[0].field == "REGULARS_PROT"


def test_each_setting_says_what_it_is_for() -> None:
    assert [name for name, field in Settings.model_fields.items() if not field.description] == []


def test_networks_for_webhooks_are_networks(monkeypatch: pytest.MonkeyPatch) -> None:
    assert app_settings.load().webhook_own == ()
    monkeypatch.setenv("REGULARS_WEBHOOK_NETWORKS", "10.2.0.0/16, ::1/128")
    assert [str(network) for network in app_settings.load().webhook_own] == ["10.2.0.0/16", "::1/128"]
    monkeypatch.setenv("REGULARS_WEBHOOK_NETWORKS", "10.2.0.1/16")
    with pytest.raises(Problem, match=r"REGULARS_WEBHOOK_NETWORKS: 10\.2\.0\.1/16 — none, or networks like"):
        app_settings.load()
