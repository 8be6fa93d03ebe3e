import { answer, api } from "@regulars/shared/api/client";
import { fromThrown } from "@regulars/shared/api/problem";
import { Panel } from "@regulars/shared/desk/Page";
import { ProblemNote } from "@regulars/shared/desk/ProblemNote";
import { useMay, useSession } from "@regulars/shared/session/session";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { Button, Input } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { Approval } from "./approvals";

/** Approving or refusing for a second person, withdrawing for whoever asked; each with the reason why it is not offered. */
export function Decide({ approval }: { approval: Approval }) {
  const { t } = useTranslation("operators");
  const may = useMay();
  const session = useSession();
  const [reason, setReason] = useState("");
  const client = useQueryClient();
  const params = { path: { approval: approval.id } };
  const deciding = useMutation({
    mutationFn: (verdict: "approve" | "refuse" | "withdraw") => {
      switch (verdict) {
        case "approve":
          return answer(api.POST("/v1/approvals/{approval}/approve", { params, body: { reason } }));
        case "refuse":
          return answer(api.POST("/v1/approvals/{approval}/refuse", { params, body: { reason } }));
        case "withdraw":
          return answer(api.POST("/v1/approvals/{approval}/withdraw", { params }));
      }
    },
    onSuccess: () => client.invalidateQueries(),
  });
  const own = approval.asked_by === session.id;
  return (
    <Panel title={t("decide.title")}>
      <div className="operators-form">
        {own ? (
          <p className="quiet">{t("decide.own")}</p>
        ) : may("approvals.decide") ? (
          <>
            <label className="operators-field" htmlFor="decide-reason">
              <span>{t("decide.reason")}</span>
              <Input.TextArea
                id="decide-reason"
                value={reason}
                maxLength={500}
                autoSize={{ minRows: 2, maxRows: 6 }}
                onChange={(event) => setReason(event.target.value)}
              />
            </label>
            <div className="operators-actions">
              <Button type="primary" loading={deciding.isPending} onClick={() => deciding.mutate("approve")}>
                {t("decide.approve")}
              </Button>
              <Button
                danger
                disabled={reason.trim() === ""}
                loading={deciding.isPending}
                onClick={() => deciding.mutate("refuse")}
              >
                {t("decide.refuse")}
              </Button>
              {reason.trim() === "" && <span className="quiet">{t("decide.refuseNeedsReason")}</span>}
            </div>
          </>
        ) : (
          <p className="quiet">{t("decide.mayNot")}</p>
        )}
        {own && (
          <div className="operators-actions">
            <Button loading={deciding.isPending} onClick={() => deciding.mutate("withdraw")}>
              {t("decide.withdraw")}
            </Button>
          </div>
        )}
        {deciding.error && <ProblemNote problem={fromThrown(deciding.error)} />}
      </div>
    </Panel>
  );
}
