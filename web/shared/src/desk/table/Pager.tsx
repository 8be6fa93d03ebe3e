import { LeftOutlined, RightOutlined } from "@ant-design/icons";
import { Button } from "antd";
import { useTranslation } from "react-i18next";
import { count } from "../../format/numbers";
import type { usePages } from "./usePages";

/** Below a table: how many there are, and the way forwards and back. */
export function Pager<Row>({ pages }: { pages: ReturnType<typeof usePages<Row>> }) {
  const { t } = useTranslation("ui");
  const total =
    pages.count === null
      ? t("table.thisPage", { count: pages.rows.length })
      : pages.countIsExact
        ? t("table.rows", { count: pages.count })
        : t("table.rowsAtLeast", { number: count(pages.count) });
  return (
    <nav className="pager" aria-label={t("table.more")}>
      <span className="num">{total}</span>
      <Button
        icon={<LeftOutlined />}
        disabled={pages.isFirstPage}
        onClick={pages.back}
        aria-label={t("table.prev")}
        title={t("table.prev")}
      />
      <Button
        icon={<RightOutlined />}
        disabled={!pages.hasNext}
        onClick={pages.forward}
        aria-label={t("table.more")}
        title={t("table.more")}
      />
    </nav>
  );
}
