import { useQuery } from "@tanstack/react-query";
import { answer, api } from "../api/client";
import { setZone } from "../format/dates";
import { currentLanguage } from "../i18n/language";

type Label = { en: string; zh: string };

/** What every screen needs of the programme in force: its currency and zone, and the names of its units and levels. */
export type Plan = {
  version: number;
  name: Label;
  currency: string;
  zone: string;
  units: Record<string, Label>;
  levels: { id: string; label: Label; from: number }[];
};

type Document = {
  name: Label;
  currency: string;
  time_zone: string;
  units: Record<string, { label: Label }>;
  ladder?: { levels: { id: string; label: Label; from: number }[] };
};

/** The programme in force; `undefined` until it is read, and for whoever may not read it. */
export function usePlan(): Plan | undefined {
  return usePlanQuery().data;
}

/** The same, with its state: the frame waits for it, since every date is shown in the programme's zone. */
export function usePlanQuery() {
  return useQuery({ queryKey: ["programme", "plan"], queryFn: readPlan, staleTime: 10 * 60_000 });
}

async function readPlan(): Promise<Plan> {
  const [programme, { load }] = await Promise.all([answer(api.GET("/v1/programme")), import("js-yaml")]);
  const document = load(programme.document) as Document;
  setZone(document.time_zone);
  return {
    version: programme.version,
    name: document.name,
    currency: document.currency,
    zone: document.time_zone,
    units: Object.fromEntries(Object.entries(document.units).map(([id, unit]) => [id, unit.label])),
    levels: document.ladder?.levels ?? [],
  };
}

/** A text that comes in both languages, in the one that is shown: `said(plan.name)`. */
export function said(text: Label | undefined): string {
  return text === undefined ? "" : currentLanguage() === "en" ? text.en : text.zh;
}
