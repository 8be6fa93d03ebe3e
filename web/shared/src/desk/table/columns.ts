import type { ReactNode } from "react";

/** One column. `key` names it in the address (sorting) and in the stored settings. */
export type Column<Row> = {
  key: string;
  title: string;
  render: (row: Row) => ReactNode;
  width?: number;
  /** Numbers stand right, with digits of equal width. */
  numeric?: boolean;
  /** The server can order by it. */
  sortable?: boolean;
  /** Not shown until somebody asks for it in the settings. */
  hidden?: boolean;
  /** Always shown: what the row is. */
  always?: boolean;
};

export type Density = "compact" | "comfortable";
/** What a person set for one table; kept in this browser. */
export type Settings = { shown: string[] | null; density: Density };

const DEFAULT: Settings = { shown: null, density: "compact" };

/** The stored settings of a table; the default where there are none or they cannot be read. */
export function storedSettings(id: string): Settings {
  try {
    const raw = localStorage.getItem(`regulars.table.${id}`);
    return raw === null ? DEFAULT : { ...DEFAULT, ...(JSON.parse(raw) as Partial<Settings>) };
  } catch {
    return DEFAULT;
  }
}

/** The settings hold also after the page is loaded again. */
export function keepSettings(id: string, settings: Settings): void {
  try {
    localStorage.setItem(`regulars.table.${id}`, JSON.stringify(settings));
  } catch {
    // Private windows may refuse to store: they then hold for this page only.
  }
}

/** The columns to show, in their own order. A column that is new since the settings were stored is shown unless it begins hidden. */
export function shownColumns<Row>(columns: readonly Column<Row>[], settings: Settings): Column<Row>[] {
  return columns.filter(
    (column) => column.always || (settings.shown ? settings.shown.includes(column.key) : !column.hidden),
  );
}
