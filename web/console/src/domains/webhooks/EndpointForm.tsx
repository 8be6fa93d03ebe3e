import { answer, api } from "@regulars/shared/api/client";
import { fromThrown } from "@regulars/shared/api/problem";
import { ProblemNote } from "@regulars/shared/desk/ProblemNote";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { Form, Input, Modal, Select } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { SecretShown } from "./SecretShown";
import { useFocusBack } from "./useFocusBack";
import { type Endpoint, TEST, useTypes } from "./webhooks";

type Wanted = Pick<Endpoint, "url" | "description" | "events">;

/** Adds an endpoint and shows its secret once, or changes one. */
export function EndpointForm({ endpoint, onClose }: { endpoint?: Endpoint; onClose: () => void }) {
  const { t } = useTranslation("webhooks");
  useFocusBack();
  const [form] = Form.useForm<Wanted>();
  const [secret, setSecret] = useState<string | null>(null);
  const client = useQueryClient();
  const types = (useTypes().data ?? []).map(({ type }) => type).filter((type) => type !== TEST);
  const prefixes = [...new Set(types.map((type) => `${type.slice(0, type.indexOf("."))}.*`))];
  const names = ["*", ...prefixes, ...types].map((value) => ({ value, label: value }));
  const saving = useMutation({
    mutationFn: async (wanted: Wanted) => {
      if (endpoint) {
        const path = { endpoint: endpoint.id };
        await answer(api.PATCH("/v1/webhooks/endpoints/{endpoint}", { params: { path }, body: wanted }));
        return null;
      }
      return (await answer(api.POST("/v1/webhooks/endpoints", { body: wanted }))).secret;
    },
    onSuccess: async (made) => {
      await client.invalidateQueries({ queryKey: ["webhooks"] });
      if (made === null) {
        onClose();
      }
      setSecret(made);
    },
  });
  if (secret) {
    return <SecretShown title={t("form.made")} text={secret} onClose={onClose} />;
  }
  return (
    <Modal
      open
      title={endpoint ? t("form.change") : t("form.add")}
      okText={endpoint ? t("form.save") : t("form.add")}
      cancelText={t("cancel")}
      okButtonProps={{ loading: saving.isPending }}
      onOk={form.submit}
      onCancel={onClose}
    >
      <Form<Wanted>
        form={form}
        layout="vertical"
        requiredMark={false}
        initialValues={endpoint ?? { url: "", description: "", events: ["*"] }}
        onFinish={(wanted) => saving.mutate(wanted)}
      >
        <Form.Item
          name="url"
          label={t("field.url")}
          extra={t("form.urlHint")}
          rules={[{ required: true, message: t("form.urlMissing") }]}
        >
          <Input autoComplete="off" inputMode="url" maxLength={2000} placeholder="https://shop.example.com/hooks" />
        </Form.Item>
        <Form.Item name="description" label={t("field.description")}>
          <Input autoComplete="off" maxLength={200} />
        </Form.Item>
        <Form.Item
          name="events"
          label={t("field.events")}
          extra={t("form.eventsHint")}
          rules={[{ required: true, message: t("form.eventsMissing") }]}
        >
          <Select mode="tags" options={names} tokenSeparators={[",", " "]} />
        </Form.Item>
        {saving.error && <ProblemNote problem={fromThrown(saving.error)} />}
      </Form>
    </Modal>
  );
}
