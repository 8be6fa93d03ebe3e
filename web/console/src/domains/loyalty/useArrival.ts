import { useSearchValue } from "@regulars/shared/url/search";
import { useEffect, useRef } from "react";
import { lineOf } from "./where";

/** Once the text is there, the line is gone to that the address names by `at`, such as `earning[2]`; the address then forgets it. */
export function useArrival(text: string, goTo: (line: number) => void): void {
  const [at, setAt] = useSearchValue("at", "");
  const going = useRef(goTo);
  going.current = goTo;
  useEffect(() => {
    if (at !== "" && text !== "") {
      const line = lineOf(text, at);
      if (line >= 0) {
        going.current(line);
      }
      setAt("");
    }
  }, [at, text, setAt]);
}
