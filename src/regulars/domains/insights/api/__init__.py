"""The routes of insights: the report from what is recorded now, and the metrics from the lake."""

from regulars.domains.insights.api import benefits, members, metrics, report
from regulars.platform.http import routing

router = routing.Router()
router.include_router(report.router)
router.include_router(benefits.router)
router.include_router(metrics.router)
router.include_router(members.router)

__all__ = ["router"]
