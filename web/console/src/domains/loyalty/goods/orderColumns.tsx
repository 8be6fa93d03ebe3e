import type { Column } from "@regulars/shared/desk/table/columns";
import { instant } from "@regulars/shared/format/dates";
import { count, NONE } from "@regulars/shared/format/numbers";
import { titleAt, useOutline } from "@regulars/shared/session/outline";
import { useMemo } from "react";
import { useTranslation } from "react-i18next";
import type { RewardOrder } from "./goods";
import { MemberLink } from "./MemberLink";
import type { Called } from "./names";
import { usePrice } from "./rewardColumns";

/** The columns of reward orders. `onOpen` shows one beside the list. */
export function useOrderColumns(onOpen: (order: string) => void): readonly Column<Called<RewardOrder>>[] {
  const { t } = useTranslation("goods");
  const price = usePrice();
  const outline = useOutline();
  return useMemo(
    () => [
      {
        key: "reward",
        title: t("mall.label"),
        width: 200,
        always: true,
        render: (one) => (
          <button type="button" className="goods-plain" onClick={() => onOpen(one.id)}>
            {titleAt(outline, `rewards.${one.reward}`)}
          </button>
        ),
      },
      { key: "quantity", title: t("orders.quantity"), width: 80, numeric: true, render: (one) => count(one.quantity) },
      {
        key: "member",
        title: t("held.member"),
        width: 150,
        always: true,
        render: (one) => <MemberLink id={one.member} called={one.called} tab="goods" />,
      },
      { key: "price", title: t("mall.price"), width: 170, render: price },
      {
        key: "placed_at",
        title: t("orders.placedAt"),
        width: 140,
        render: (one) => <time>{instant(one.placed_at)}</time>,
      },
      {
        key: "changed_at",
        title: t("orders.changedAt"),
        width: 140,
        hidden: true,
        render: (one) => <time>{instant(one.changed_at)}</time>,
      },
      { key: "address", title: t("orders.address"), width: 140, render: (one) => one.address_ref || NONE },
      {
        key: "tracking",
        title: t("orders.tracking"),
        width: 170,
        render: (one) => [one.carrier, one.tracking].filter(Boolean).join(" ") || NONE,
      },
      { key: "note", title: t("orders.note"), width: 180, render: (one) => one.note || NONE },
      { key: "id", title: t("held.id"), width: 290, hidden: true, render: (one) => <code>{one.id}</code> },
    ],
    [t, price, outline, onOpen],
  );
}
