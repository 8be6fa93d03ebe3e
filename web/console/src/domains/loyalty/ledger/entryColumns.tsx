import type { Column } from "@regulars/shared/desk/table/columns";
import { Who } from "@regulars/shared/desk/Who";
import { Why } from "@regulars/shared/desk/why/Why";
import { day, instant } from "@regulars/shared/format/dates";
import { money } from "@regulars/shared/format/money";
import { count, NONE, signed } from "@regulars/shared/format/numbers";
import { useOutline } from "@regulars/shared/session/outline";
import { usePlan } from "@regulars/shared/session/plan";
import { useMemo } from "react";
import { useTranslation } from "react-i18next";
import { MemberLink } from "../goods/MemberLink";
import type { Called } from "../goods/names";
import { type Entry, isKind, nameOf } from "./entries";

/** The columns of the ledger. */
export function useEntryColumns(): readonly Column<Called<Entry>>[] {
  const { t } = useTranslation("ledger");
  const plan = usePlan();
  const outline = useOutline();
  return useMemo<Column<Called<Entry>>[]>(() => {
    const inMoney = new Set(
      (outline ?? []).filter((item) => item.content.money === true).map((item) => item.path.slice("units.".length)),
    );
    const amountOf = (row: Entry) => (
      <Amount row={row} currency={inMoney.has(row.unit) ? (plan?.currency ?? "") : ""} />
    );
    return [
      {
        key: "recorded_at",
        title: t("field.recordedAt"),
        width: 140,
        always: true,
        render: (row) => <time>{instant(row.recorded_at)}</time>,
      },
      {
        key: "member",
        title: t("field.member"),
        width: 140,
        always: true,
        render: (row) => <MemberLink id={row.member} called={row.called} tab="ledger" />,
      },
      {
        key: "kind",
        title: t("field.kind"),
        width: 120,
        render: (row) => (isKind(row.kind) ? t(`kind.${row.kind}`) : row.kind),
      },
      { key: "unit", title: t("field.unit"), width: 110, render: (row) => nameOf(row.unit, plan, outline) },
      { key: "change", title: t("field.amount"), width: 100, numeric: true, always: true, render: amountOf },
      {
        key: "why",
        title: t("field.why"),
        width: 320,
        always: true,
        render: (row) => <Why row={{ ...row, ref: null }} />,
      },
      {
        key: "effective_at",
        title: t("field.effectiveAt"),
        width: 140,
        render: (row) => <time>{instant(row.effective_at)}</time>,
      },
      {
        key: "expires_at",
        title: t("field.expiresAt"),
        width: 110,
        render: (row) => (row.expires_at ? day(new Date(Date.parse(row.expires_at) - 1)) : NONE),
      },
      { key: "actor", title: t("field.actor"), width: 120, render: (row) => <Who id={row.actor} nobody={NONE} /> },
      {
        key: "programme",
        title: t("field.programme"),
        width: 110,
        hidden: true,
        numeric: true,
        render: (row) => count(row.programme),
      },
      { key: "id", title: t("field.memberId"), width: 290, hidden: true, render: (row) => <code>{row.member}</code> },
    ];
  }, [t, plan, outline]);
}

/** By how much the entry moved what the member has; where only a state changed the amount without a sign. Money with its currency. */
function Amount({ row, currency }: { row: Entry; currency: string }) {
  if (row.kind === "tier") {
    return NONE;
  }
  const { change } = row;
  const plain = change === 0 ? count(row.amount) : signed(change);
  const text = currency ? `${change > 0 ? "+" : ""}${money(change === 0 ? row.amount : change, currency)}` : plain;
  return <span className={change > 0 ? "ledger-gain" : change === 0 ? "quiet" : ""}>{text}</span>;
}
