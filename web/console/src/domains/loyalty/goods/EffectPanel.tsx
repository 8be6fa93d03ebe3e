import { DownloadOutlined } from "@ant-design/icons";
import { answer, api } from "@regulars/shared/api/client";
import { fromThrown } from "@regulars/shared/api/problem";
import { Failed } from "@regulars/shared/desk/states/Empties";
import { Loading } from "@regulars/shared/desk/states/Loading";
import { save } from "@regulars/shared/format/save";
import { useSearchValue } from "@regulars/shared/url/search";
import { keepPreviousData, useMutation, useQuery } from "@tanstack/react-query";
import { App, Button, Dropdown, Segmented } from "antd";
import { useId } from "react";
import { useTranslation } from "react-i18next";
import { EffectChart } from "./EffectChart";
import { EffectOf } from "./EffectOf";
import { type Effects, WITHIN } from "./effects";
import { Meanings } from "./Meanings";

type Asked = { from: string; to: string; days: number };

/** What each benefit did in a time: who may have it, what was granted, and whether those who had it came back more often. */
export function EffectPanel({ from, to }: { from: string; to: string }) {
  const { t } = useTranslation("goods");
  const id = useId();
  const [typed, choose] = useSearchValue("within", "60");
  const within = WITHIN.find((one) => one === typed) ?? "60";
  const asked = { from, to, days: Number(within) };
  const query = useQuery({
    queryKey: ["goods", "effects", asked],
    queryFn: async ({ signal }) =>
      (await answer(api.GET("/v1/reports/benefits", { params: { query: asked }, signal }))) as Effects,
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
          <Export asked={asked} />
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

/** The numbers as a file, asked for by a click or by keys: a link inside a menu answers to the mouse only. */
function Export({ asked }: { asked: Asked }) {
  const { t } = useTranslation("goods");
  const { message } = App.useApp();
  const saving = useMutation({
    mutationFn: async (format: "csv" | "xlsx") => {
      const params = { query: { ...asked, format } };
      const file = await answer(api.GET("/v1/reports/benefits", { params, parseAs: "blob" }));
      save(file as unknown as Blob, `regulars-benefits.${format}`);
    },
    onError: (error) => void message.error(fromThrown(error).message),
  });
  return (
    <Dropdown
      trigger={["click"]}
      menu={{
        items: (["csv", "xlsx"] as const).map((key) => ({ key, label: t(`ui:export.${key}`) })),
        onClick: ({ key }) => saving.mutate(key === "csv" ? "csv" : "xlsx"),
      }}
    >
      <Button icon={<DownloadOutlined />} loading={saving.isPending}>
        {t("ui:action.export")}
      </Button>
    </Dropdown>
  );
}
