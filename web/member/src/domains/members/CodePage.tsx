import { fromThrown } from "@regulars/shared/api/problem";
import { QRCodeSVG } from "qrcode.react";
import { useEffect } from "react";
import { useTranslation } from "react-i18next";
import { useNavigate } from "react-router";
import { Button } from "../../parts/Button";
import { Icon } from "../../parts/Icon";
import { ProblemNote } from "../../parts/ProblemNote";
import { Waiting } from "../../parts/Waiting";
import { type Shown, useCode } from "./useCode";
import { useKeepAwake } from "./useKeepAwake";

const GROUP = /\d{1,6}/g;
const QR_PX = 264;

/** The member code over the whole screen, to be scanned or read aloud; it renews itself, with a connection or without. */
export default function CodePage() {
  const { t } = useTranslation("members");
  const navigate = useNavigate();
  const { shown, query, now } = useCode();
  useKeepAwake();
  useEffect(() => {
    document.title = `${t("code.title")} · ${t("common:brand.name")}`;
    const back = (event: KeyboardEvent) => event.key === "Escape" && navigate("/card");
    window.addEventListener("keydown", back);
    return () => window.removeEventListener("keydown", back);
  }, [t, navigate]);
  return (
    <main className="code-page">
      <header>
        <Button kind="plain" onClick={() => navigate("/card")}>
          <Icon shape="back" size={20} />
          {t("code.back")}
        </Button>
      </header>
      <div className="code-sheet">
        <h1>{t("code.title")}</h1>
        <p className="quiet">{t("code.lead")}</p>
        {shown ? <Code shown={shown} now={now} /> : query.isPending && <Waiting shape={[QR_PX, 40]} />}
        {!shown && query.isError && (
          <ProblemNote problem={fromThrown(query.error)} onRetry={() => void query.refetch()} />
        )}
        {shown && (
          <Button kind="soft" busy={query.isFetching && !shown.own} onClick={() => void query.refetch()}>
            {t("code.renew")}
          </Button>
        )}
      </div>
      <ul className="code-hints">
        <li>{t("code.bright")}</li>
        <li>{t("code.once")}</li>
      </ul>
    </main>
  );
}

function Code({ shown, now }: { shown: Shown; now: number }) {
  const { t } = useTranslation("members");
  const groups = shown.digits.match(GROUP) ?? [];
  const seconds = Math.max(0, Math.ceil((shown.until - now) / 1000));
  return (
    <>
      <div className="code-qr">
        <QRCodeSVG value={shown.qr} size={QR_PX} level="M" marginSize={2} title={t("code.qr")} role="img" />
      </div>
      <p className="code-digits num">
        {groups.map((group, place) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: groups have no name but their place
          <span key={place} aria-hidden="true">
            {group}
          </span>
        ))}
        <span className="only-read">{t("code.aloud", { digits: [...shown.digits].join(" ") })}</span>
      </p>
      <p className="code-time num" aria-hidden="true">
        {t("code.renews", { seconds })}
      </p>
      {shown.own && (
        <p className="code-own" role="status">
          <Icon shape="away" size={18} />
          {t("code.own")}
        </p>
      )}
    </>
  );
}
