import { CloseOutlined } from "@ant-design/icons";
import { Button } from "antd";
import { useTranslation } from "react-i18next";
import type { Bucket } from "./bucket";

/** Which number the list stands behind, and the way back to everybody. */
export function BucketChip({ bucket, onClear }: { bucket: Bucket; onClear: () => void }) {
  const { t } = useTranslation("members");
  const details = (["key", "month", "start", "unit"] as const).flatMap((name) => bucket[name] ?? []);
  const parts = [
    t(`of.${bucket.of}`),
    bucket.outcome === "yes" || bucket.outcome === "no" ? t(`outcome.${bucket.outcome}`) : "",
    bucket.days == null ? "" : t("bucket.within", { count: Number(bucket.days) }),
    bucket.purchase == null ? "" : t("bucket.purchase", { number: bucket.purchase }),
    bucket.part ? t(`part.${bucket.part}`) : "",
    ...details.map(String),
    bucket.from || bucket.to ? t("bucket.window", { from: bucket.from ?? "…", to: bucket.to ?? "…" }) : "",
    bucket.arm ? t(`arm.${bucket.arm}`) : "",
    ...[bucket.store, bucket.channel, bucket.tier].flatMap((codes) => codes ?? []),
  ];
  return (
    <p className="members-bucket">
      <span>{t("bucket.from", { what: parts.filter(Boolean).join(" · ") })}</span>
      <Button size="small" type="text" icon={<CloseOutlined />} onClick={onClear}>
        {t("bucket.clear")}
      </Button>
    </p>
  );
}
