"""Templates: whole programmes to begin from."""

from regulars.domains.loyalty.api import schemas
from regulars.domains.loyalty.service import templating
from regulars.platform.http import auth, routing
from regulars.platform.http.responses import Json

router = routing.Router(prefix="/v1/programme/templates", tags=["programme"])


class TemplateLabelOut(schemas.Out):
    """A template's name in both languages."""

    en: str
    zh: str


class TemplateOut(schemas.Out):
    """A programme that runs as it is; `document` is its YAML."""

    template: str
    label: TemplateLabelOut
    document: str


class TemplatesOut(schemas.Out):
    """Every template."""

    items: list[TemplateOut]


@router.get(
    "",
    response_model=TemplatesOut,
    dependencies=[auth.needs("programme.read")],
    openapi_extra=routing.said(en="List templates", zh="会员计划模板", description_zh="可直接运行的完整会员计划。"),
)
def list_templates() -> Json:
    """Programmes that run as they are, to begin from."""
    items = [
        {"template": one.name, "label": {"en": one.label.en, "zh": one.label.zh}, "document": one.text} for one in templating.templates()
    ]
    return Json({"items": items})
