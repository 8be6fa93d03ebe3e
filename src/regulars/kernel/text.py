"""What a person reads, in both languages of the house."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Text:
    """One label or sentence in English and in Chinese. Raises ``ValueError`` when either is blank."""

    en: str
    zh: str

    def __post_init__(self) -> None:
        if not self.en.strip() or not self.zh.strip():
            raise ValueError("a text is needed in English and in Chinese")

    def in_(self, language: str) -> str:
        """The Chinese text when ``language`` begins with ``zh`` (``zh``, ``zh-CN``, ``zh-Hans`` …), else the English one."""
        return self.zh if language.lower().startswith("zh") else self.en
