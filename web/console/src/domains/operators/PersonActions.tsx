import { answer, api } from "@regulars/shared/api/client";
import { fromThrown } from "@regulars/shared/api/problem";
import { ConfirmImpact } from "@regulars/shared/desk/ConfirmImpact";
import { ProblemNote } from "@regulars/shared/desk/ProblemNote";
import { useSession } from "@regulars/shared/session/session";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { Button, Checkbox, Input } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { Operator } from "./OperatorsTable";
import { ShownOnce } from "./ShownOnce";
import { useFocusBack } from "./useFocusBack";

/** Disabling, enabling, and a new password. Nobody disables themselves here. */
export function PersonActions({ operator }: { operator: Operator }) {
  const { t } = useTranslation("operators");
  const session = useSession();
  const [asking, setAsking] = useState<"disable" | "reset" | null>(null);
  const client = useQueryClient();
  const params = { path: { operator: operator.id } };
  const enabling = useMutation({
    mutationFn: () => answer(api.POST("/v1/operators/{operator}/enable", { params })),
    onSuccess: () => client.invalidateQueries({ queryKey: ["operators"] }),
  });
  const close = () => setAsking(null);
  if (operator.id === session.id) {
    return <span className="quiet">{t("person.yourself")}</span>;
  }
  return (
    <>
      {enabling.error && <ProblemNote problem={fromThrown(enabling.error)} />}
      <Button onClick={() => setAsking("reset")}>{t("reset.open")}</Button>
      {operator.state === "disabled" ? (
        <Button type="primary" loading={enabling.isPending} onClick={() => enabling.mutate()}>
          {t("enable")}
        </Button>
      ) : (
        <Button danger onClick={() => setAsking("disable")}>
          {t("disable.open")}
        </Button>
      )}
      {asking === "disable" && <Disable operator={operator} onClose={close} />}
      {asking === "reset" && <Reset operator={operator} onClose={close} />}
    </>
  );
}

type Props = { operator: Operator; onClose: () => void };

function Disable({ operator, onClose }: Props) {
  const { t } = useTranslation("operators");
  useFocusBack();
  const [reason, setReason] = useState("");
  const [revoke, setRevoke] = useState(true);
  const client = useQueryClient();
  const disabling = useMutation({
    mutationFn: () =>
      answer(
        api.POST("/v1/operators/{operator}/disable", {
          params: { path: { operator: operator.id } },
          body: { reason, revoke_keys: revoke },
        }),
      ),
    onSuccess: async () => {
      await client.invalidateQueries({ queryKey: ["operators"] });
      onClose();
    },
  });
  return (
    <ConfirmImpact
      open
      danger
      title={t("disable.title", { name: operator.name })}
      confirm={t("disable.confirm")}
      busy={disabling.isPending}
      problem={disabling.error ? fromThrown(disabling.error) : null}
      onConfirm={() => disabling.mutate()}
      onCancel={onClose}
    >
      <p>{t("disable.text")}</p>
      <label className="operators-field" htmlFor="disable-reason">
        <span>{t("field.reason")}</span>
        <Input id="disable-reason" value={reason} maxLength={500} onChange={(event) => setReason(event.target.value)} />
      </label>
      <Checkbox checked={revoke} onChange={(event) => setRevoke(event.target.checked)}>
        {t("disable.keys")}
      </Checkbox>
    </ConfirmImpact>
  );
}

function Reset({ operator, onClose }: Props) {
  const { t } = useTranslation("operators");
  useFocusBack();
  const resetting = useMutation({
    mutationFn: () =>
      answer(api.POST("/v1/operators/{operator}/reset-password", { params: { path: { operator: operator.id } } })),
  });
  if (resetting.data) {
    return (
      <ShownOnce
        title={t("handed.title", { login: operator.login })}
        label={t("handed.password")}
        text={resetting.data.password}
        warning={t("handed.warning")}
        onClose={onClose}
      />
    );
  }
  return (
    <ConfirmImpact
      open
      danger
      title={t("reset.title", { name: operator.name })}
      confirm={t("reset.confirm")}
      busy={resetting.isPending}
      problem={resetting.error ? fromThrown(resetting.error) : null}
      onConfirm={() => resetting.mutate()}
      onCancel={onClose}
    >
      <p>{t("reset.text")}</p>
    </ConfirmImpact>
  );
}
