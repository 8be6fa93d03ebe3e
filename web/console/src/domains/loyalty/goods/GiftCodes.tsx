import { DownloadOutlined } from "@ant-design/icons";
import { decimal, money } from "@regulars/shared/format/money";
import { count } from "@regulars/shared/format/numbers";
import { save } from "@regulars/shared/format/save";
import { usePlan } from "@regulars/shared/session/plan";
import { Alert, Button, Input, Modal } from "antd";
import { useId } from "react";
import { useTranslation } from "react-i18next";
import { useFocusBack } from "../useFocusBack";
import type { MadeCards } from "./gifts";
import { lastDay } from "./heldColumns";

/** The codes of new cards, this once: to be downloaded or copied, and confirmed as taken before they go. */
export function GiftCodes({ made, onClose }: { made: MadeCards; onClose: () => void }) {
  const { t } = useTranslation("goods");
  useFocusBack();
  const id = useId();
  const currency = usePlan()?.currency ?? "GBP";
  const face = money(made.amount, currency);
  const download = () => {
    const heading = [t("held.code"), t("gift.face"), t("gift.currency"), t("held.ends")];
    // A code has no comma and no quote in it. The mark in front tells a spreadsheet that the headings are UTF-8.
    const lines = made.codes.map((code) => [code, decimal(made.amount, currency), currency, lastDay(made.expires_at)]);
    save(
      new Blob(["\ufeff", [heading, ...lines].map((line) => `${line.join(",")}\r\n`).join("")]),
      `${made.batch}.csv`,
    );
  };
  return (
    <Modal
      open
      title={t("gift.madeTitle", { count: made.codes.length, shown: count(made.codes.length), face })}
      closable={false}
      mask={{ closable: false }}
      keyboard={false}
      footer={[
        <Button key="download" icon={<DownloadOutlined />} onClick={download}>
          {t("batch.download")}
        </Button>,
        <Button key="taken" type="primary" onClick={onClose}>
          {t("gift.taken")}
        </Button>,
      ]}
    >
      <div className="goods-stack">
        <Alert type="warning" showIcon title={t("gift.onceHint")} />
        <div className="goods-field">
          <label htmlFor={id}>{t("gift.codes")}</label>
          <Input.TextArea
            id={id}
            readOnly
            className="goods-codes"
            value={made.codes.join("\n")}
            autoSize={{ minRows: 3, maxRows: 10 }}
            onFocus={(event) => event.target.select()}
          />
        </div>
      </div>
    </Modal>
  );
}
