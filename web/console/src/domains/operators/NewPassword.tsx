import { answer, api, type Body } from "@regulars/shared/api/client";
import { fromThrown } from "@regulars/shared/api/problem";
import { ProblemNote } from "@regulars/shared/desk/ProblemNote";
import { useReplaceSession } from "@regulars/shared/session/session";
import { useMutation } from "@tanstack/react-query";
import { Button, Form, Input } from "antd";
import { useTranslation } from "react-i18next";
import { Entrance } from "./Entrance";

const SHORTEST = 12;

/** Where a handed-out password is replaced; nothing else is allowed before. */
export default function NewPassword() {
  const { t } = useTranslation("operators");
  const replace = useReplaceSession();
  const changing = useMutation({
    mutationFn: (body: Body<"/v1/session/password", "post">) => answer(api.POST("/v1/session/password", { body })),
    onSuccess: replace,
  });
  return (
    <Entrance title={t("newPassword.title")} lead={t("newPassword.lead", { count: SHORTEST })}>
      <Form
        layout="vertical"
        requiredMark={false}
        onFinish={(body: Body<"/v1/session/password", "post">) => changing.mutate(body)}
      >
        <Form.Item
          name="current_password"
          label={t("newPassword.current")}
          rules={[{ required: true, message: t("signIn.passwordMissing") }]}
        >
          <Input.Password size="large" autoComplete="current-password" autoFocus />
        </Form.Item>
        <Form.Item
          name="new_password"
          label={t("newPassword.new")}
          rules={[{ required: true, min: SHORTEST, message: t("newPassword.lead", { count: SHORTEST }) }]}
        >
          <Input.Password size="large" autoComplete="new-password" />
        </Form.Item>
        {changing.error && <ProblemNote problem={fromThrown(changing.error)} />}
        <Button type="primary" size="large" htmlType="submit" block loading={changing.isPending}>
          {t("newPassword.set")}
        </Button>
      </Form>
    </Entrance>
  );
}
