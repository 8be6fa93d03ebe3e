import { type KeyboardEvent, type RefObject, useRef } from "react";

type Props = {
  id: string;
  label: string;
  value: string;
  onChange: (text: string) => void;
  /** Lines (from 0) where something is wrong. */
  wrong: ReadonlySet<number>;
  onSave: () => void;
  area: RefObject<HTMLTextAreaElement | null>;
};

/** A text with numbered lines. Enter keeps the indent; Tab leaves the field as everywhere, so that nobody is caught in it. */
export function Editor({ id, label, value, onChange, wrong, onSave, area }: Props) {
  const gutter = useRef<HTMLDivElement>(null);
  const lines = value.split("\n");
  const onKeyDown = (event: KeyboardEvent<HTMLTextAreaElement>) => {
    if (event.key === "s" && (event.ctrlKey || event.metaKey)) {
      event.preventDefault();
      onSave();
    } else if (event.key === "Enter" && !event.nativeEvent.isComposing) {
      const { selectionStart } = event.currentTarget;
      const line = value.slice(value.lastIndexOf("\n", selectionStart - 1) + 1, selectionStart);
      const indent = /^ */.exec(line)?.[0] ?? "";
      if (indent !== "") {
        event.preventDefault();
        // The only way to insert that the browser's undo knows of.
        document.execCommand("insertText", false, `\n${indent}`);
      }
    }
  };
  return (
    <div className="loyalty-editor">
      <div className="loyalty-gutter" aria-hidden="true" ref={gutter}>
        {lines.map((_line, at) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: a line is its number.
          <span key={at} className={wrong.has(at) ? "wrong" : ""}>
            {at + 1}
          </span>
        ))}
      </div>
      <textarea
        id={id}
        ref={area}
        aria-label={label}
        aria-invalid={wrong.size > 0}
        value={value}
        spellCheck={false}
        autoCapitalize="off"
        wrap="off"
        onChange={(event) => onChange(event.target.value)}
        onKeyDown={onKeyDown}
        onScroll={(event) => {
          if (gutter.current) {
            gutter.current.scrollTop = event.currentTarget.scrollTop;
          }
        }}
      />
    </div>
  );
}
