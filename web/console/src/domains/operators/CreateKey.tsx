import { type Answer, answer, api, type Body } from "@regulars/shared/api/client";
import { fromThrown } from "@regulars/shared/api/problem";
import { DayInput } from "@regulars/shared/desk/fields/DayInput";
import { ProblemNote } from "@regulars/shared/desk/ProblemNote";
import { dayAfter, startOfDay } from "@regulars/shared/format/days";
import { useMay } from "@regulars/shared/session/session";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { Form, Input, Modal, Select } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { named, usePermissions } from "./roles";
import { ShownOnce } from "./ShownOnce";
import { useFocusBack } from "./useFocusBack";

type Wanted = { name: string; scopes: Body<"/v1/api-keys", "post">["scopes"]; stores: string[]; until?: string };
type Made = Answer<"/v1/api-keys", "post">;

/** Makes a key for another system; its text is shown once. */
export function CreateKey({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation("operators");
  useFocusBack();
  const may = useMay();
  const [form] = Form.useForm<Wanted>();
  const [made, setMade] = useState<Made | null>(null);
  const client = useQueryClient();
  const rights = (usePermissions().data ?? []).filter((one) => !one.people_only && may(one.permission));
  const making = useMutation({
    mutationFn: ({ name, scopes, stores, until }: Wanted) =>
      answer(
        api.POST("/v1/api-keys", {
          body: { name, scopes, stores, expires_at: until ? startOfDay(dayAfter(until)) : null },
        }),
      ),
    onSuccess: (done) => {
      setMade(done);
      return client.invalidateQueries({ queryKey: ["operators", "keys"] });
    },
  });
  if (made) {
    return (
      <ShownOnce
        title={t("keys.madeTitle", { name: made.key.name })}
        label={t("keys.text")}
        text={made.text}
        warning={t("keys.warning")}
        onClose={onClose}
      />
    );
  }
  return (
    <Modal
      open
      title={t("keys.create")}
      okText={t("keys.create")}
      cancelText={t("cancel")}
      okButtonProps={{ loading: making.isPending }}
      onOk={form.submit}
      onCancel={onClose}
    >
      <Form<Wanted>
        form={form}
        layout="vertical"
        requiredMark={false}
        initialValues={{ scopes: [], stores: [] }}
        onFinish={(wanted) => making.mutate(wanted)}
      >
        <Form.Item name="name" label={t("keys.name")} rules={[{ required: true, message: t("keys.nameMissing") }]}>
          <Input autoComplete="off" maxLength={200} autoFocus />
        </Form.Item>
        <Form.Item
          name="scopes"
          label={t("keys.scopes")}
          rules={[{ required: true, message: t("keys.scopesMissing") }]}
        >
          <Select
            mode="multiple"
            optionFilterProp="label"
            options={rights.map((one) => ({ value: one.permission, label: `${named(one)} · ${one.permission}` }))}
          />
        </Form.Item>
        <Form.Item name="stores" label={t("keys.stores")}>
          <Select
            mode="tags"
            open={false}
            suffixIcon={null}
            tokenSeparators={[",", " "]}
            placeholder={t("keys.everywhere")}
          />
        </Form.Item>
        <Form.Item name="until" label={t("keys.until")}>
          <DayInput optional ahead />
        </Form.Item>
        {making.error && <ProblemNote problem={fromThrown(making.error)} />}
      </Form>
    </Modal>
  );
}
