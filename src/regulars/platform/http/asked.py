"""A request whose headers are found by name at once.

The framework keeps headers as a list and walks through it, encoding the name anew, each time one is asked for. Before a write route runs,
six are: who calls, where from, with what kind of body and how much of it.
"""

from typing import Any

from starlette.datastructures import Headers
from starlette.requests import Request


class Asked(Request):
    """What came in, as a route sees it."""

    @property
    def headers(self) -> Headers:
        found: Headers | None = self.scope.get(_HEADERS)
        if found is None:
            found = self.scope[_HEADERS] = _ByName(scope=self.scope)
        return found


_HEADERS = "regulars.headers"


class _ByName(Headers):
    """The framework's headers, with the first value of each name at hand."""

    def __init__(self, *, scope: Any) -> None:
        super().__init__(scope=scope)
        # From the last to the first, so that the first of several stays, as in a walk.
        self._values = {name.decode("latin-1"): value.decode("latin-1") for name, value in reversed(self.raw)}

    def __getitem__(self, key: str) -> str:
        return self._values[key.lower()]

    def get(self, key: str, default: Any = None) -> Any:
        return self._values.get(key.lower(), default)

    def __contains__(self, key: object) -> bool:
        return isinstance(key, str) and key.lower() in self._values
