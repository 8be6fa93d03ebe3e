import { answer, api, type Body } from "@regulars/shared/api/client";
import { fromThrown } from "@regulars/shared/api/problem";
import { ProblemNote } from "@regulars/shared/desk/ProblemNote";
import { useReplaceSession } from "@regulars/shared/session/session";
import { useMutation } from "@tanstack/react-query";
import { Button, Form, Input } from "antd";
import { useTranslation } from "react-i18next";
import { Entrance } from "./Entrance";

/** Where an operator signs in. Whatever address was asked for is shown afterwards. */
export default function SignIn() {
  const { t } = useTranslation("operators");
  const replace = useReplaceSession();
  const signing = useMutation({
    mutationFn: (body: Body<"/v1/session", "post">) => answer(api.POST("/v1/session", { body })),
    onSuccess: replace,
  });
  return (
    <Entrance title={t("signIn.title")} lead={t("signIn.lead")}>
      <Form
        layout="vertical"
        requiredMark={false}
        onFinish={(body: Body<"/v1/session", "post">) => signing.mutate(body)}
      >
        <Form.Item
          name="login"
          label={t("signIn.login")}
          rules={[{ required: true, message: t("signIn.loginMissing") }]}
        >
          <Input size="large" autoComplete="username" autoFocus />
        </Form.Item>
        <Form.Item
          name="password"
          label={t("signIn.password")}
          rules={[{ required: true, message: t("signIn.passwordMissing") }]}
        >
          <Input.Password size="large" autoComplete="current-password" />
        </Form.Item>
        {signing.error && <ProblemNote problem={fromThrown(signing.error)} />}
        <Button type="primary" size="large" htmlType="submit" block loading={signing.isPending}>
          {t("signIn.enter")}
        </Button>
      </Form>
    </Entrance>
  );
}
