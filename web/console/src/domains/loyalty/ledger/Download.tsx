import { DownloadOutlined } from "@ant-design/icons";
import { fileLink } from "@regulars/shared/api/links";
import { Button, Dropdown } from "antd";
import { useTranslation } from "react-i18next";

/** The months and what lapses when, as a file for a spreadsheet. */
export function Download() {
  const { t } = useTranslation("ledger");
  const items = (["csv", "xlsx"] as const).map((form) => ({
    key: form,
    label: (
      <a href={fileLink(`/v1/insights/points?format=${form}`)} download>
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
