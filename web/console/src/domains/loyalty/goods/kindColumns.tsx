import type { Column } from "@regulars/shared/desk/table/columns";
import { day } from "@regulars/shared/format/dates";
import { money } from "@regulars/shared/format/money";
import { count, NONE } from "@regulars/shared/format/numbers";
import { type Item, useOutline } from "@regulars/shared/session/outline";
import { said, usePlan } from "@regulars/shared/session/plan";
import { useMemo } from "react";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import { type Count, type CouponState, type Kind, useCounts } from "./goods";
import { Labelled } from "./Labelled";
import { Left } from "./Left";

type Words = ReturnType<typeof useTranslation<"goods">>["t"];
type Counts = ReadonlyMap<string, Count> | undefined;

/** The columns of the kinds of coupons. Counters come a little later than the rows. */
export function useKindColumns(): readonly Column<Kind>[] {
  const { t } = useTranslation("goods");
  const outline = useOutline();
  const plan = usePlan();
  const counts = useCounts().data;
  return useMemo(
    () => [...terms(t, outline, plan), ...limits(t, counts, plan?.currency ?? ""), ...counters(t, counts)],
    [t, outline, plan, counts],
  );
}

function terms(t: Words, outline: readonly Item[] | undefined, plan: ReturnType<typeof usePlan>): Column<Kind>[] {
  const itemOf = (one: Kind) => outline?.find((item) => item.path === `coupons.${one.definition}`);
  return [
    {
      key: "label",
      title: t("kinds.label"),
      width: 300,
      always: true,
      render: (one) => <Labelled name={said(one.label)} sentence={said(itemOf(one)?.sentence)} />,
    },
    {
      key: "kind",
      title: t("kinds.kind"),
      width: 115,
      render: (one) => <Labelled plain name={t(`worth.${one.kind as Worth}`)} sentence={laneOf(itemOf(one), t)} />,
    },
    {
      key: "price",
      title: t("kinds.price"),
      width: 95,
      render: (one) =>
        one.claimable
          ? one.price
            ? `${count(one.price)} ${said(plan?.units[one.unit]) || one.unit}`
            : t("kinds.free")
          : t("kinds.notClaimed"),
    },
    {
      key: "claim_until",
      title: t("kinds.claimUntil"),
      width: 130,
      hidden: true,
      render: (one) => day(one.claim_until),
    },
  ];
}

function laneOf(item: Item | undefined, t: Words): string {
  const lane = item?.content.lane;
  return typeof lane === "string" ? t("kinds.lane", { lane }) : "";
}

type Worth = "spend_off" | "percent" | "cash" | "exchange" | "free_delivery";

function limits(t: Words, counts: Counts, currency: string): Column<Kind>[] {
  return [
    {
      key: "stock",
      title: t("kinds.stock"),
      width: 110,
      numeric: true,
      render: (one) => <Left left={one.left} of={counts?.get(one.definition)?.stock ?? null} />,
    },
    {
      key: "budget",
      title: t("kinds.budget"),
      width: 150,
      numeric: true,
      render: (one) => {
        const found = counts?.get(one.definition);
        return found ? (
          <Left left={found.budget_left} of={found.budget} show={(minor) => money(minor, currency)} />
        ) : (
          NONE
        );
      },
    },
  ];
}

function counters(t: Words, counts: Counts): Column<Kind>[] {
  const number = (key: string, title: string, of: (one: Count) => number, state?: CouponState): Column<Kind> => ({
    key,
    title,
    width: 80,
    numeric: true,
    render: (one) => {
      const found = counts?.get(one.definition);
      return found ? <Behind kind={one.definition} state={state} value={of(found)} /> : NONE;
    },
  });
  return [
    number("issued", t("kinds.issued"), (one) => one.issued),
    number("in_hand", t("kinds.inHand"), (one) => one.states.issued, "issued"),
    number("used", t("kinds.used"), (one) => one.states.used, "used"),
    number("lapsed", t("kinds.lapsed"), (one) => one.states.lapsed, "lapsed"),
    {
      key: "codes",
      title: t("kinds.codes"),
      width: 120,
      numeric: true,
      render: (one) => <Codes kind={one.definition} found={counts?.get(one.definition)} />,
    },
  ];
}

/** A number that leads to the coupons it counts. */
function Behind({ kind, state, value }: { kind: string; state: CouponState | undefined; value: number }) {
  if (value === 0) {
    return <span className="quiet">{count(0)}</span>;
  }
  const query = new URLSearchParams({ tab: "held", definition: kind, ...(state ? { state } : {}) });
  return <Link to={`/goods?${query}`}>{count(value)}</Link>;
}

function Codes({ kind, found }: { kind: string; found: Count | undefined }) {
  const { t } = useTranslation("goods");
  if (found === undefined || found.codes + found.taken === 0) {
    return NONE;
  }
  const text = t("kinds.codesTaken", { taken: count(found.taken), codes: count(found.codes) });
  return <Link to={`/goods?tab=batches&definition=${kind}`}>{text}</Link>;
}
