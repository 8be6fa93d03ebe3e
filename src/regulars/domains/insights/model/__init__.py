"""What insights answers with: the report, the metrics and the tables of the lake.

``report`` the main numbers from PostgreSQL · ``metrics`` what each number means · ``answers`` what is asked and answered · ``lake_tables``
and ``derived`` what the lake holds.
"""

from regulars.domains.insights.model.report import DEFINITIONS, WINDOWS, Report, Repurchase, UnitSums

__all__ = ["DEFINITIONS", "WINDOWS", "Report", "Repurchase", "UnitSums"]
