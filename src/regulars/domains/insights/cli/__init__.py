"""What the command line offers of insights: ``regulars report``."""

from regulars.domains.insights.cli.report import app, render

__all__ = ["app", "render"]
