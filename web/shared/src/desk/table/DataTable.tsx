import type { QueryKey } from "@tanstack/react-query";
import { Table, type TableColumnType } from "antd";
import { type Key, type ReactNode, useMemo, useRef, useState } from "react";
import { Failed, NothingMatches } from "../states/Empties";
import { Loading } from "../states/Loading";
import { type Column, keepSettings, type Settings, shownColumns, storedSettings } from "./columns";
import { Pager } from "./Pager";
import { type ExportLinks, Toolbar } from "./Toolbar";
import { type LoadPage, usePages } from "./usePages";
import { useRowKeys } from "./useRowKeys";
import { useScrollByKeys } from "./useScrollByKeys";

const USUAL_WIDTH = 140;

type Props<Row> = {
  /** Names the table's stored settings: `members`. */
  id: string;
  /** Said to screen readers. */
  label: string;
  columns: readonly Column<Row>[];
  rowKey: (row: Row) => string;
  queryKey: QueryKey;
  load: LoadPage<Row>;
  /** Shown when there has never been any. */
  never: ReactNode;
  /** The filters in force as one readable line; empty when there are none. */
  filters?: string;
  onClearFilters?: () => void;
  exports?: ExportLinks;
  /** What can be done with the selected rows; given, rows can be selected. */
  bulk?: (selected: readonly string[], clear: () => void) => ReactNode;
};

/** A list of the server: pages by cursor, order and page in the address, columns and density as each person sets them, the empties. */
export function DataTable<Row extends object>(props: Props<Row>) {
  const [settings, setSettings] = useState<Settings>(() => storedSettings(props.id));
  const [selected, setSelected] = useState<readonly string[]>([]);
  const pages = usePages(props.queryKey, props.load);
  const box = useRef<HTMLDivElement>(null);
  useRowKeys(box);
  useScrollByKeys(box, props.label);
  const change = (next: Settings) => {
    setSettings(next);
    keepSettings(props.id, next);
  };

  if (pages.problem) {
    return <Failed problem={pages.problem} onRetry={pages.refresh} />;
  }
  return (
    <div className="data-table" ref={box}>
      <Toolbar
        columns={props.columns}
        settings={settings}
        onChange={change}
        onRefresh={pages.refresh}
        refreshing={pages.isRefreshing}
        selected={selected.length}
        {...(props.exports ? { exports: props.exports } : {})}
      >
        {selected.length > 0 && props.bulk?.(selected, () => setSelected([]))}
      </Toolbar>
      <Rows {...props} pages={pages} settings={settings} selected={selected} onSelect={setSelected} />
      <Pager pages={pages} />
    </div>
  );
}

type RowsProps<Row> = Props<Row> & {
  pages: ReturnType<typeof usePages<Row>>;
  settings: Settings;
  selected: readonly string[];
  onSelect: (keys: readonly string[]) => void;
};

function Rows<Row extends object>({ pages, settings, selected, onSelect, ...props }: RowsProps<Row>) {
  const shown = useMemo(() => shownColumns(props.columns, settings), [props.columns, settings]);
  if (pages.isFirstLoad) {
    return <Loading rows={12} />;
  }
  if (pages.rows.length === 0) {
    const clear = props.onClearFilters;
    return props.filters && clear ? <NothingMatches filters={props.filters} onClear={clear} /> : props.never;
  }
  return (
    <Table<Row>
      aria-label={props.label}
      size={settings.density === "compact" ? "small" : "middle"}
      className={pages.isRefreshing ? "refreshing" : ""}
      columns={shown.map((column) => asAntd(column, pages.sort))}
      dataSource={pages.rows}
      rowKey={props.rowKey}
      pagination={false}
      scroll={{ x: shown.reduce((sum, column) => sum + (column.width ?? USUAL_WIDTH), 0) }}
      showSorterTooltip={false}
      {...(props.bulk ? { rowSelection: selection(selected, onSelect) } : {})}
      onChange={(_page, _filters, sorter) => {
        const by = Array.isArray(sorter) ? sorter[0] : sorter;
        pages.orderBy(by?.order ? `${by.order === "descend" ? "-" : ""}${String(by.columnKey)}` : undefined);
      }}
    />
  );
}

function selection(selected: readonly string[], onChange: (keys: readonly string[]) => void) {
  return { selectedRowKeys: [...selected] as Key[], onChange: (keys: Key[]) => onChange(keys.map(String)) };
}

function asAntd<Row>(column: Column<Row>, sort: string | undefined): TableColumnType<Row> {
  const order = sort === column.key ? "ascend" : sort === `-${column.key}` ? "descend" : null;
  return {
    key: column.key,
    title: column.title,
    render: (_value: unknown, row: Row) => column.render(row),
    width: column.width ?? USUAL_WIDTH,
    ...(column.numeric ? { align: "right" as const, className: "num" } : {}),
    ...(column.sortable ? { sorter: true, sortOrder: order } : {}),
  };
}
