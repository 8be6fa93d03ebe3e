"""The slices. A slice imports only slices below it; docs/architecture.md has the ladder, import-linter enforces it."""
