import { fromThrown } from "@regulars/shared/api/problem";
import { FilterBar } from "@regulars/shared/desk/filters/FilterBar";
import { useFilters } from "@regulars/shared/desk/filters/useFilters";
import { Page, Panel } from "@regulars/shared/desk/Page";
import { Failed, NothingMatches } from "@regulars/shared/desk/states/Empties";
import { useMemo } from "react";
import { useTranslation } from "react-i18next";
import { CohortsPanel } from "./CohortsPanel";
import { FunnelPanel } from "./FunnelPanel";
import { asAsked, useAnalysisFilters } from "./filters";
import { GroupsPanel } from "./GroupsPanel";
import "./insights.css";
import { IntervalsPanel } from "./IntervalsPanel";
import { NoData } from "./NoData";
import { OverviewSkeleton } from "./OverviewSkeleton";
import { type Asked, useCohorts, useConversion, useIntervals, useRepurchase } from "./queries";
import { Ready } from "./Ready";
import { Returning } from "./Returning";
import { Notes, Stamp } from "./Stamp";

/** Who comes back, how often, how soon: every cut of it, for the customers the filters leave. */
export default function RepurchasePage() {
  const { t } = useTranslation("insights");
  const filters = useAnalysisFilters();
  const { values, set, clear, sentence } = useFilters(filters);
  const asked = useMemo(() => asAsked(values), [values]);
  const total = useRepurchase(asked);
  const conversion = useConversion(asked);
  const failed = total.error ? fromThrown(total.error) : null;
  const title = t("repurchase.title");
  if (failed?.code === "lake.missing" || total.data?.about.last_day === null) {
    return (
      <Page title={title} lead={t("repurchase.lead")}>
        <NoData />
      </Page>
    );
  }
  const nobody = sentence !== "" && conversion.data?.steps.length === 0 && !conversion.isPlaceholderData;
  return (
    <Page title={title} lead={total.data ? <Stamp about={total.data.about} /> : t("repurchase.lead")}>
      <FilterBar filters={filters} values={values} onChange={set} />
      {failed && <Failed problem={failed} onRetry={() => void total.refetch()} />}
      {!failed && nobody && (
        <div className="panel">
          <NothingMatches filters={sentence} onClear={clear} />
        </div>
      )}
      {!failed && !nobody && total.data === undefined && <OverviewSkeleton />}
      {!failed && !nobody && total.data && (
        <div className="insights">
          <Ready query={total} rows={9}>
            {(found) => <Returning asked={asked} about={found.about} rows={found.total} arms={found.arms} />}
          </Ready>
          <Cuts asked={asked} conversion={conversion} />
          <Notes about={total.data.about} />
        </div>
      )}
    </Page>
  );
}

function Cuts({ asked, conversion }: { asked: Asked; conversion: ReturnType<typeof useConversion> }) {
  const intervals = useIntervals(asked);
  const cohorts = useCohorts(asked);
  return (
    <>
      <GroupsPanel asked={asked} />
      <div className="insights-halves">
        <Panel>
          <Ready query={conversion} rows={8}>
            {(found) => <FunnelPanel asked={asked} conversion={found} />}
          </Ready>
        </Panel>
        <Panel>
          <Ready query={intervals} rows={8}>
            {(found) => <IntervalsPanel asked={asked} intervals={found} />}
          </Ready>
        </Panel>
      </div>
      <Panel>
        <Ready query={cohorts} rows={10}>
          {(found) => <CohortsPanel asked={asked} cohorts={found} />}
        </Ready>
      </Panel>
    </>
  );
}
