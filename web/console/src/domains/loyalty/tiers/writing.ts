import { type Document, isCollection, isScalar, isSeq, parseDocument } from "yaml";
import type { Path } from "./reading";

/** What is to stand at a place of the document; `undefined` takes away what stands there. */
export type Change = { at: Path; value: unknown };

// As people write them: one line a level, however long, and no blanks inside braces.
const STYLE = { lineWidth: 0, flowCollectionPadding: false } as const;

/** The YAML text with the changes made. What they do not touch stays as it is written, comments and order included; only blanks may differ. */
export function written(text: string, changes: readonly Change[]): string {
  const document = parseDocument(text);
  for (const { at, value } of changes) {
    put(document, at, value);
  }
  return document.toString(STYLE);
}

/** The YAML text with one more item in the list at a place, before the item that now stands at `index`. */
export function inserted(text: string, at: Path, index: number, value: unknown): string {
  const document = parseDocument(text);
  const found = document.getIn(at, true);
  if (isSeq(found)) {
    const flow = found.items.every((item) => isCollection(item) && item.flow === true);
    found.items.splice(index, 0, document.createNode(value, { flow }));
  }
  return document.toString(STYLE);
}

function put(document: Document, at: Path, value: unknown): void {
  if (value === undefined) {
    if (document.hasIn(at)) {
      document.deleteIn(at);
    }
    return;
  }
  const before = document.getIn(at, true);
  if (isScalar(before) && before.value === "") {
    // Nothing can only be written in quotes; what is written in its place needs none.
    delete before.type;
  }
  document.setIn(at, typeof value === "object" && value !== null ? document.createNode(value, { flow: true }) : value);
}
