import { answer, api, type Row } from "@regulars/shared/api/client";
import { Page, Panel } from "@regulars/shared/desk/Page";
import { NeverAny } from "@regulars/shared/desk/states/Empties";
import { DataTable } from "@regulars/shared/desk/table/DataTable";
import type { LoadPage } from "@regulars/shared/desk/table/usePages";
import { Button } from "antd";
import { useCallback, useState } from "react";
import { useTranslation } from "react-i18next";
import { CreateKey } from "./CreateKey";
import { useKeyColumns } from "./keyColumns";
import "./operators.css";
import { RevokeKey } from "./RevokeKey";

export type Key = Row<"/v1/api-keys", "get">;

/** Keys of other systems: what each may do, when it was last used, and the way to end it. */
export default function KeysPage() {
  const { t } = useTranslation("operators");
  const [creating, setCreating] = useState(false);
  const [revoking, setRevoking] = useState<Key | null>(null);
  const columns = useKeyColumns(setRevoking);
  const load = useCallback<LoadPage<Key>>(
    ({ cursor, limit, signal }) =>
      answer(api.GET("/v1/api-keys", { params: { query: { limit, ...(cursor ? { cursor } : {}) } }, signal })),
    [],
  );
  const create = (
    <Button type="primary" onClick={() => setCreating(true)}>
      {t("keys.create")}
    </Button>
  );
  return (
    <Page title={t("keys.title")} lead={t("keys.lead")} actions={create}>
      <Panel>
        <DataTable
          id="api-keys"
          label={t("keys.title")}
          columns={columns}
          rowKey={(key) => key.id}
          queryKey={["operators", "keys"]}
          load={load}
          never={<NeverAny text={t("keys.never")} />}
        />
      </Panel>
      {creating && <CreateKey onClose={() => setCreating(false)} />}
      {revoking && <RevokeKey apiKey={revoking} onClose={() => setRevoking(null)} />}
    </Page>
  );
}
