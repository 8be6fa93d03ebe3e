import { Button } from "antd";
import { useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import { ago, instant, programmeZone } from "../../format/dates";

type Props = { at: string | null; stale?: boolean; onRecompute?: () => void; busy?: boolean };

/** When the numbers beside it were computed, and the way to compute them again. */
export function Freshness({ at, stale = false, onRecompute, busy = false }: Props) {
  const { t } = useTranslation("ui");
  const [, tick] = useState(0);
  useEffect(() => {
    const timer = setInterval(() => tick((n) => n + 1), 30_000);
    return () => clearInterval(timer);
  }, []);
  return (
    <span className="freshness">
      <span className={stale ? "dot stale" : "dot"} aria-hidden="true" />
      <time dateTime={at ?? undefined} title={at ? `${instant(at)} ${programmeZone()}` : undefined}>
        {t("fresh.computed", { ago: ago(at) })}
      </time>
      {stale && <span>{t("fresh.stale")}</span>}
      {onRecompute && (
        <Button type="link" size="small" loading={busy} onClick={onRecompute}>
          {t("fresh.recompute")}
        </Button>
      )}
    </span>
  );
}
