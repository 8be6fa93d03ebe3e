import { answer, api } from "@regulars/shared/api/client";
import { fromThrown } from "@regulars/shared/api/problem";
import { Failed, NeverAny } from "@regulars/shared/desk/states/Empties";
import { Loading } from "@regulars/shared/desk/states/Loading";
import { Who } from "@regulars/shared/desk/Who";
import { ago, instant } from "@regulars/shared/format/dates";
import { useMay } from "@regulars/shared/session/session";
import { useInfiniteQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { More } from "./More";
import { WriteNote } from "./WriteNote";

/** What staff wrote about the member, newest first, and a place to write. */
export function NotesTab({ member }: { member: string }) {
  const { t } = useTranslation("members");
  const may = useMay();
  const query = useInfiniteQuery({
    queryKey: ["members", "notes", member],
    queryFn: ({ signal, pageParam }) =>
      answer(
        api.GET("/v1/members/{member}/notes", {
          params: { path: { member }, query: pageParam ? { cursor: pageParam } : {} },
          signal,
        }),
      ),
    initialPageParam: "",
    getNextPageParam: (page) => page.next,
  });
  const notes = query.data?.pages.flatMap((page) => page.items) ?? [];
  if (query.error && notes.length === 0) {
    return <Failed problem={fromThrown(query.error)} onRetry={() => void query.refetch()} />;
  }
  if (query.data === undefined) {
    return <Loading />;
  }
  return (
    <div className="notes">
      {may("members.write") && <WriteNote member={member} />}
      {notes.length === 0 && <NeverAny text={t("notes.never")} />}
      {notes.map((note) => (
        <article key={note.id} className="note">
          <p>{note.text}</p>
          <footer className="quiet">
            <Who id={note.author} /> · <time title={instant(note.at)}>{ago(note.at)}</time>
          </footer>
        </article>
      ))}
      <More
        has={query.hasNextPage}
        busy={query.isFetchingNextPage}
        problem={query.error ? fromThrown(query.error) : null}
        onMore={() => void query.fetchNextPage()}
      />
    </div>
  );
}
