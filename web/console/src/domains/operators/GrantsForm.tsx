import { answer, api } from "@regulars/shared/api/client";
import { fromThrown } from "@regulars/shared/api/problem";
import { ProblemNote } from "@regulars/shared/desk/ProblemNote";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { Button } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { GrantFields } from "./GrantFields";
import type { Operator } from "./OperatorsTable";

/** The operator's roles, to be changed. In force within five seconds. */
export function GrantsForm({ operator }: { operator: Operator }) {
  const { t } = useTranslation("operators");
  const [grants, setGrants] = useState(operator.grants);
  const client = useQueryClient();
  const saving = useMutation({
    mutationFn: () =>
      answer(
        api.PUT("/v1/operators/{operator}/grants", { params: { path: { operator: operator.id } }, body: { grants } }),
      ),
    onSuccess: () => client.invalidateQueries({ queryKey: ["operators"] }),
  });
  const same = JSON.stringify(sorted(grants)) === JSON.stringify(sorted(operator.grants));
  return (
    <form
      className="operators-form"
      onSubmit={(event) => {
        event.preventDefault();
        saving.mutate();
      }}
    >
      <h2>{t("field.roles")}</h2>
      <p className="quiet">{t("grants.lead")}</p>
      <GrantFields value={grants} onChange={setGrants} />
      {saving.error && <ProblemNote problem={fromThrown(saving.error)} />}
      <div className="operators-actions">
        <Button type="primary" htmlType="submit" disabled={same} loading={saving.isPending}>
          {t("grants.save")}
        </Button>
        {saving.isSuccess && same && <span role="status">{t("grants.saved")}</span>}
      </div>
    </form>
  );
}

function sorted(grants: Operator["grants"]) {
  return [...grants].sort((one, other) => one.role.localeCompare(other.role));
}
