import type { Filter } from "@regulars/shared/desk/filters/filters";
import { said, usePlan } from "@regulars/shared/session/plan";
import type { Values } from "@regulars/shared/url/search";
import { useMemo } from "react";
import { useTranslation } from "react-i18next";
import { type Asked, type GroupRow, useRepurchase } from "./queries";

const MOST_CODES = 200;
const BY_STORE = { by: "store", top: MOST_CODES } as const;
const BY_CHANNEL = { by: "channel", top: MOST_CODES } as const;

/** What the analysis can be narrowed by. Stores and channels are those that orders really came from. */
export function useAnalysisFilters(): readonly Filter[] {
  const { t } = useTranslation("insights");
  const plan = usePlan();
  const stores = useRepurchase(BY_STORE).data?.groups;
  const channels = useRepurchase(BY_CHANNEL).data?.groups;
  return useMemo(
    () => [
      { kind: "days", from: "from", to: "to", label: t("filter.days") },
      {
        kind: "choice",
        name: "tier",
        label: t("filter.tier"),
        options: (plan?.levels ?? []).map((level) => ({ value: level.id, label: said(level.label) })),
      },
      {
        kind: "choice",
        name: "arm",
        label: t("filter.arm"),
        options: [
          { value: "rest", label: t("arm.rest") },
          { value: "held_out", label: t("arm.held_out") },
        ],
      },
      { kind: "choice", name: "store", label: t("filter.store"), options: codes(stores) },
      { kind: "choice", name: "channel", label: t("filter.channel"), options: codes(channels) },
    ],
    [t, plan, stores, channels],
  );
}

function codes(groups: readonly GroupRow[] | undefined): { value: string; label: string }[] {
  const every = new Set((groups ?? []).flatMap((group) => group.key || []));
  return [...every].sort().map((value) => ({ value, label: value }));
}

/** The filters of the address as the server takes them. */
export function asAsked(values: Values): Asked {
  const { from, to, tier, arm, store, channel } = values;
  return {
    ...(from ? { from } : {}),
    ...(to ? { to } : {}),
    ...(tier ? { tier: [tier] } : {}),
    ...(arm === "rest" || arm === "held_out" ? { arm } : {}),
    ...(store ? { store: [store] } : {}),
    ...(channel ? { channel: [channel] } : {}),
  };
}
