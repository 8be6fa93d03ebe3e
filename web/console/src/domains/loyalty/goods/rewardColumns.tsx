import { answer, api } from "@regulars/shared/api/client";
import type { Column } from "@regulars/shared/desk/table/columns";
import { day } from "@regulars/shared/format/dates";
import { money } from "@regulars/shared/format/money";
import { count, NONE } from "@regulars/shared/format/numbers";
import { useOutline } from "@regulars/shared/session/outline";
import { said, usePlan } from "@regulars/shared/session/plan";
import { useQuery } from "@tanstack/react-query";
import { useMemo } from "react";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import type { OrderState, Reward } from "./goods";
import { lastDay } from "./heldColumns";
import { Labelled } from "./Labelled";
import { Left } from "./Left";

type RewardKind = "goods" | "coupon" | "gift_card" | "digital" | "experience";

/** What a reward or an order of it costs: points, and money where there is some to pay. */
export function usePrice(): (price: { points: number; cash: number; unit: string; currency: string }) => string {
  const { t } = useTranslation("goods");
  const plan = usePlan();
  return ({ points, cash, unit, currency }) => {
    const inPoints = `${count(points)} ${said(plan?.units[unit]) || unit}`;
    return cash === 0 ? inPoints : t("mall.pointsAndCash", { points: inPoints, cash: money(cash, currency) });
  };
}

/** The columns of the mall. How often each was ordered comes a little later than the rows. */
export function useRewardColumns(): readonly Column<Reward>[] {
  const { t } = useTranslation("goods");
  const price = usePrice();
  const outline = useOutline();
  const orders = useOrdersByReward();
  return useMemo(() => {
    const itemOf = (one: Reward) => outline?.find((item) => item.path === `rewards.${one.id}`);
    return [
      {
        key: "label",
        title: t("mall.label"),
        width: 340,
        always: true,
        render: (one) => <Labelled name={said(one.label)} sentence={said(itemOf(one)?.sentence)} />,
      },
      { key: "kind", title: t("kinds.kind"), width: 110, render: (one) => t(`rewardKind.${one.kind as RewardKind}`) },
      { key: "price", title: t("mall.price"), width: 170, always: true, render: price },
      {
        key: "stock",
        title: t("kinds.stock"),
        width: 140,
        numeric: true,
        render: (one) => <Left left={one.left} of={Number(itemOf(one)?.content.stock) || null} />,
      },
      ...(["placed", "fulfilled", "completed"] as const).map((state) => ({
        key: state,
        title: t(`orderState.${state}`),
        width: 100,
        numeric: true,
        render: (one: Reward) => (
          <Ordered state={state} value={orders?.get(`${one.id}/${state}`)} loaded={orders !== undefined} />
        ),
      })),
      { key: "opens_at", title: t("mall.opensAt"), width: 120, hidden: true, render: (one) => day(one.opens_at) },
      {
        key: "closes_at",
        title: t("mall.closesAt"),
        width: 120,
        hidden: true,
        render: (one) => (one.closes_at ? lastDay(one.closes_at) : NONE),
      },
    ] satisfies Column<Reward>[];
  }, [t, price, outline, orders]);
}

function Ordered({ state, value, loaded }: { state: OrderState; value: number | undefined; loaded: boolean }) {
  if (value === undefined) {
    return <span className="quiet">{loaded ? count(0) : NONE}</span>;
  }
  return <Link to={`/goods?tab=orders${state === "placed" ? "" : `&state=${state}`}`}>{count(value)}</Link>;
}

function useOrdersByReward(): ReadonlyMap<string, number> | undefined {
  return useQuery({
    queryKey: ["goods", "reward-counts"],
    queryFn: async ({ signal }) => {
      const { items } = await answer(api.GET("/v1/rewards/counts", { signal }));
      return new Map(items.map((one) => [`${one.reward}/${one.state}`, one.orders]));
    },
  }).data;
}
