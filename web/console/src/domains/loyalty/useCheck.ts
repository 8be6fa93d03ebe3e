import { answer, api } from "@regulars/shared/api/client";
import { fromThrown, type Problem } from "@regulars/shared/api/problem";
import { useQuery } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import { lineOf } from "./where";

const PAUSE_MS = 500;

/** A fault of the document with the line it is on (from 0; -1 where that is not known). */
export type Placed = { field: string; value: string; expected: string; line: number };

/** What the server says of a document, a moment after the last key: valid, or each wrong place, or that it could not be asked. */
export function useCheck(text: string): {
  checking: boolean;
  valid: boolean;
  faults: Placed[];
  problem: Problem | null;
} {
  const [settled, setSettled] = useState(text);
  useEffect(() => {
    const timer = setTimeout(() => setSettled(text), PAUSE_MS);
    return () => clearTimeout(timer);
  }, [text]);
  const query = useQuery({
    queryKey: ["programme", "check", settled],
    queryFn: ({ signal }) => answer(api.POST("/v1/programme/check", { body: { document: settled }, signal })),
    enabled: settled.trim() !== "",
    staleTime: 60_000,
  });
  const problem = query.error ? fromThrown(query.error) : null;
  const faults = (problem?.faults ?? []).map((fault) => ({ ...fault, line: lineOf(settled, fault.field) }));
  return {
    checking: settled !== text || query.isFetching,
    valid: query.data?.valid === true && settled === text,
    faults,
    problem: problem && faults.length === 0 ? problem : null,
  };
}
