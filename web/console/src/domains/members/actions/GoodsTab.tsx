import { useMay } from "@regulars/shared/session/session";
import type { Card } from "../people";
import { BenefitsPart } from "./BenefitsPart";
import { CouponsPart } from "./CouponsPart";
import { RedemptionsPart } from "./RedemptionsPart";
import { RewardsPart } from "./RewardsPart";

/** What the member has and had besides points - coupons, benefits, rewards - and what of it can be taken back. */
export function GoodsTab({ card }: { card: Card }) {
  const may = useMay();
  const member = card.person.id;
  return (
    <div className="members-parts">
      {may("coupons.read") && <CouponsPart member={member} />}
      {may("benefits.read") && <BenefitsPart card={card} />}
      {may("rewards.read") && <RewardsPart card={card} />}
      {may("points.read") && <RedemptionsPart member={member} />}
    </div>
  );
}
