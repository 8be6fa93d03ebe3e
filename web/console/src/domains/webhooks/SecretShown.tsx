import { CopyOutlined } from "@ant-design/icons";
import { Alert, Button, Input, Modal } from "antd";
import { useId, useState } from "react";
import { useTranslation } from "react-i18next";

/** A signing secret that is shown this one time: to be copied, and confirmed as taken before it goes. */
export function SecretShown({ title, text, onClose }: { title: string; text: string; onClose: () => void }) {
  const { t } = useTranslation("webhooks");
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
          {t("secret.taken")}
        </Button>
      }
    >
      <Alert type="warning" showIcon title={t("secret.warning")} />
      <div className="webhooks-secret">
        <label htmlFor={id}>{t("secret.label")}</label>
        <span>
          <Input id={id} readOnly value={text} onFocus={(event) => event.target.select()} />
          <Button icon={<CopyOutlined />} onClick={copy}>
            {copied ? t("secret.copied") : t("secret.copy")}
          </Button>
        </span>
      </div>
    </Modal>
  );
}
