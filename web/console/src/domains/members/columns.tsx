import { Tag } from "@regulars/shared/desk/Tag";
import type { Column } from "@regulars/shared/desk/table/columns";
import { day, instant } from "@regulars/shared/format/dates";
import { money } from "@regulars/shared/format/money";
import { count, NONE } from "@regulars/shared/format/numbers";
import { said, usePlan } from "@regulars/shared/session/plan";
import { useMemo } from "react";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import { calledBy, type Person } from "./people";
import { StatusTag } from "./StatusTag";

type Words = ReturnType<typeof useTranslation<"members">>["t"];

/** The columns of the members list. `storeOf` gives a store's name for its code. */
export function useMemberColumns(storeOf: (code: string) => string): readonly Column<Person>[] {
  const { t } = useTranslation("members");
  const currency = usePlan()?.currency ?? "";
  return useMemo(() => [...who(t), ...holds(t, currency), ...rest(t, storeOf)], [t, currency, storeOf]);
}

function who(t: Words): Column<Person>[] {
  return [
    {
      key: "member",
      title: t("field.member"),
      always: true,
      width: 190,
      render: (one) => (
        <span className="members-name">
          <Link to={`/members/${one.id}`}>{calledBy(one)}</Link>
          <span className="quiet num">
            {[one.phone, one.name === null ? null : one.external_id].filter(Boolean).join(" · ")}
          </span>
        </span>
      ),
    },
    {
      key: "level",
      title: t("field.tier"),
      width: 100,
      render: (one) => (one.level_label ? said(one.level_label) : NONE),
    },
  ];
}

function holds(t: Words, currency: string): Column<Person>[] {
  return [
    {
      key: "points",
      title: t("field.points"),
      width: 90,
      numeric: true,
      sortable: true,
      render: (one) => count(one.points),
    },
    {
      key: "spend",
      title: t("field.spend"),
      width: 115,
      numeric: true,
      sortable: true,
      render: (one) => (one.orders || one.spend ? money(one.spend, currency) : NONE),
    },
    { key: "orders", title: t("field.orders"), width: 75, numeric: true, render: (one) => count(one.orders) },
    {
      key: "last_order",
      title: t("field.lastOrder"),
      width: 120,
      sortable: true,
      render: (one) => <time title={instant(one.last_order_at)}>{day(one.last_order_at)}</time>,
    },
    {
      key: "joined",
      title: t("field.joinedAt"),
      width: 120,
      sortable: true,
      render: (one) => <time title={instant(one.joined_at)}>{day(one.joined_at)}</time>,
    },
  ];
}

function rest(t: Words, storeOf: (code: string) => string): Column<Person>[] {
  return [
    {
      key: "store",
      title: t("field.store"),
      width: 110,
      render: (one) => (one.store ? <span title={one.store}>{storeOf(one.store)}</span> : NONE),
    },
    { key: "status", title: t("field.status"), width: 95, render: (one) => <StatusTag status={one.status} /> },
    { key: "held_out", title: t("field.group"), width: 110, render: (one) => <Group heldOut={one.held_out} t={t} /> },
    { key: "email", title: t("field.email"), width: 190, hidden: true, render: (one) => one.email ?? NONE },
    {
      key: "keep_until",
      title: t("field.keepUntil"),
      width: 120,
      hidden: true,
      render: (one) => day(one.keep_until),
    },
    {
      key: "first_order",
      title: t("field.firstOrder"),
      width: 120,
      hidden: true,
      render: (one) => day(one.first_order_at),
    },
    { key: "source", title: t("field.source"), width: 140, hidden: true, render: (one) => one.source },
    { key: "locale", title: t("field.locale"), width: 100, hidden: true, render: (one) => one.locale || NONE },
    { key: "id", title: t("field.id"), width: 290, hidden: true, render: (one) => <code>{one.id}</code> },
  ];
}

function Group({ heldOut, t }: { heldOut: boolean | null; t: Words }) {
  if (heldOut === null) {
    return NONE;
  }
  return heldOut ? <Tag tone="info">{t("group.held")}</Tag> : t("group.treated");
}
