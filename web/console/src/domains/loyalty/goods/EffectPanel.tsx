import { DownloadOutlined } from "@ant-design/icons";
import { answer, api } from "@regulars/shared/api/client";
import { fileLink } from "@regulars/shared/api/links";
import { fromThrown } from "@regulars/shared/api/problem";
import { Failed } from "@regulars/shared/desk/states/Empties";
import { Loading } from "@regulars/shared/desk/states/Loading";
import { useSearchValue } from "@regulars/shared/url/search";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { Button, Dropdown, Segmented } from "antd";
import { useId } from "react";
import { useTranslation } from "react-i18next";
import { EffectChart } from "./EffectChart";
import { EffectOf } from "./EffectOf";
import { type Effects, WITHIN } from "./effects";
import { Meanings } from "./Meanings";

/** What each benefit did in a time: who may have it, what was granted, and whether those who had it came back more often. */
export function EffectPanel({ from, to }: { from: string; to: string }) {
  const { t } = useTranslation("goods");
  const id = useId();
  const [typed, choose] = useSearchValue("within", "60");
  const within = WITHIN.find((one) => one === typed) ?? "60";
  const query = useQuery({
    queryKey: ["goods", "effects", from, to, within],
    queryFn: async ({ signal }) => {
      const asked = { from, to, days: Number(within) };
      return (await answer(api.GET("/v1/reports/benefits", { params: { query: asked }, signal }))) as Effects;
    },
    placeholderData: keepPreviousData,
  });
  const found = query.data;
  return (
    <section className="goods-stack goods-effects" aria-labelledby={id}>
      <div className="goods-bar">
        <h2 className="goods-heading" id={id}>
          {t("effect.title")}
        </h2>
        <span className="goods-acts">
          <Segmented
            aria-label={t("effect.within")}
            value={within}
            options={WITHIN.map((value) => ({ value, label: t("effect.days", { count: Number(value) }) }))}
            onChange={(next) => choose(next)}
          />
          <Export path={`/v1/reports/benefits?${new URLSearchParams({ from, to, days: within })}`} />
        </span>
      </div>
      {query.error && <Failed problem={fromThrown(query.error)} onRetry={() => void query.refetch()} />}
      {!query.error && found === undefined && <Loading rows={6} />}
      {!query.error && found && (
        <div className={query.isPlaceholderData ? "goods-stack goods-old" : "goods-stack"}>
          <EffectChart effects={found} />
          <ul className="goods-stack">
            {found.items.map((row) => (
              <EffectOf key={row.benefit} row={row} days={found.days} currency={found.currency} />
            ))}
          </ul>
          <Meanings effects={found} />
        </div>
      )}
    </section>
  );
}

function Export({ path }: { path: string }) {
  const { t } = useTranslation("goods");
  const items = (["csv", "xlsx"] as const).map((form) => ({
    key: form,
    label: (
      <a href={fileLink(`${path}&format=${form}`)} download>
        {t(`ui:export.${form}`)}
      </a>
    ),
  }));
  return (
    <Dropdown menu={{ items }} trigger={["click"]}>
      <Button icon={<DownloadOutlined />}>{t("ui:action.export")}</Button>
    </Dropdown>
  );
}
