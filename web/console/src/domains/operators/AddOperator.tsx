import { type Answer, answer, api, type Body } from "@regulars/shared/api/client";
import { fromThrown } from "@regulars/shared/api/problem";
import { ProblemNote } from "@regulars/shared/desk/ProblemNote";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { Form, Input, Modal } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { GrantFields } from "./GrantFields";
import { ShownOnce } from "./ShownOnce";
import { useFocusBack } from "./useFocusBack";

type Wanted = Body<"/v1/operators", "post">;
type Made = Answer<"/v1/operators", "post">;

/** Adds somebody; their first password is shown once, to be handed over. */
export function AddOperator({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation("operators");
  useFocusBack();
  const [form] = Form.useForm<Wanted>();
  const [made, setMade] = useState<Made | null>(null);
  const client = useQueryClient();
  const adding = useMutation({
    mutationFn: (body: Wanted) => answer(api.POST("/v1/operators", { body })),
    onSuccess: (done) => {
      setMade(done);
      return client.invalidateQueries({ queryKey: ["operators", "list"] });
    },
  });
  if (made) {
    return (
      <ShownOnce
        title={t("handed.title", { login: made.operator.login })}
        label={t("handed.password")}
        text={made.password}
        warning={t("handed.warning")}
        onClose={onClose}
      />
    );
  }
  return (
    <Modal
      open
      title={t("people.add")}
      okText={t("people.add")}
      cancelText={t("cancel")}
      okButtonProps={{ loading: adding.isPending }}
      onOk={form.submit}
      onCancel={onClose}
    >
      <Form<Wanted>
        form={form}
        layout="vertical"
        requiredMark={false}
        initialValues={{ grants: [] }}
        onFinish={(body) => adding.mutate(body)}
      >
        <Form.Item
          name="login"
          label={t("field.login")}
          rules={[{ required: true, message: t("signIn.loginMissing") }]}
        >
          <Input autoComplete="off" maxLength={100} autoFocus />
        </Form.Item>
        <Form.Item name="name" label={t("field.name")} rules={[{ required: true, message: t("people.nameMissing") }]}>
          <Input autoComplete="off" maxLength={200} />
        </Form.Item>
        <Form.Item name="grants" label={t("field.roles")}>
          <GrantFields />
        </Form.Item>
        {adding.error && <ProblemNote problem={fromThrown(adding.error)} />}
      </Form>
    </Modal>
  );
}
