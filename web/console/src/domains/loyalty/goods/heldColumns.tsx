import { Tag } from "@regulars/shared/desk/Tag";
import type { Column } from "@regulars/shared/desk/table/columns";
import { day, instant } from "@regulars/shared/format/dates";
import { count, NONE } from "@regulars/shared/format/numbers";
import { said } from "@regulars/shared/session/plan";
import { useMay } from "@regulars/shared/session/session";
import { Button } from "antd";
import { useMemo } from "react";
import { useTranslation } from "react-i18next";
import { COUPON_TONES, type Held, isCouponState } from "./goods";
import { MemberLink } from "./MemberLink";
import type { Called } from "./names";

type Words = ReturnType<typeof useTranslation<"goods">>["t"];
const SOURCES = ["gift", "claim", "batch", "exchange", "rule"] as const;

/** The columns of coupons that were given out. */
export function useHeldColumns(onWithdraw: (one: Called<Held>) => void): readonly Column<Called<Held>>[] {
  const { t } = useTranslation("goods");
  const may = useMay();
  return useMemo(() => {
    const found = shown(t);
    return may("coupons.give") ? [...found, acting(t, onWithdraw)] : found;
  }, [t, may, onWithdraw]);
}

function shown(t: Words): Column<Called<Held>>[] {
  return [
    {
      key: "member",
      title: t("held.member"),
      width: 150,
      always: true,
      render: (one) => <MemberLink id={one.member} called={one.called} tab="goods" />,
    },
    { key: "label", title: t("kinds.label"), width: 180, always: true, render: (one) => said(one.label) },
    { key: "state", title: t("held.state"), width: 130, render: (one) => <CouponState state={one.state} /> },
    {
      key: "starts",
      title: t("held.starts"),
      width: 120,
      render: (one) => <time title={instant(one.starts)}>{day(one.starts)}</time>,
    },
    {
      key: "ends",
      title: t("held.ends"),
      width: 120,
      render: (one) => (one.ends ? <time title={instant(one.ends)}>{lastDay(one.ends)}</time> : t("held.never_ends")),
    },
    { key: "source", title: t("held.source"), width: 130, render: (one) => sourceOf(one.source, t) },
    { key: "code", title: t("held.code"), width: 160, render: (one) => (one.code ? <code>{one.code}</code> : NONE) },
    {
      key: "transfers",
      title: t("held.transfers"),
      width: 120,
      hidden: true,
      numeric: true,
      render: (one) => count(one.transfers_left),
    },
    { key: "id", title: t("held.id"), width: 290, hidden: true, render: (one) => <code>{one.id}</code> },
  ];
}

function acting(t: Words, onWithdraw: (one: Called<Held>) => void): Column<Called<Held>> {
  return {
    key: "act",
    title: t("act.title"),
    width: 120,
    render: (one) =>
      one.state === "issued" || one.state === "reserved" ? (
        <Button size="small" onClick={() => onWithdraw(one)}>
          {t("withdraw.action")}
        </Button>
      ) : null,
  };
}

/** A coupon's state in words. */
export function CouponState({ state }: { state: string }) {
  const { t } = useTranslation("goods");
  return isCouponState(state) ? <Tag tone={COUPON_TONES[state]}>{t(`couponState.${state}`)}</Tag> : state;
}

/** The last day on which what ends at an instant can still be used. */
export function lastDay(ends: string): string {
  return day(new Date(Date.parse(ends) - 1));
}

function sourceOf(source: string, t: Words): string {
  const known = SOURCES.find((one) => one === source);
  return known ? t(`source.${known}`) : source;
}
