import { FileExcelOutlined } from "@ant-design/icons";
import { fromThrown } from "@regulars/shared/api/problem";
import { save } from "@regulars/shared/format/save";
import { useMutation } from "@tanstack/react-query";
import { App, Button, Dropdown } from "antd";
import { useTranslation } from "react-i18next";

export type FileForm = "csv" | "xlsx";
type Props = {
  /** What is in it, for the button's name. */
  what: string;
  /** The file's name without its ending. */
  name: string;
  load: (format: FileForm) => Promise<unknown>;
};

/** The numbers as a file for a spreadsheet, in the language that is shown. */
export function Downloads({ what, name, load }: Props) {
  const { t } = useTranslation("insights");
  const { message } = App.useApp();
  const saving = useMutation({
    mutationFn: async (format: FileForm) => save((await load(format)) as Blob, `regulars-${name}.${format}`),
    onError: (error) => void message.error(fromThrown(error).message),
  });
  return (
    <Dropdown
      trigger={["click"]}
      menu={{
        items: [
          { key: "csv", label: t("ui:export.csv") },
          { key: "xlsx", label: t("ui:export.xlsx") },
        ],
        onClick: ({ key }) => saving.mutate(key === "csv" ? "csv" : "xlsx"),
      }}
    >
      <Button
        type="text"
        size="small"
        icon={<FileExcelOutlined />}
        loading={saving.isPending}
        aria-label={t("download", { what })}
        title={t("download", { what })}
      />
    </Dropdown>
  );
}
