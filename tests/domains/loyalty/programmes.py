"""Small programmes for tests, each as the YAML an operator would write."""

PLAIN = """
format: 1
name: {en: Plain, zh: 简单}
currency: GBP
time_zone: Europe/London
units:
  points:
    label: {en: points, zh: 积分}
    expiry: {rolling: {months: 12}}
    redeem: {points: 1, worth: 1}
    transfer: {per_day: 1000}
  growth:
    label: {en: growth value, zh: 成长值}
    expiry: {rolling: {days: 365}}
    on_refund: waive
ladder:
  unit: growth
  keep: {months: 12}
  levels:
    - {id: member, from: 0, label: {en: Member, zh: 普通}}
    - {id: silver, from: 100, label: {en: Silver, zh: 银卡}}
    - {id: gold, from: 300, label: {en: Gold, zh: 金卡}}
earning:
  - {id: base, label: {en: Base, zh: 基础}, unit: points, per_amount: {every: 100, give: 1}}
  - {id: growth, label: {en: Growth, zh: 成长}, unit: growth, per_amount: {every: 100, give: 1}}
"""


def changed(*pairs: tuple[str, str], more_rules: str = "") -> str:
    """``PLAIN`` with the given (old, new) replaced; each old text must be there."""
    text = PLAIN
    for old, new in pairs:
        if old not in text:
            raise ValueError(f"{old!r} is not in the programme")
        text = text.replace(old, new)
    return text + more_rules
