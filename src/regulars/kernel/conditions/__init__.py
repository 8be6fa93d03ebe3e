"""The one language in which the house asks whether something is true of a member, an order or an event.

``parse`` turns react-querybuilder's JSON (with ``listsAsArrays``) into a typed tree, or raises one problem that names every
mistake by its path; ``compile`` turns the tree into a fast predicate over attribute values. Its invariants:

- a tree that was parsed can be compiled, written back (``to_json``) and read aloud (``sentence``) without another check;
- a comparison with an unknown value (missing or None) is false whatever the operator, also ``!=`` and ``notIn``; only ``null`` is
  true of it. ``not`` on a group turns its truth round, so ``not (city = "Leeds")`` is true of an unknown city;
- text is compared exactly, capitals included; money in minor units; instants in UTC.

It never reads a clock, a store or a file: what behaviour counts, a provider says.
"""

from regulars.kernel.conditions.compiling import Counter, Predicate, Provider, compile  # noqa: A004 - the word of the contract.
from regulars.kernel.conditions.model import (
    IMPOSSIBLE,
    INVALID,
    Behaviour,
    Comparison,
    Group,
    Match,
    Node,
    Operator,
    Scalar,
    Tree,
    Value,
    Values,
    Window,
)
from regulars.kernel.conditions.parsing import MAX_DEPTH, MAX_NODES, parse
from regulars.kernel.conditions.reading import LeafResult, attributes_read, explain
from regulars.kernel.conditions.writing import said, sentence, to_json

__all__ = [
    "IMPOSSIBLE",
    "INVALID",
    "MAX_DEPTH",
    "MAX_NODES",
    "Behaviour",
    "Comparison",
    "Counter",
    "Group",
    "LeafResult",
    "Match",
    "Node",
    "Operator",
    "Predicate",
    "Provider",
    "Scalar",
    "Tree",
    "Value",
    "Values",
    "Window",
    "attributes_read",
    "compile",
    "explain",
    "parse",
    "said",
    "sentence",
    "to_json",
]
