import { fromThrown } from "@regulars/shared/api/problem";
import { Page, Panel } from "@regulars/shared/desk/Page";
import { Failed } from "@regulars/shared/desk/states/Empties";
import { useMemo } from "react";
import { useTranslation } from "react-i18next";
import { comparable } from "./figures";
import "./insights.css";
import { KeyFigures } from "./KeyFigures";
import { NoData } from "./NoData";
import { OverviewSkeleton } from "./OverviewSkeleton";
import { PeriodChoice } from "./PeriodChoice";
import { PointsPanel } from "./PointsPanel";
import { type Overview, useOverview, usePoints, useRevenue, useTiers } from "./queries";
import { Ready } from "./Ready";
import { Returning } from "./Returning";
import type { Returned } from "./ReturnStrip";
import { RevenuePanel } from "./RevenuePanel";
import { Notes, Stamp } from "./Stamp";
import { TierPanel } from "./TierPanel";
import { usePeriod } from "./usePeriod";

const EVERYTHING = {};

/** What somebody who runs the programme looks at in the morning: do customers come back, and what does that bring. */
export default function OverviewPage() {
  const { t } = useTranslation("insights");
  const whole = useOverview(EVERYTHING);
  const chosen = usePeriod(whole.data?.about.last_day);
  const window = useOverview(chosen.asked ?? EVERYTHING, { enabled: chosen.asked !== null });
  const failed = whole.error ? fromThrown(whole.error) : null;
  const title = t("overview.title");
  if (failed && failed.code !== "lake.missing") {
    return (
      <Page title={title}>
        <Failed problem={failed} onRetry={() => void whole.refetch()} />
      </Page>
    );
  }
  if (failed || whole.data?.about.last_day === null) {
    return (
      <Page title={title} lead={t("overview.lead")}>
        <NoData />
      </Page>
    );
  }
  if (whole.data === undefined) {
    return (
      <Page title={title} lead={t("overview.lead")}>
        <OverviewSkeleton />
      </Page>
    );
  }
  return (
    <Page title={title} lead={<Stamp about={whole.data.about} />} actions={<PeriodChoice {...chosen} />}>
      <div className="insights">
        <ComingBack whole={whole.data} />
        <Ready query={chosen.asked ? window : whole} rows={5}>
          {(answer) => (
            <>
              <KeyFigures answer={answer} />
              <ComparedWith answer={answer} />
            </>
          )}
        </Ready>
        <Rest window={chosen.asked ? window : whole} />
        <Notes about={whole.data.about} />
      </div>
    </Page>
  );
}

function ComingBack({ whole }: { whole: Overview }) {
  const rows = useMemo<Returned[]>(
    () =>
      whole.figures.flatMap((one) =>
        one.metric === "repurchase" && one.days !== null
          ? [{ ...one, days: one.days, n: one.n ?? 0, denominator: one.denominator ?? 0, rate_bp: one.value }]
          : [],
      ),
    [whole],
  );
  return <Returning asked={EVERYTHING} about={whole.about} rows={rows} arms={whole.arms} />;
}

function ComparedWith({ answer }: { answer: Overview }) {
  const { t } = useTranslation("insights");
  const { from_day: from, to_day: to } = answer.about.filters;
  if (!from || !to) {
    return null;
  }
  const then = { from: answer.compared_from, to: answer.compared_to };
  return (
    <p className="quiet insights-compared">
      {t("compared.window", { from, to })}{" "}
      {comparable(answer) ? t("compared.with", then) : t("compared.beforeData", then)}
    </p>
  );
}

function Rest({ window }: { window: ReturnType<typeof useOverview> }) {
  const revenue = useRevenue();
  const tiers = useTiers();
  const points = usePoints();
  return (
    <>
      <div className="insights-wide-narrow">
        <Panel>
          <Ready query={revenue} rows={8}>
            {(found) => <RevenuePanel revenue={found} />}
          </Ready>
        </Panel>
        <Panel>
          <Ready query={tiers} rows={8}>
            {(found) => <TierPanel tiers={found} />}
          </Ready>
        </Panel>
      </div>
      <Ready query={points} rows={8}>
        {(found) => (window.data ? <PointsPanel answer={window.data} points={found} /> : null)}
      </Ready>
    </>
  );
}
