import { DownOutlined } from "@ant-design/icons";
import { useMay } from "@regulars/shared/session/session";
import { App, Button, Dropdown } from "antd";
import { type ComponentType, useEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import type { Card } from "../people";
import type { Act } from "./acts";
import { ExtendExpiry } from "./ExtendExpiry";
import { GiveCoupon } from "./GiveCoupon";
import { GiveLevel } from "./GiveLevel";
import { LoadValue } from "./LoadValue";
import { OrderReward } from "./OrderReward";
import { UseBenefit } from "./UseBenefit";
import { useUnits } from "./units";

const ACTS = {
  coupon: { permission: "coupons.give", Dialog: GiveCoupon },
  reward: { permission: "rewards.order", Dialog: OrderReward },
  benefit: { permission: "benefits.use", Dialog: UseBenefit },
  level: { permission: "tiers.give", Dialog: GiveLevel },
  load: { permission: "value.load", Dialog: LoadValue },
  extend: { permission: "points.adjust", Dialog: ExtendExpiry },
} as const satisfies Record<string, { permission: string; Dialog: ComponentType<Act> }>;
type Name = keyof typeof ACTS;

/** What can be given to a member by hand besides points; what it cannot be used for is not offered. */
export function Actions({ card }: { card: Card }) {
  const { t } = useTranslation("members");
  const may = useMay();
  const { message } = App.useApp();
  const { isMoney } = useUnits();
  const trigger = useRef<HTMLButtonElement>(null);
  const [open, setOpen] = useState<Name | null>(null);
  const before = useRef<Name | null>(null);
  useEffect(() => {
    if (before.current !== null && open === null) {
      // After the dialog has let go of the focus.
      setTimeout(() => trigger.current?.focus());
    }
    before.current = open;
  }, [open]);
  const blocked = card.person.status !== "active" || card.programme === null;
  const fits: Partial<Record<Name, boolean>> = {
    load: card.wallets.some((one) => isMoney(one.unit)),
    extend: card.wallets.some((one) => one.next_expiry !== null),
  };
  const names = (Object.keys(ACTS) as Name[]).filter((name) => may(ACTS[name].permission) && fits[name] !== false);
  if (names.length === 0) {
    return null;
  }
  const close = () => setOpen(null);
  const Dialog = open ? ACTS[open].Dialog : null;
  return (
    <>
      <Dropdown
        autoFocus
        disabled={blocked}
        trigger={["click"]}
        menu={{
          items: names.map((name) => ({ key: name, label: t(`act.${name}.title`) })),
          // After the key that chose it: the dialog takes the focus at once, and Enter would press the button that has it.
          onClick: ({ key }) => setTimeout(() => setOpen(key as Name)),
        }}
      >
        <Button ref={trigger} icon={<DownOutlined />} iconPlacement="end" title={blocked ? t("adjust.blocked") : ""}>
          {t("act.more")}
        </Button>
      </Dropdown>
      {Dialog && (
        <Dialog
          card={card}
          onClose={close}
          onDone={(told) => {
            close();
            void message.success(told);
          }}
        />
      )}
    </>
  );
}
