import { useSearchValue } from "@regulars/shared/url/search";
import { useMemo } from "react";
import { setDraft, useDraft } from "../draft";
import { type Placed, useCheck } from "../useCheck";
import { useStandings, type Version } from "../versions";
import { type Path, readPlan } from "./reading";
import { type Change, inserted, written } from "./writing";

/** The document that the form shows and writes into, and what the check says of it. */
export type Table = ReturnType<typeof useTable>;

/** The unsaved document of this tab, or the version that was chosen: the same one that the document tab edits. */
export function useTable(versions: readonly Version[]) {
  const draft = useDraft();
  const { inForce } = useStandings(versions);
  const [base, setBase] = useSearchValue("base", String((inForce ?? versions[0])?.version ?? "0"));
  const began = versions.find((version) => version.version === (draft?.base ?? Number(base)));
  const text = draft?.text ?? began?.document ?? "";
  const check = useCheck(text);
  const plan = useMemo(() => readPlan(text), [text]);
  const first = useMemo(() => readPlan(began?.document ?? ""), [began?.document]);
  const put = (next: string) => setDraft(next === began?.document ? null : { text: next, base: began?.version ?? 0 });
  return {
    text,
    plan,
    /** What the version says that the changes began with. */
    first,
    began,
    setBase,
    inForce,
    check,
    changed: draft !== null,
    /** The whole text is this one from now on. */
    put,
    change: (...changes: Change[]) => put(written(text, changes)),
    insert: (at: Path, index: number, value: unknown) => put(inserted(text, at, index, value)),
    /** What is wrong at a field, or inside what stands there. */
    faultsAt: (field: string): Placed[] =>
      check.faults.filter(
        (fault) => fault.field === field || fault.field.startsWith(`${field}.`) || fault.field.startsWith(`${field}[`),
      ),
  };
}
