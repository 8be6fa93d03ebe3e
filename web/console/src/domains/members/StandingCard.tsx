import { answer, api } from "@regulars/shared/api/client";
import { fromThrown } from "@regulars/shared/api/problem";
import { Panel } from "@regulars/shared/desk/Page";
import { Failed } from "@regulars/shared/desk/states/Empties";
import { Loading } from "@regulars/shared/desk/states/Loading";
import { day, instant } from "@regulars/shared/format/dates";
import { count } from "@regulars/shared/format/numbers";
import { said, usePlan } from "@regulars/shared/session/plan";
import { useQuery } from "@tanstack/react-query";
import { Progress } from "antd";
import { useTranslation } from "react-i18next";

/** The tier with what is missing to the next, and each unit's balance with what expires next. */
export function StandingCard({ member }: { member: string }) {
  const { t } = useTranslation("members");
  const plan = usePlan();
  const params = { path: { member } };
  const query = useQuery({
    queryKey: ["members", "standing", member],
    queryFn: async ({ signal }) => ({
      tier: await answer(api.GET("/v1/members/{member}/tier", { params, signal })),
      balances: (await answer(api.GET("/v1/members/{member}/balances", { params, signal }))).items,
    }),
  });
  if (query.error) {
    return <Failed problem={fromThrown(query.error)} onRetry={() => void query.refetch()} />;
  }
  if (query.data === undefined) {
    return <Loading />;
  }
  const { tier, balances } = query.data;
  const level = (id: string | null) => said(plan?.levels.find((one) => one.id === id)?.label) || id;
  const unit = (id: string) => said(plan?.units[id]) || id;
  const carried = balances.find((balance) => balance.unit === tier.unit)?.available ?? 0;
  const missing = tier.missing_to_next;
  return (
    <Panel title={t("one.standing")}>
      <p className="tier-name">{level(tier.level)}</p>
      <p className="quiet">
        {t("tier.since", { day: day(tier.since) })}
        {tier.keep_until && ` · ${t("tier.keepUntil", { day: day(tier.keep_until) })}`}
      </p>
      {tier.next_level && missing !== null && (
        <>
          <Progress
            percent={Math.floor((carried / Math.max(1, carried + missing)) * 100)}
            showInfo={false}
            aria-label={t("tier.progress", { level: level(tier.next_level) })}
          />
          <p className="quiet">
            {t("tier.missing", { amount: count(missing), unit: unit(tier.unit), level: level(tier.next_level) })}
          </p>
        </>
      )}
      {balances.map((balance) => (
        <div key={balance.unit} className="balance">
          <span>{unit(balance.unit)}</span>
          <strong className="num">{count(balance.available)}</strong>
          {balance.expiring[0] && (
            <span className="quiet" title={instant(balance.expiring[0].at)}>
              {t("points.expiring", { amount: count(balance.expiring[0].amount), day: day(balance.expiring[0].at) })}
            </span>
          )}
        </div>
      ))}
    </Panel>
  );
}
