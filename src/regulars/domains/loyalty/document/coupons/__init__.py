"""Coupons of the programme document: typed parts, compiled for pricing, read aloud in both languages."""

from regulars.domains.loyalty.document.coupons.compiling import Within, build
from regulars.domains.loyalty.document.coupons.reading import sentence
from regulars.domains.loyalty.document.coupons.schema import Coupon, Lane

__all__ = ["Coupon", "Lane", "Within", "build", "sentence"]
