import { DownloadOutlined } from "@ant-design/icons";
import { answer, api } from "@regulars/shared/api/client";
import { fromThrown } from "@regulars/shared/api/problem";
import { ProblemNote } from "@regulars/shared/desk/ProblemNote";
import { save } from "@regulars/shared/format/save";
import { useMutation } from "@tanstack/react-query";
import { Button, Dropdown } from "antd";
import { useTranslation } from "react-i18next";
import "./orders.css";

const FORMS = ["csv", "xlsx"] as const;
type Form = (typeof FORMS)[number];

/** Downloads what was not taken. Not by a plain link: its headings would come in the browser's language instead of the chosen one. */
export function ReportButton({ run, name }: { run: string; name: string }) {
  const { t } = useTranslation("orders");
  const downloading = useMutation({
    mutationFn: async (form: Form) => {
      const params = { path: { run }, query: { format: form } };
      const content = await answer(api.GET("/v1/imports/{run}/report", { params, parseAs: "blob" }));
      save(content as unknown as Blob, `${name}.quarantine.${form}`);
    },
  });
  const items = FORMS.map((form) => ({ key: form, label: t(`ui:export.${form}`) }));
  return (
    <>
      {downloading.error && <ProblemNote problem={fromThrown(downloading.error)} />}
      <Dropdown
        trigger={["click"]}
        placement="bottomRight"
        menu={{ items, onClick: ({ key }) => downloading.mutate(key === "xlsx" ? "xlsx" : "csv") }}
      >
        <Button icon={<DownloadOutlined />} loading={downloading.isPending}>
          {t("one.report")}
        </Button>
      </Dropdown>
    </>
  );
}
