import { Page } from "@regulars/shared/desk/Page";
import { useSearchValue } from "@regulars/shared/url/search";
import { Button, Tabs } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { AddOperator } from "./AddOperator";
import "./operators.css";
import { OperatorsTable } from "./OperatorsTable";
import { RolesMatrix } from "./RolesMatrix";

/** Who runs the programme, and what each role may do. */
export default function OperatorsPage() {
  const { t } = useTranslation("operators");
  const [tab, setTab] = useSearchValue("tab", "people");
  const [adding, setAdding] = useState(false);
  return (
    <Page
      title={t("people.title")}
      lead={t("people.lead")}
      actions={
        <Button type="primary" onClick={() => setAdding(true)}>
          {t("people.add")}
        </Button>
      }
    >
      <div className="panel">
        <Tabs
          activeKey={tab}
          onChange={setTab}
          destroyOnHidden
          items={[
            { key: "people", label: t("tab.people"), children: <OperatorsTable /> },
            { key: "roles", label: t("tab.roles"), children: <RolesMatrix /> },
          ]}
        />
      </div>
      {adding && <AddOperator onClose={() => setAdding(false)} />}
    </Page>
  );
}
