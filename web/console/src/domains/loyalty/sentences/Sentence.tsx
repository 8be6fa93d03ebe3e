import { Fragment, type ReactNode } from "react";

type Props = { text: string; slots: Readonly<Record<string, ReactNode>> };

/** A text with something in the place of each `<name/>`: so that every language has its own order of words. */
export function Sentence({ text, slots }: Props) {
  return text.split(/<(\w+)\/>/).map((part, place) => (
    // biome-ignore lint/suspicious/noArrayIndexKey: the parts of a text have no other name than their place.
    <Fragment key={place}>{place % 2 === 0 ? part : slots[part]}</Fragment>
  ));
}
