import { answer, api } from "@regulars/shared/api/client";
import { said } from "@regulars/shared/session/plan";
import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import { stringify } from "yaml";
import { fieldOf, type Item } from "./item";

/** An item that has no sentence of its own here: what the version says of it that it came from, or else how it is written. */
export function AsText({ item, unchanged }: { item: Item; unchanged: boolean }) {
  const { t } = useTranslation("sentences");
  const version = item.table.began?.version ?? 0;
  const query = useQuery({
    queryKey: ["programme", "outline", version],
    queryFn: ({ signal }) => answer(api.GET("/v1/programme/outline", { params: { query: { version } }, signal })),
    enabled: unchanged && version > 0,
  });
  const path = `${item.list}.${item.text(["id"])}`;
  const sentence = said(query.data?.items.find((one) => one.path === path)?.sentence);
  return (
    <div className="sentences-text">
      {sentence && unchanged ? <p>{sentence}</p> : <pre>{stringify(item.raw).trimEnd()}</pre>}
      <p className="quiet">
        {t("asText.why")}{" "}
        <Link to={`?tab=document&base=${version}&at=${encodeURIComponent(fieldOf(item.at))}`}>{t("asText.edit")}</Link>
      </p>
    </div>
  );
}
