import { answer, api } from "@regulars/shared/api/client";
import { Chart } from "@regulars/shared/desk/chart/Chart";
import { Panel } from "@regulars/shared/desk/Page";
import { count } from "@regulars/shared/format/numbers";
import { said, usePlan } from "@regulars/shared/session/plan";
import { useSearchValue } from "@regulars/shared/url/search";
import { Segmented } from "antd";
import { useCallback, useMemo } from "react";
import { useTranslation } from "react-i18next";
import { useNavigate } from "react-router";
import { addressOf } from "./bucket";
import { Defined } from "./Defined";
import { Downloads } from "./Downloads";
import { GroupTable } from "./GroupTable";
import { bucketOfGroup } from "./groups";
import { groupsOption } from "./groupsOption";
import { percent, SMALL } from "./numbers";
import { type Asked, type By, type GroupRow, type Repurchase, useRepurchase } from "./queries";
import { Ready } from "./Ready";
import { useColors } from "./useColors";
import { useWithin } from "./useWithin";

const EVERY: readonly By[] = ["month", "tier", "store", "channel", "product"];

/** Repurchase by where customers came from: bars with intervals, and the same as a table that leads to the members. */
export function GroupsPanel({ asked }: { asked: Asked }) {
  const { t } = useTranslation("insights");
  const [text, setBy] = useSearchValue("by", "month");
  const by = EVERY.find((one) => one === text) ?? "month";
  const query = useRepurchase({ ...asked, by });
  return (
    <Panel
      title={t("groups.title")}
      extra={
        <Segmented
          size="small"
          aria-label={t("groups.by")}
          value={by}
          onChange={setBy}
          options={EVERY.map((value) => ({ value, label: t(`by.${value}`) }))}
        />
      }
    >
      <Ready query={query} rows={10}>
        {(found) => <Groups asked={asked} by={found.by ?? by} found={found} />}
      </Ready>
    </Panel>
  );
}

function Groups({ asked, by, found }: { asked: Asked; by: By; found: Repurchase }) {
  const { t } = useTranslation("insights");
  const go = useNavigate();
  const colors = useColors();
  const nameOf = useGroupName(by);
  const [within] = useWithin();
  const plan = usePlan();
  const rows = useMemo(() => {
    const these = found.groups.filter((row) => row.days === within);
    const ladder = plan?.levels.map((level) => level.id) ?? [];
    const place = ({ key }: GroupRow) => (key === null ? -1 : ladder.indexOf(key));
    return by === "tier" ? these.sort((one, other) => place(other) - place(one)) : these;
  }, [found, within, by, plan]);
  const title = t("groups.within", { days: within, by: t(`by.${by}`) });
  const option = useMemo(() => groupsOption(rows, rows.map(nameOf), colors, title), [rows, nameOf, colors, title]);
  return (
    <>
      <div className="insights-pair insights-beside-table">
        <Chart
          title={title}
          option={option}
          height={330}
          onPoint={({ index }) => {
            const row = rows[index];
            const bucket = row && bucketOfGroup(row, by, asked, "yes");
            if (bucket) {
              void go(addressOf(bucket));
            }
          }}
          table={{
            columns: [t(`by.${by}`), t("column.rate"), t("column.interval"), t("column.n"), t("column.of")],
            rows: rows.map((row) => [
              nameOf(row),
              percent(row.rate_bp),
              `${percent(row.low_bp)} – ${percent(row.high_bp)}`,
              count(row.n),
              count(row.denominator),
            ]),
          }}
          extra={
            <>
              <Defined metric="repurchase" about={found.about} />
              <Downloads
                what={t("groups.title")}
                name={`repurchase-${by}`}
                load={(format) =>
                  answer(
                    api.GET("/v1/insights/repurchase", {
                      params: { query: { ...asked, by, format, ...(format === "csv" ? { table: "groups" } : {}) } },
                      parseAs: "blob",
                    }),
                  )
                }
              />
            </>
          }
        />
        <GroupTable rows={rows} by={by} asked={asked} nameOf={nameOf} label={title} />
      </div>
      {rows.some((row) => row.denominator < SMALL) && <p className="quiet">{t("groups.legend", { small: SMALL })}</p>}
    </>
  );
}

function useGroupName(by: By): (row: GroupRow) => string {
  const { t } = useTranslation("insights");
  const plan = usePlan();
  return useCallback(
    (row) => {
      if (row.rest) {
        return t("groups.rest");
      }
      if (!row.key) {
        return t(by === "tier" ? "tiers.none" : "groups.none");
      }
      return (by === "tier" && said(plan?.levels.find((level) => level.id === row.key)?.label)) || row.key;
    },
    [t, plan, by],
  );
}
