import { answer, api, type Body } from "@regulars/shared/api/client";
import { fromThrown } from "@regulars/shared/api/problem";
import { ProblemNote } from "@regulars/shared/desk/ProblemNote";
import { said } from "@regulars/shared/session/plan";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { Form, Input, InputNumber, Modal, Select } from "antd";
import { useTranslation } from "react-i18next";
import { useFocusBack } from "../useFocusBack";
import type { Kind } from "./goods";

type Wanted = Body<"/v1/coupon-batches", "post">;
type Props = { kinds: readonly Kind[]; first?: string; onMade: (batch: string) => void; onClose: () => void };
const MOST = 1_000_000;

/** Asks for up to a million codes that each become one coupon; they are made in the background. */
export function MakeBatch({ kinds, first, onMade, onClose }: Props) {
  const { t } = useTranslation("goods");
  useFocusBack();
  const [form] = Form.useForm<Wanted>();
  const client = useQueryClient();
  const making = useMutation({
    mutationFn: (wanted: Wanted) =>
      answer(
        api.POST("/v1/coupon-batches", { body: { ...wanted, name: wanted.name.trim(), prefix: wanted.prefix.trim() } }),
      ),
    onSuccess: async (made) => {
      await client.invalidateQueries({ queryKey: ["goods"] });
      onClose();
      onMade(made.id);
    },
  });
  const missing = [{ required: true, whitespace: true, message: t("batch.missing") }];
  return (
    <Modal
      open
      title={t("batch.make")}
      okText={t("batch.start")}
      cancelText={t("ui:action.cancel")}
      okButtonProps={{ loading: making.isPending }}
      onOk={form.submit}
      onCancel={onClose}
    >
      <Form<Wanted>
        form={form}
        layout="vertical"
        requiredMark={false}
        initialValues={{ definition: first ?? kinds[0]?.definition, name: "", count: 1_000, prefix: "", length: 12 }}
        onFinish={(wanted) => making.mutate(wanted)}
      >
        <Form.Item name="definition" label={t("kinds.label")}>
          <Select options={kinds.map((one) => ({ value: one.definition, label: said(one.label) }))} />
        </Form.Item>
        <Form.Item name="name" label={t("batch.name")} extra={t("batch.nameHint")} rules={missing}>
          <Input autoComplete="off" maxLength={100} />
        </Form.Item>
        <Form.Item name="count" label={t("batch.count")} rules={[{ required: true, message: t("batch.missing") }]}>
          <InputNumber min={1} max={MOST} precision={0} controls={false} className="goods-wide" inputMode="numeric" />
        </Form.Item>
        <Form.Item name="prefix" label={t("batch.prefix")} extra={t("batch.prefixHint")}>
          <Input autoComplete="off" maxLength={12} />
        </Form.Item>
        <Form.Item name="length" label={t("batch.length")} extra={t("batch.lengthHint")}>
          <InputNumber min={6} max={28} precision={0} controls={false} className="goods-wide" inputMode="numeric" />
        </Form.Item>
        {making.error && <ProblemNote problem={fromThrown(making.error)} />}
      </Form>
    </Modal>
  );
}
