"""The verbs of insights: the report from PostgreSQL by name, everything else by module.

From the lake: ``overview`` · ``returning`` (repurchase, conversion, intervals) · ``retention`` (cohorts, activity, activation) ·
``selling`` (revenue, points, tiers) · ``drilling`` (the members behind a number) · ``tabling`` (answers as spreadsheets).
Into it: ``deriving`` · ``exporting`` · ``calendar``.
"""

from regulars.domains.insights.service.reporting import content, report

__all__ = ["content", "report"]
