import { DownOutlined, UpOutlined } from "@ant-design/icons";
import { isTyping } from "@regulars/shared/desk/keys";
import { count } from "@regulars/shared/format/numbers";
import { Button } from "antd";
import { useCallback, useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import { useNavigate, useSearchParams } from "react-router";
import { useWalk } from "./useWalk";

/** To the member before and after this one in the list one came from, also by Shift+K and Shift+J; the tab stays. Nothing without a list. */
export function Steps({ member }: { member: string }) {
  const { t } = useTranslation("members");
  const navigate = useNavigate();
  const [params] = useSearchParams();
  const [walk, setWalk] = useWalk();
  const [busy, setBusy] = useState(false);
  const at = walk.ids.indexOf(member);
  const tab = params.get("tab");
  const to = useCallback(
    (id: string | undefined) => id && void navigate(`/members/${id}${tab ? `?tab=${tab}` : ""}`, { replace: true }),
    [navigate, tab],
  );
  const back = useCallback(() => to(walk.ids[at - 1]), [to, walk, at]);
  const on = useCallback(async () => {
    if (at + 1 < walk.ids.length || walk.more === null) {
      return to(walk.ids[at + 1]);
    }
    setBusy(true);
    try {
      const longer = await walk.more();
      setWalk(longer);
      to(longer.ids[at + 1]);
    } catch {
      // The list's next page cannot be had now: the button stays, and can be pressed again.
    } finally {
      setBusy(false);
    }
  }, [to, walk, setWalk, at]);
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (at >= 0 && !isTyping(event) && !event.metaKey && !event.ctrlKey && !event.altKey) {
        if (event.key === "J") {
          void on();
        } else if (event.key === "K") {
          back();
        }
      }
    };
    document.addEventListener("keydown", onKey);
    return () => document.removeEventListener("keydown", onKey);
  }, [at, on, back]);
  if (at < 0) {
    return null;
  }
  const last = at + 1 >= walk.ids.length && walk.more === null;
  return (
    <nav className="members-steps" aria-label={t("steps.label")}>
      <span className="quiet num">
        {t("steps.at", { at: count(at + 1), of: `${count(walk.ids.length)}${walk.more ? "+" : ""}` })}
      </span>
      <Button
        icon={<UpOutlined />}
        disabled={at === 0}
        onClick={back}
        aria-label={t("steps.back")}
        title={`${t("steps.back")} (Shift+K)`}
      />
      <Button
        icon={<DownOutlined />}
        disabled={last}
        loading={busy}
        onClick={() => void on()}
        aria-label={t("steps.on")}
        title={`${t("steps.on")} (Shift+J)`}
      />
    </nav>
  );
}
