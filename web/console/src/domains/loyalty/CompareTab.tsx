import { answer, api } from "@regulars/shared/api/client";
import { fromThrown } from "@regulars/shared/api/problem";
import { Failed, NeverAny } from "@regulars/shared/desk/states/Empties";
import { Loading } from "@regulars/shared/desk/states/Loading";
import { useSearchValue } from "@regulars/shared/url/search";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { ChangeList } from "./ChangeList";
import { useDraft } from "./draft";
import { UNSAVED, VersionSelect } from "./VersionSelect";
import { useStandings, type Version } from "./versions";

/** What differs between any two versions, or between a version and the document that is not kept yet. Both stand in the address. */
export function CompareTab({ versions }: { versions: readonly Version[] }) {
  const { t } = useTranslation("programme");
  const draft = useDraft();
  const { inForce } = useStandings(versions);
  const now = String((inForce ?? versions[0])?.version ?? "");
  const newest = draft ? UNSAVED : String(versions[0]?.version ?? "");
  const [before, setBefore] = useSearchValue("before", now);
  const [after, setAfter] = useSearchValue("after", newest);
  if (versions.length === 0) {
    return <NeverAny text={t("versions.never")} />;
  }
  return (
    <div className="loyalty-words">
      <div className="loyalty-row">
        <VersionSelect
          id="compare-before"
          label={t("compare.before")}
          value={before}
          onChange={setBefore}
          versions={versions}
        />
        <VersionSelect
          id="compare-after"
          label={t("compare.after")}
          value={after === UNSAVED && !draft ? now : after}
          onChange={setAfter}
          versions={versions}
          withDraft={draft !== null}
        />
      </div>
      <Differences
        before={Number(before)}
        {...(after === UNSAVED && draft ? { document: draft.text } : { after: Number(after) || Number(now) })}
      />
    </div>
  );
}

type Wanted = { before: number; after?: number; document?: string };

/** The differences as the server puts them in words. */
export function Differences(wanted: Wanted) {
  const query = useDifferences(wanted);
  if (query.error) {
    return <Failed problem={fromThrown(query.error)} onRetry={() => void query.refetch()} />;
  }
  return query.data === undefined ? <Loading rows={5} /> : <ChangeList changes={query.data.items} />;
}

/** The same as a query, for whoever shows it otherwise. */
export function useDifferences({ before, after, document }: Wanted, enabled = true) {
  return useQuery({
    queryKey: ["programme", "compare", before, after ?? null, document ?? null],
    queryFn: ({ signal }) =>
      answer(
        api.POST("/v1/programme/compare", {
          body: { before, ...(document === undefined ? { after: after ?? null } : { document }) },
          signal,
        }),
      ),
    placeholderData: keepPreviousData,
    enabled,
  });
}
