"""The consents a member is asked for on its own pages, in plain words. Version ``WORDING`` of these texts is what they agree to."""

from dataclasses import dataclass

from regulars.kernel.text import Text

WORDING = "member-pages-1"


@dataclass(frozen=True, slots=True)
class Ask:
    """One question: a purpose, the channels it can be answered for, and its words."""

    purpose: str
    channels: tuple[str, ...]
    title: Text
    words: Text


CHANNELS = {
    "sms": Text(en="Text message", zh="短信"),
    "email": Text(en="E-mail", zh="邮件"),
    "wechat": Text(en="WeChat", zh="微信"),
    "push": Text(en="App notification", zh="应用推送"),
}
ASKED = (
    Ask(
        "marketing",
        ("sms", "email", "wechat", "push"),
        Text(en="Offers and news", zh="优惠与活动"),
        Text(
            en="We may tell you about offers, events and new products. You can say no at any time; your points and tier stay.",
            zh="我们可以向您发送优惠、活动和新品信息。您可随时关闭，积分和等级不受影响。",
        ),
    ),
    Ask(
        "surveys",
        ("sms", "email", "wechat", "push"),
        Text(en="Questions about your visit", zh="满意度调查"),
        Text(
            en="We may ask you now and then how your visit was. Answering is always up to you.",
            zh="我们可以偶尔邀请您评价购物体验，是否作答由您决定。",
        ),
    ),
)


def asked(purpose: str, channel: str) -> bool:
    """Whether members are asked about this purpose on this channel."""
    return any(one.purpose == purpose and channel in one.channels for one in ASKED)
