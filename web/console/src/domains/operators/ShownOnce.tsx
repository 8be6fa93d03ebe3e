import { CopyOutlined } from "@ant-design/icons";
import { Alert, Button, Input, Modal } from "antd";
import { useId, useState } from "react";
import { useTranslation } from "react-i18next";

type Props = { title: string; label: string; text: string; warning: string; onClose: () => void };

/** A secret that is shown this one time: to be copied, and confirmed as taken before it goes. */
export function ShownOnce({ title, label, text, warning, onClose }: Props) {
  const { t } = useTranslation("operators");
  const id = useId();
  const [copied, setCopied] = useState(false);
  const copy = () => {
    // Refused without a secure address: the field is then copied by hand.
    navigator.clipboard?.writeText(text).then(
      () => setCopied(true),
      () => setCopied(false),
    );
  };
  return (
    <Modal
      open
      title={title}
      closable={false}
      mask={{ closable: false }}
      keyboard={false}
      footer={
        <Button type="primary" onClick={onClose}>
          {t("once.taken")}
        </Button>
      }
    >
      <Alert type="warning" showIcon title={warning} />
      <div className="operators-secret">
        <label htmlFor={id}>{label}</label>
        <span>
          <Input id={id} readOnly value={text} onFocus={(event) => event.target.select()} />
          <Button icon={<CopyOutlined />} onClick={copy}>
            {copied ? t("once.copied") : t("once.copy")}
          </Button>
        </span>
      </div>
    </Modal>
  );
}
