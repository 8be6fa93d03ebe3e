import { DownloadOutlined, LineChartOutlined, TableOutlined } from "@ant-design/icons";
import { Button } from "antd";
import type { EChartsCoreOption, EChartsType } from "echarts/core";
import { type ReactNode, useEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { useMode } from "../../theme/mode";
import { palette } from "../../theme/tokens";
import { ChartTable, type TableOfChart } from "./ChartTable";
import { themed } from "./themed";

const CALM_ABOVE = 1000;

type Props = {
  /** What is shown, as one line: also its name for screen readers and for the downloaded picture. */
  title: string;
  option: EChartsCoreOption;
  /** The same data as a table: for screen readers, for copying, for whoever wants the numbers. */
  table: TableOfChart;
  height?: number;
  /** A click on a mark: the list behind the number. */
  onPoint?: (point: { series: string; name: string; index: number }) => void;
  extra?: ReactNode;
};

/** A chart in the house's colours, with its data as a table and its picture as a file. Drawn after the page is painted. */
export function Chart({ title, option, table, height = 280, onPoint, extra }: Props) {
  const { t } = useTranslation("ui");
  const [asTable, setAsTable] = useState(false);
  const box = useRef<HTMLDivElement>(null);
  const chart = useRef<EChartsType | null>(null);
  const { mode } = useMode();
  useDrawn({ box, chart, option, dense: table.rows.length > CALM_ABOVE, hidden: asTable, onPoint });

  const download = () => {
    const url = chart.current?.getDataURL({ type: "png", pixelRatio: 2, backgroundColor: palette(mode).raised });
    if (url) {
      Object.assign(document.createElement("a"), { href: url, download: `${title}.png` }).click();
    }
  };
  return (
    <figure className="chart" aria-label={title}>
      <figcaption className="chart-head">
        <span className="chart-title">{title}</span>
        {extra}
        <Button
          type="text"
          size="small"
          icon={asTable ? <LineChartOutlined /> : <TableOutlined />}
          aria-label={asTable ? t("chart.asChart") : t("chart.asTable")}
          title={asTable ? t("chart.asChart") : t("chart.asTable")}
          onClick={() => setAsTable(!asTable)}
        />
        {!asTable && (
          <Button
            type="text"
            size="small"
            icon={<DownloadOutlined />}
            aria-label={t("chart.png")}
            title={t("chart.png")}
            onClick={download}
          />
        )}
      </figcaption>
      {asTable ? (
        <ChartTable title={title} table={table} />
      ) : (
        <div ref={box} className="chart-box" style={{ height }} role="img" aria-label={title} />
      )}
    </figure>
  );
}

type Drawn = {
  box: React.RefObject<HTMLDivElement | null>;
  chart: React.RefObject<EChartsType | null>;
  option: EChartsCoreOption;
  dense: boolean;
  hidden: boolean;
  onPoint: Props["onPoint"];
};

function useDrawn({ box, chart, option, dense, hidden, onPoint }: Drawn): void {
  const { mode } = useMode();
  const clicked = useRef(onPoint);
  clicked.current = onPoint;
  useEffect(() => {
    const element = box.current;
    if (hidden || element === null) {
      return;
    }
    let gone = false;
    const resizing = new ResizeObserver(() => chart.current?.resize());
    void import("./engine").then(({ init }) => {
      if (gone) {
        return;
      }
      const made = init(element, null, { renderer: "canvas" });
      chart.current = made;
      made.setOption(
        themed(option, palette(mode), { still: dense || matchMedia("(prefers-reduced-motion: reduce)").matches }),
      );
      made.on("click", (event) =>
        clicked.current?.({ series: event.seriesName ?? "", name: event.name, index: event.dataIndex }),
      );
      resizing.observe(element);
    });
    return () => {
      gone = true;
      resizing.disconnect();
      chart.current?.dispose();
      chart.current = null;
    };
  }, [box, chart, option, dense, hidden, mode]);
}
