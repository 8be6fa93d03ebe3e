"""Three contract types that import-linter lacks: rules "for each slice", lists of what may be imported, libraries kept to some rooms.

They are named in ``.importlinter`` and are the only modules of this package that need a library.
"""

from collections.abc import Iterator
from typing import Any

from grimp import ImportGraph
from importlinter import Contract, ContractCheck, fields, output
from importlinter.domain.helpers import module_expressions_to_modules
from importlinter.domain.imports import ImportExpression

Breach = tuple[str, str, int]


def _inside(module: str, package: str) -> bool:
    """Whether ``module`` is ``package`` or lies below it."""
    return module == package or module.startswith(package + ".")


def _direct_imports(graph: ImportGraph) -> Iterator[Breach]:
    """Every import of the house, libraries included, with the first line that makes it."""
    for importer in sorted(graph.modules):
        if not graph.is_module_squashed(importer):
            for imported in sorted(graph.find_modules_directly_imported_by(importer)):
                details = graph.get_import_details(importer=importer, imported=imported)
                yield importer, imported, min((d["line_number"] for d in details), default=0)


class _DirectImports(Contract):
    """A contract about direct imports, each written exception being a pair of packages."""

    exceptions = fields.SetField(subfield=fields.ImportExpressionField(), required=False)
    broken_contract_guidance = fields.TextField(required=False)

    def breaches(self, graph: ImportGraph) -> Iterator[Breach]:
        """The imports that break the contract, exceptions still among them."""
        raise NotImplementedError

    def given(self, name: str) -> Any:
        """What the contract says under ``name``: import-linter's types tell of the field, not of its value."""
        return getattr(self, name)

    def named(self, graph: ImportGraph, option: str) -> set[str]:
        """The modules that the option's expressions name in this graph."""
        return {module.name for module in module_expressions_to_modules(graph, self.given(option))}

    def check(self, graph: ImportGraph, verbose: bool) -> ContractCheck:  # noqa: ARG002, FBT001 - import-linter's signature
        """Keep the contract when every breach is a written exception; warn about an exception nobody needs."""
        written: set[ImportExpression] = self.given("exceptions") or set()
        found, used = [], set()
        for breach in self.breaches(graph):
            excuse = [e for e in written if _inside(breach[0], str(e.importer)) and _inside(breach[1], str(e.imported))]
            used.update(excuse)
            if not excuse:
                found.append(breach)
        idle = [f"The exception {e} is not needed (any more)." for e in sorted(written - used, key=str)]
        return ContractCheck(kept=not found, warnings=idle, metadata={"breaches": found})

    def render_broken_contract(self, check: ContractCheck) -> None:
        """Name each breach with its line, then say what to do instead."""
        for importer, imported, line in check.metadata["breaches"]:
            output.print_error(f"- {importer} -> {imported} (l.{line})", bold=False)
        output.new_line()
        output.print(self.given("broken_contract_guidance") or "")
        output.new_line()


class PrivateInsides(_DirectImports):
    """Of each child package of ``container``, other children may import only ``open``; other rooms also ``open_to_other_rooms``."""

    type_name = "private_insides"

    container = fields.StringField()
    open = fields.SetField(subfield=fields.StringField())
    open_to_other_rooms = fields.SetField(subfield=fields.StringField(), required=False)

    def breaches(self, graph: ImportGraph) -> Iterator[Breach]:
        """Imports that reach past a slice's open files."""
        container: str = self.given("container")
        open_: set[str] = self.given("open")
        open_to_rooms = open_ | (self.given("open_to_other_rooms") or set())
        for importer, imported, line in _direct_imports(graph):
            slice_, _, file = imported.removeprefix(container + ".").partition(".")
            if not imported.startswith(container + ".") or not file or _inside(importer, f"{container}.{slice_}"):
                continue
            allowed = open_ if _inside(importer, container) else open_to_rooms
            if file.partition(".")[0] not in allowed:
                yield importer, imported, line


class OnlyThese(_DirectImports):
    """The ``source_modules`` import nothing of the house but themselves and ``allowed_modules`` (each with what lies below it)."""

    type_name = "only_these"

    source_modules = fields.SetField(subfield=fields.ModuleExpressionField())
    allowed_modules = fields.SetField(subfield=fields.ModuleExpressionField())

    def breaches(self, graph: ImportGraph) -> Iterator[Breach]:
        """Imports of something that is not on the list."""
        sources = self.named(graph, "source_modules")
        allowed = self.named(graph, "allowed_modules")
        root = self.session_options["root_packages"][0]
        for importer, imported, line in _direct_imports(graph):
            own = [s for s in sources if _inside(importer, s)]
            if own and _inside(imported, root) and not any(_inside(imported, package) for package in [*own, *allowed]):
                yield importer, imported, line


class OnlyIn(_DirectImports):
    """The libraries ``protected_modules`` are imported by ``allowed_importers`` (and what lies below them) alone.

    Unlike import-linter's own "protected", it does not mind a library that nobody imports yet.
    """

    type_name = "only_in"

    protected_modules = fields.SetField(subfield=fields.StringField())
    allowed_importers = fields.SetField(subfield=fields.ModuleExpressionField())

    def breaches(self, graph: ImportGraph) -> Iterator[Breach]:
        """Imports of a protected library from elsewhere."""
        protected: set[str] = self.given("protected_modules")
        allowed = self.named(graph, "allowed_importers")
        for importer, imported, line in _direct_imports(graph):
            if imported in protected and not any(_inside(importer, package) for package in allowed):
                yield importer, imported, line
