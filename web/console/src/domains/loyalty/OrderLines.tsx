import { DeleteOutlined, PlusOutlined } from "@ant-design/icons";
import { MoneyInput } from "@regulars/shared/desk/fields/MoneyInput";
import { Button, Input, InputNumber } from "antd";
import { useTranslation } from "react-i18next";
import type { Line } from "./trial";

type Props = { lines: readonly Line[]; currency: string; onChange: (lines: Line[]) => void };

/** The lines of an order: what, of which category, how many, for how much altogether. */
export function OrderLines({ lines, currency, onChange }: Props) {
  const { t } = useTranslation("programme");
  const set = (key: number, part: Partial<Line>) =>
    onChange(lines.map((line) => (line.key === key ? { ...line, ...part } : line)));
  const fresh = Math.max(...lines.map((line) => line.key)) + 1;
  return (
    <div className="loyalty-lines">
      <div className="loyalty-line loyalty-line-head" aria-hidden="true">
        <span>{t("line.product")}</span>
        <span>{t("line.category")}</span>
        <span>{t("line.quantity")}</span>
        <span>{t("line.amount", { currency })}</span>
        <span />
      </div>
      {lines.map((line, at) => (
        <fieldset key={line.key} className="loyalty-line" aria-label={t("line.number", { number: at + 1 })}>
          <Input
            aria-label={t("line.product")}
            placeholder={t("line.productExample")}
            value={line.product}
            maxLength={200}
            onChange={(event) => set(line.key, { product: event.target.value })}
          />
          <Input
            aria-label={t("line.category")}
            placeholder={t("line.categoryExample")}
            value={line.category}
            maxLength={100}
            onChange={(event) => set(line.key, { category: event.target.value })}
          />
          <InputNumber
            aria-label={t("line.quantity")}
            min={1}
            max={1_000_000}
            precision={0}
            controls={false}
            value={line.quantity}
            onChange={(quantity) => set(line.key, { quantity: quantity ?? 1 })}
          />
          <div>
            <MoneyInput
              label={t("line.amount", { currency })}
              currency={currency}
              value={line.amount}
              onChange={(amount) => set(line.key, { amount })}
            />
          </div>
          <Button
            type="text"
            icon={<DeleteOutlined />}
            aria-label={t("line.remove", { number: at + 1 })}
            disabled={lines.length === 1}
            onClick={() => onChange(lines.filter((other) => other.key !== line.key))}
          />
        </fieldset>
      ))}
      <Button
        type="dashed"
        size="small"
        icon={<PlusOutlined />}
        onClick={() => onChange([...lines, { key: fresh, product: "", category: "", quantity: 1, amount: null }])}
      >
        {t("line.add")}
      </Button>
    </div>
  );
}
