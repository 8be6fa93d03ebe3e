import { answer, api, type Body } from "@regulars/shared/api/client";
import { fromThrown } from "@regulars/shared/api/problem";
import { ConfirmImpact } from "@regulars/shared/desk/ConfirmImpact";
import { NONE } from "@regulars/shared/format/numbers";
import { type Item, useOutline } from "@regulars/shared/session/outline";
import { said, usePlan } from "@regulars/shared/session/plan";
import { Select } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { Card } from "../people";
import type { Act } from "./acts";
import { Field, Reason } from "./Fields";
import { afterDay, LastDay } from "./LastDay";
import { useAct } from "./useAct";

type Wish = Body<"/v1/members/{member}/levels", "post">;
const MAIN = "ladder";
type Faults = { level?: string; reason?: string };

/** Puts the member on a level by invitation or by hand: which ladder, which level, until when, and why. */
export function GiveLevel({ card, onClose, onDone }: Act) {
  const { t } = useTranslation("members");
  const outline = useOutline() ?? [];
  const member = card.person.id;
  const [typed, setTyped] = useState({ ladder: MAIN, level: "", until: "", reason: "" });
  const [faults, setFaults] = useState<Faults>({});
  const ladders = outline.filter((item) => item.part === "ladder");
  const ladder = ladders.find((item) => item.path === typed.ladder);
  const levels = outline.filter((item) => item.part === "level" && item.path.startsWith(`${typed.ladder}.levels.`));
  const chosen = levels.find((item) => idOf(item) === typed.level);
  const giving = useAct(
    (wish: Wish, key) =>
      answer(
        api.POST("/v1/members/{member}/levels", {
          params: { path: { member }, header: { "Idempotency-Key": key } },
          body: wish,
        }),
      ),
    () => onDone(t("act.level.done", { level: said(chosen?.title) })),
  );
  const carried = useCarried(card.level, typed.ladder === MAIN ? typed.level : "");
  const change = (next: Partial<typeof typed>) => {
    setTyped({ ...typed, ...next });
    setFaults({});
    giving.reset();
  };
  const confirm = () => {
    const found: Faults = {
      ...(typed.level === "" ? { level: t("act.level.missing") } : {}),
      ...(typed.reason.trim() === "" ? { reason: t("adjust.reasonMissing") } : {}),
    };
    setFaults(found);
    if (!found.level && !found.reason) {
      giving.mutate({
        ladder: typed.ladder === MAIN ? "main" : idOf({ path: typed.ladder }),
        level: typed.level,
        reason: typed.reason.trim(),
        ...(typed.until ? { until: afterDay(typed.until) } : {}),
      });
    }
  };
  const now = typed.ladder === MAIN ? said(card.level?.label) || NONE : NONE;
  return (
    <ConfirmImpact
      open
      title={t("act.level.title")}
      confirm={t("act.level.confirm")}
      busy={giving.isPending}
      problem={giving.error ? fromThrown(giving.error) : null}
      changes={
        chosen ? [{ label: said(ladder?.title) || t("field.tier"), before: now, after: said(chosen.title) }] : []
      }
      onCancel={onClose}
      onConfirm={confirm}
    >
      <div className="members-form">
        {ladders.length > 1 && (
          <Field label={t("act.level.ladder")}>
            {(id) => (
              <Select
                id={id}
                value={typed.ladder}
                options={ladders.map((item) => ({ value: item.path, label: said(item.title) }))}
                onChange={(ladder: string) => change({ ladder, level: "" })}
              />
            )}
          </Field>
        )}
        <Field label={t("act.level.level")} fault={faults.level} hint={said(chosen?.sentence)}>
          {(id) => (
            <>
              <Select
                id={id}
                value={typed.level || null}
                placeholder={t("act.choose")}
                options={levels.map((item) => ({ value: idOf(item), label: said(item.title) }))}
                onChange={(level: string) => change({ level })}
              />
              {carried && <span className="members-warn">{t("act.level.carried", { level: carried })}</span>}
            </>
          )}
        </Field>
        <Field label={t("act.level.until")} hint={t("act.level.untilHint")}>
          {(id) => <LastDay id={id} optional value={typed.until} onChange={(until) => change({ until })} />}
        </Field>
        <Reason value={typed.reason} fault={faults.reason} onChange={(reason) => change({ reason })} />
      </div>
    </ConfirmImpact>
  );
}

/** The higher level that what the member has carries anyway, by name: it is reached again at once. Empty where there is none. */
function useCarried(now: Card["level"], chosen: string): string {
  const levels = usePlan()?.levels ?? [];
  const carried = levels.filter((one) => now !== null && one.from <= now.balance).at(-1);
  const place = (id: string) => levels.findIndex((one) => one.id === id);
  return carried && chosen && place(chosen) < place(carried.id) ? said(carried.label) : "";
}

function idOf({ path }: Pick<Item, "path">): string {
  return path.slice(path.lastIndexOf(".") + 1);
}
