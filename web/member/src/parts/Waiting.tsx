import { useEffect, useState } from "react";
import { useTranslation } from "react-i18next";

const SHOWN_AFTER = 150;
const SLOW_AFTER = 4000;

/** The shape of what is coming, after a moment in which most of it has come; then a word that it takes long. */
export function Waiting({ shape }: { shape: readonly number[] }) {
  const { t } = useTranslation("common");
  const [waited, setWaited] = useState(0);
  useEffect(() => {
    const timers = [SHOWN_AFTER, SLOW_AFTER].map((wait) => setTimeout(() => setWaited(wait), wait));
    return () => timers.forEach(clearTimeout);
  }, []);
  return (
    <div className="waiting" aria-busy="true" role="status">
      <span className="only-read">{t("state.loading")}</span>
      {waited > 0 &&
        shape.map((height, place) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: blocks of a shape have no name but their place
          <span key={place} className="block" style={{ height }} />
        ))}
      {waited === SLOW_AFTER && <p className="quiet">{t("state.slow")}</p>}
    </div>
  );
}
