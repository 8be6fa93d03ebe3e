import { Freshness } from "@regulars/shared/desk/states/Freshness";
import { instant } from "@regulars/shared/format/dates";
import { NONE } from "@regulars/shared/format/numbers";
import { said } from "@regulars/shared/session/plan";
import { useIsFetching, useQueryClient } from "@tanstack/react-query";
import { Alert } from "antd";
import { useTranslation } from "react-i18next";
import type { About } from "./queries";

const STALE_AFTER_MS = 24 * 3_600_000;

/** How fresh the numbers are, of which days and in which zone; asks again on demand. */
export function Stamp({ about }: { about: About }) {
  const { t } = useTranslation("insights");
  const client = useQueryClient();
  const busy = useIsFetching({ queryKey: ["insights"] }) > 0;
  return (
    <span className="insights-stamp">
      <Freshness
        at={about.watermark}
        busy={busy}
        onRecompute={() => void client.invalidateQueries({ queryKey: ["insights"] })}
      />
      <span className="quiet">
        {t("stamp.days", { from: about.first_day ?? NONE, to: about.last_day ?? NONE, zone: about.zone })}
      </span>
    </span>
  );
}

/** What the server wants said about an answer, and a warning when its facts are more than a day old. */
export function Notes({ about }: { about: About }) {
  const { t } = useTranslation("insights");
  const stale = about.watermark !== null && Date.now() - Date.parse(about.watermark) > STALE_AFTER_MS;
  return (
    <>
      {stale && (
        <Alert
          type="warning"
          showIcon
          title={t("stale.title", { at: instant(about.watermark) })}
          description={t("stale.text")}
        />
      )}
      {about.notes.length > 0 && (
        <ul className="insights-notes quiet">
          {about.notes.map((note) => (
            <li key={note.en}>{said(note)}</li>
          ))}
        </ul>
      )}
    </>
  );
}
