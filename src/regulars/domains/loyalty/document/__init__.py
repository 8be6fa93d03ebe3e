"""The programme document: what an operator writes. YAML in and out, typed in between, compiled for the engine."""

from regulars.domains.loyalty.document.build import build, registry
from regulars.domains.loyalty.document.compare import Change, changes
from regulars.domains.loyalty.document.items import Item
from regulars.domains.loyalty.document.outline import outline
from regulars.domains.loyalty.document.schema import BAD_DOCUMENT, Document, read, write

__all__ = ["BAD_DOCUMENT", "Change", "Document", "Item", "build", "changes", "outline", "read", "registry", "write"]
