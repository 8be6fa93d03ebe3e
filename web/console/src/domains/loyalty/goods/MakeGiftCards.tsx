import { answer, api } from "@regulars/shared/api/client";
import { fromThrown } from "@regulars/shared/api/problem";
import { DayInput } from "@regulars/shared/desk/fields/DayInput";
import { MoneyInput } from "@regulars/shared/desk/fields/MoneyInput";
import { ProblemNote } from "@regulars/shared/desk/ProblemNote";
import { dayAfter, startOfDay } from "@regulars/shared/format/days";
import { money } from "@regulars/shared/format/money";
import { usePlan } from "@regulars/shared/session/plan";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { Form, Input, InputNumber, Modal, Select } from "antd";
import { useTranslation } from "react-i18next";
import { useFocusBack } from "../useFocusBack";
import type { MadeCards } from "./gifts";

type Wanted = { batch: string; unit: string; amount: number; count: number; until: string };
type Props = {
  units: readonly { value: string; label: string }[];
  onMade: (made: MadeCards) => void;
  onClose: () => void;
};
const MOST = 10_000;

/** Asks for gift cards of one amount; their codes come back once. */
export function MakeGiftCards({ units, onMade, onClose }: Props) {
  const { t } = useTranslation("goods");
  useFocusBack();
  const currency = usePlan()?.currency ?? "GBP";
  const [form] = Form.useForm<Wanted>();
  const client = useQueryClient();
  const making = useMutation({
    mutationFn: ({ until, batch, ...same }: Wanted) =>
      answer(
        api.POST("/v1/gift-cards", {
          body: { ...same, batch: batch.trim(), expires_at: startOfDay(dayAfter(until)) },
        }),
      ),
    onSuccess: (made) => {
      onClose();
      onMade(made);
      return client.invalidateQueries({ queryKey: ["goods"] });
    },
  });
  const missing = [{ required: true, message: t("batch.missing") }];
  const amount = Form.useWatch("amount", form);
  const count = Form.useWatch("count", form);
  return (
    <Modal
      open
      title={t("gift.make")}
      okText={t("gift.start")}
      cancelText={t("ui:action.cancel")}
      okButtonProps={{ loading: making.isPending }}
      onOk={form.submit}
      onCancel={onClose}
    >
      <Form<Wanted>
        form={form}
        layout="vertical"
        requiredMark={false}
        initialValues={{ batch: "", unit: units[0]?.value, count: 100 }}
        onFinish={(wanted) => making.mutate(wanted)}
      >
        <Form.Item
          name="batch"
          label={t("batch.name")}
          extra={t("gift.nameHint")}
          rules={[...missing, { pattern: /^[A-Za-z0-9._-]+$/, message: t("gift.nameHint") }]}
        >
          <Input autoComplete="off" maxLength={64} />
        </Form.Item>
        <Form.Item name="unit" label={t("gift.unit")} hidden={units.length < 2}>
          <Select options={[...units]} />
        </Form.Item>
        <Form.Item name="amount" label={t("gift.face")} rules={missing}>
          <MoneyInput currency={currency} />
        </Form.Item>
        <Form.Item name="count" label={t("batch.count")} rules={missing}>
          <InputNumber min={1} max={MOST} precision={0} controls={false} className="goods-wide" inputMode="numeric" />
        </Form.Item>
        <Form.Item name="until" label={t("gift.lastDay")} rules={missing}>
          <DayInput ahead />
        </Form.Item>
        <p className="quiet">
          {amount && count ? t("gift.inAll", { amount: money(amount * count, currency) }) : null} {t("gift.onceHint")}
        </p>
        {making.error && <ProblemNote problem={fromThrown(making.error)} />}
      </Form>
    </Modal>
  );
}
