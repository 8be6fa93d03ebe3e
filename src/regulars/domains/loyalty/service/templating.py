"""Templates: whole programmes that run as they are, to begin from."""

from dataclasses import dataclass
from importlib import resources

from regulars.domains.loyalty import document
from regulars.kernel import problem
from regulars.kernel.text import Text

NAMES = ("ecommerce", "restaurant")


@dataclass(frozen=True, slots=True)
class Template:
    """A programme by its name among the templates; ``text`` is the document as YAML, with its comments."""

    name: str
    label: Text
    text: str


def templates() -> list[Template]:
    """Every template."""
    return [get_template(name) for name in NAMES]


def get_template(name: str, *, currency: str = "", time_zone: str = "") -> Template:
    """The template, in another currency and time zone if they are given. Raises ``input.invalid``, ``programme.invalid``."""
    if name not in NAMES:
        raise problem.invalid("template", name, f"one of {', '.join(NAMES)}")
    text = resources.files("regulars.demo").joinpath("templates", f"{name}.yaml").read_text("utf-8")
    made = document.read(text)
    for field, old, new in (("currency", made.currency, currency), ("time_zone", made.time_zone, time_zone)):
        if new:
            text = text.replace(f"\n{field}: {old}\n", f"\n{field}: {new}\n", 1)
    return Template(name, document.read(text).name.text, text)
