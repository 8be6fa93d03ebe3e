import { said } from "@regulars/shared/session/plan";
import { Sheet } from "../../parts/Sheet";
import { OrderForm } from "./OrderForm";
import type { Reward } from "./rewards";

/** Before something is ordered: what it costs, what I have and what I keep. */
export function OrderSheet({ reward, onClose }: { reward: Reward | null; onClose: () => void }) {
  return (
    <Sheet open={reward !== null} title={reward ? said(reward.label) : ""} onClose={onClose}>
      {reward && <OrderForm reward={reward} />}
    </Sheet>
  );
}
