"""The house rules that imports cannot show, read off the syntax tree. ``python -m tools.lint`` prints every breach and exits 1.

Needs nothing but Python, except :mod:`tools.lint.contracts` (import-linter) and :mod:`tools.lint.schema`, which loads the product.
"""
