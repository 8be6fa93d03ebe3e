import { Popover } from "antd";
import { useTranslation } from "react-i18next";
import type { Row as RowOf } from "../../api/client";
import { instant } from "../../format/dates";
import { signed } from "../../format/numbers";
import { said } from "../../session/plan";

type Row = RowOf<"/v1/members/{member}/journal", "get">;

/** A journal row's reason as a sentence; a click shows what it rests on: rules with their shares, the version, the event, who. */
export function Why({ row }: { row: Row }) {
  const { t } = useTranslation("ui");
  const sentence = said(row.text as { en: string; zh: string }) || t("why.empty");
  return (
    <Popover trigger="click" placement="bottomLeft" title={t("why.title")} content={<Reasons row={row} />}>
      <button type="button" className="why">
        {sentence}
      </button>
    </Popover>
  );
}

/** What the row rests on. Parts of the same rule are added up: an order of sixty lines has a few reasons, not sixty. */
export function Reasons({ row }: { row: Row }) {
  const { t } = useTranslation("ui");
  return (
    <dl className="reasons">
      {[...sharesOf(row.why)].map(([rule, amount]) => (
        <div key={rule}>
          <dt>{rule}</dt>
          <dd className="num">{signed(amount)}</dd>
        </div>
      ))}
      <div>
        <dt>{t("why.event")}</dt>
        <dd>
          {row.fact} · {instant(row.effective_at)}
        </dd>
      </div>
      <div>
        <dt>{t("why.version", { version: row.programme })}</dt>
        <dd>{row.actor}</dd>
      </div>
    </dl>
  );
}

/** How much each rule gave: `why.parts` are `[line, rule, amount]`. */
export function sharesOf(why: Row["why"]): Map<string, number> {
  const shares = new Map<string, number>();
  const parts = Array.isArray(why.parts) ? (why.parts as [number, string, number][]) : [];
  for (const [, rule, amount] of parts) {
    shares.set(rule, (shares.get(rule) ?? 0) + amount);
  }
  return shares;
}
