"""The one place where settings are read from the environment."""

import os
from difflib import get_close_matches

from pydantic import ValidationError

from regulars.kernel import problem
from regulars.kernel.problem import Fault, Kind, Problem
from regulars.platform.settings import PREFIX, Settings

INVALID = problem.define(
    "settings.invalid",
    Kind.invalid,
    en="The settings are not valid: {summary}",
    zh="配置有误：{summary}",
)


def load(**overrides: object) -> Settings:
    """The settings of this process: ``overrides`` first, then the environment, then the defaults.

    Raises ``settings.invalid`` naming each variable, also one that begins with ``REGULARS_`` and means nothing (a misspelling
    would otherwise be ignored in silence). Values of secrets are not shown.
    """
    unknown = _unknown()
    if unknown:
        raise _problem(unknown)
    try:
        return Settings(**overrides)  # type: ignore[arg-type]  # pydantic checks them
    except ValidationError as wrong:
        raise _problem([_fault(dict(e)) for e in wrong.errors(include_url=False)]) from None


def _unknown() -> list[Fault]:
    known = sorted(PREFIX + name.upper() for name in Settings.model_fields if name != "database_url")
    return [
        Fault(field=name, value="(set)", expected=", ".join(get_close_matches(name, known, n=1)) or "one of " + ", ".join(known))
        for name in sorted(os.environ)
        if name.upper().startswith(PREFIX) and name.upper() not in known
    ]


def _fault(error: dict[str, object]) -> Fault:
    place = error["loc"]
    name = str(place[0]) if isinstance(place, tuple) and place else "key_dir"
    variable = name if name == "DATABASE_URL" else PREFIX + name.upper()
    secret = name in {"DATABASE_URL", "database_url"}
    shown = "(hidden)" if secret else str(error["input"])[:120] if place else "(inside data_dir)"
    return Fault(field=variable, value=shown, expected=str(error["msg"]).removeprefix("Value error, "))


def _problem(faults: list[Fault]) -> Problem:
    summary = "; ".join(f"{f.field}: {f.value} — {f.expected}" for f in faults)
    return INVALID(summary=summary, faults=tuple(faults))
