import { DownloadOutlined, ReloadOutlined, SettingOutlined } from "@ant-design/icons";
import { Button, Checkbox, Dropdown, Popover, Segmented } from "antd";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { fileLink } from "../../api/links";
import { type Column, type Density, type Settings, shownColumns } from "./columns";

/** Where the server writes the whole list, filters applied, as a file. */
export type ExportLinks = { csv: string; xlsx: string };

type Props<Row> = {
  columns: readonly Column<Row>[];
  settings: Settings;
  onChange: (settings: Settings) => void;
  onRefresh: () => void;
  refreshing: boolean;
  selected: number;
  exports?: ExportLinks;
  children: ReactNode;
};

/** Above a table: what can be done with the selection; export, refresh, settings. */
export function Toolbar<Row>(props: Props<Row>) {
  const { t } = useTranslation("ui");
  return (
    <div className="table-toolbar">
      <div className="table-bulk" role="status">
        {props.selected > 0 && <span>{t("table.selected", { count: props.selected })}</span>}
        {props.children}
      </div>
      {props.exports && <ExportButton links={props.exports} />}
      <Button
        type="text"
        icon={<ReloadOutlined />}
        aria-label={t("table.refresh")}
        title={t("table.refresh")}
        loading={props.refreshing}
        onClick={props.onRefresh}
      />
      <Popover trigger="click" placement="bottomRight" content={<SettingsForm {...props} />}>
        <Button type="text" icon={<SettingOutlined />} aria-label={t("table.settings")} title={t("table.settings")} />
      </Popover>
    </div>
  );
}

function ExportButton({ links }: { links: ExportLinks }) {
  const { t } = useTranslation("ui");
  const items = (["csv", "xlsx"] as const).map((kind) => ({
    key: kind,
    label: (
      <a href={fileLink(links[kind])} download>
        {t(`export.${kind}`)}
      </a>
    ),
  }));
  return (
    <Dropdown menu={{ items }} trigger={["click"]}>
      <Button type="text" icon={<DownloadOutlined />}>
        {t("action.export")}
      </Button>
    </Dropdown>
  );
}

function SettingsForm<Row>({ columns, settings, onChange }: Props<Row>) {
  const { t } = useTranslation("ui");
  const shown = shownColumns(columns, settings).map((column) => column.key);
  return (
    <div className="table-settings">
      <p className="label">{t("table.density")}</p>
      <Segmented<Density>
        block
        value={settings.density}
        onChange={(density) => onChange({ ...settings, density })}
        options={(["compact", "comfortable"] as const).map((value) => ({ value, label: t(`table.${value}`) }))}
      />
      <p className="label">{t("table.columns")}</p>
      <Checkbox.Group
        value={shown}
        options={columns.map((column) => ({
          value: column.key,
          label: column.title,
          disabled: column.always ?? false,
        }))}
        onChange={(keys) => onChange({ ...settings, shown: keys.map(String) })}
      />
      <Button type="link" size="small" onClick={() => onChange({ ...settings, shown: null })}>
        {t("table.columnsReset")}
      </Button>
    </div>
  );
}
