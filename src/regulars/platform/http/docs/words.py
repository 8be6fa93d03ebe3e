"""What the documentation page itself says, in both languages."""

from collections.abc import Mapping

from regulars.platform.http.language import Language

_WORDS: Mapping[str, tuple[str, str]] = {
    "skip": ("Skip to the contents", "跳到正文"),
    "other": ("中文", "English"),
    "contents": ("Contents", "目录"),
    "machine": ("OpenAPI document", "OpenAPI 文档"),
    "permission": ("Permission", "权限"),
    "signed_in": ("any signed-in caller", "任何已登录的调用方"),
    "public": ("nobody is asked who they are", "无需登录"),
    "parameters": ("Parameters", "参数"),
    "body": ("Body", "请求体"),
    "answers": ("Answers", "响应"),
    "try": ("Try it", "试一试"),
    "example": ("Example", "示例"),
    "name": ("Name", "名称"),
    "where": ("In", "位置"),
    "type": ("Type", "类型"),
    "meaning": ("Meaning", "说明"),
    "required": ("required", "必填"),
    "shapes": ("Shapes", "数据结构"),
    "problems": ("Problems", "错误码"),
    "problems_intro": (
        "Every refusal is application/problem+json (RFC 9457). A program branches on the code; Accept-Language chooses the language.",
        "所有拒绝均以 application/problem+json（RFC 9457）返回。程序请依据错误码判断；语言由 Accept-Language 决定。",
    ),
    "code": ("Code", "错误码"),
    "status": ("Status", "状态码"),
    "text": ("Text", "文字"),
    "or": ("or", "或"),
    "list_of": ("list of", "列表："),
    "anything": ("anything", "任意"),
    "default_is": ("default", "默认"),
}
_PLACES: Mapping[str, tuple[str, str]] = {
    "path": ("address", "路径"),
    "query": ("query", "查询参数"),
    "header": ("header", "请求头"),
    "cookie": ("cookie", "Cookie"),
}


def say(key: str, speak: Language) -> str:
    """The page's own word for ``key``."""
    return _WORDS[key][speak == "zh"]


def place(where: str, speak: Language) -> str:
    """Where a parameter goes."""
    return _PLACES[where][speak == "zh"]
