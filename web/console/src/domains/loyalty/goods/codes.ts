import type { Answer, Row } from "@regulars/shared/api/client";

export type Pool = Row<"/v1/reward-codes", "get">;
export type Upload = Row<"/v1/reward-codes/{pool}/batches", "get">;
export type Uploaded = Answer<"/v1/reward-codes/{pool}/batches", "post">;

/** Codes of one upload at most, and characters of one code, as the server takes them. */
export const MOST = 1_000_000;
export const LONGEST = 200;
const SHOWN = 3;
const SHOWN_FAULTS = 5;
const SHOWN_CHARACTERS = 40;
// What Python calls not printable: controls, signs without a look, and every space but the plain one.
const UNPRINTABLE = /[\p{C}\p{Zl}\p{Zp}]|(?! )\p{Zs}/u;

/** A line that cannot be a code: which, what stands there (shortened), and why. */
export type Fault = { line: number; value: string; why: "long" | "unprintable" | "unreadable" };
/** What a text of codes holds: how many different ones, how many lines repeat one, the first of them, and what is wrong. */
export type Read = { codes: number; repeated: number; first: string[]; faults: Fault[]; faulty: number };

/** Reads codes as the server will: one a line, or a document with `code` a line; empty lines are none. */
export function readCodes(text: string, documents: boolean): Read {
  const codes = new Set<string>();
  const faults: Fault[] = [];
  const given = text.replace(/^\ufeff/, "").split(/\r\n|\n|\r/);
  for (const [place, raw] of given.entries()) {
    const code = documents ? codeOf(raw) : raw.trim();
    const why = code === null ? "unreadable" : whyNot(code);
    if (code === null || why !== null) {
      faults.push({ line: place + 1, value: shortened(code ?? raw), why: why ?? "unreadable" });
    } else {
      codes.add(code);
    }
  }
  const empty = codes.delete("") ? given.filter((raw) => raw.trim() === "").length : 0;
  return {
    codes: codes.size,
    repeated: given.length - empty - faults.length - codes.size,
    first: [...codes].slice(0, SHOWN).map(shortened),
    faults: faults.slice(0, SHOWN_FAULTS),
    faulty: faults.length,
  };
}

/** The code of a document, an empty one for an empty line; null when the line is something else. */
function codeOf(line: string): string | null {
  if (line.trim() === "") {
    return "";
  }
  try {
    const found: unknown = JSON.parse(line);
    const code = typeof found === "object" && found !== null && "code" in found ? found.code : null;
    return typeof code === "string" && code.trim() !== "" ? code.trim() : null;
  } catch {
    return null;
  }
}

function whyNot(code: string): Fault["why"] | null {
  if (UNPRINTABLE.test(code)) {
    return "unprintable";
  }
  return code.length > LONGEST && [...code].length > LONGEST ? "long" : null;
}

function shortened(code: string): string {
  const signs = [...code.replace(new RegExp(UNPRINTABLE, "gu"), "\ufffd")];
  return signs.length > SHOWN_CHARACTERS ? `${signs.slice(0, SHOWN_CHARACTERS).join("")}…` : signs.join("");
}

/** The text of a file of codes; null when it is not in UTF-8. */
export async function textOf(file: File): Promise<string | null> {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(await file.arrayBuffer());
  } catch {
    return null;
  }
}
