import { money } from "@regulars/shared/format/money";
import { count } from "@regulars/shared/format/numbers";
import { useTranslation } from "react-i18next";
import { Figure } from "./Figure";
import { comparable, figureOf, memberShare, windowOf } from "./figures";
import { percent } from "./numbers";
import type { Overview } from "./queries";

const COUNTS = ["active_members", "members_joined", "members"] as const;
const SUMS = ["revenue", "average_order", "refunded"] as const;

/** The window's members and money, each beside the period before. */
export function KeyFigures({ answer }: { answer: Overview }) {
  const { t } = useTranslation("insights");
  const { about } = answer;
  const window = windowOf(answer);
  const compared = comparable(answer);
  const activation = figureOf(answer, "activation");
  const share = memberShare(answer);
  const orders = figureOf(answer, "orders");
  return (
    <div className="insights-figures">
      {COUNTS.map((metric) => {
        const row = figureOf(answer, metric);
        return (
          <Figure
            key={metric}
            {...{ metric, about, compared: compared && metric !== "members" }}
            label={t(`figure.${metric}`)}
            value={count(row?.value)}
            bucket={row?.value ? { of: metric, ...(metric === "members" ? {} : window) } : null}
            now={row?.value ?? null}
            before={row?.before ?? null}
            beforeText={count(row?.before)}
            {...(metric === "members" ? { under: t("figure.asOfNow") } : {})}
          />
        );
      })}
      <Figure
        {...{ metric: "activation", about, compared, ofShares: true }}
        label={t("figure.activation")}
        value={percent(activation?.value)}
        bucket={activation?.n ? { of: "activation", days: activation.days, outcome: "yes", ...window } : null}
        now={activation?.value ?? null}
        before={activation?.before ?? null}
        beforeText={percent(activation?.before)}
        under={t("ofMembers", { n: count(activation?.n), of: count(activation?.denominator) })}
      />
      {SUMS.map((metric) => {
        const row = figureOf(answer, metric);
        return (
          <Figure
            key={metric}
            {...{ metric, about, compared }}
            label={t(`figure.${metric}`)}
            value={money(row?.value, about.currency)}
            bucket={row?.value ? { of: metric, ...window } : null}
            now={row?.value ?? null}
            before={row?.before ?? null}
            beforeText={money(row?.before, about.currency)}
            {...(metric === "average_order" ? { under: t("figure.ofOrders", { count: orders?.value ?? 0 }) } : {})}
          />
        );
      })}
      <Figure
        {...{ metric: "revenue", about, compared, ofShares: true }}
        label={t("figure.memberShare")}
        value={percent(share.now)}
        bucket={share.now ? { of: "revenue", ...window } : null}
        now={share.now}
        before={share.before}
        beforeText={percent(share.before)}
        note={t("figure.memberShareNote")}
        under={t("figure.ofRevenue", { revenue: money(figureOf(answer, "revenue")?.value, about.currency) })}
      />
    </div>
  );
}
