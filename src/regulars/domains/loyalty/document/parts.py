"""What every part of the document is made of: strict types, names in both languages, bounded numbers."""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from regulars.kernel.text import Text

Id = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_-]{0,39}$")]
Amount = Annotated[int, Field(ge=0, le=10**12)]
Positive = Annotated[int, Field(ge=1, le=10**12)]
Share = Annotated[int, Field(ge=0, le=10_000)]


class Part(BaseModel):
    """Every part of the document: strict types, no unknown fields, immutable."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)


class Label(Part):
    """A name in both languages."""

    en: Annotated[str, Field(min_length=1, max_length=80)]
    zh: Annotated[str, Field(min_length=1, max_length=80)]

    @property
    def text(self) -> Text:
        """The name as the engine says it."""
        return Text(en=self.en, zh=self.zh)
