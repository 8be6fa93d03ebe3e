import { useEffect, useId, useRef } from "react";

type Props = {
  label: string;
  digits: number;
  value: string;
  invalid?: boolean;
  onChange: (value: string) => void;
  onFull?: (value: string) => void;
};

/** One input for all digits of a code, so that pasting, filling in and screen readers work; it has the focus when it appears. */
export function DigitsField({ label, digits, value, invalid = false, onChange, onFull }: Props) {
  const id = useId();
  const input = useRef<HTMLInputElement>(null);
  useEffect(() => input.current?.focus(), []);
  return (
    <div className="field digits">
      <label htmlFor={id}>{label}</label>
      <input
        ref={input}
        id={id}
        inputMode="numeric"
        autoComplete="one-time-code"
        aria-invalid={invalid}
        value={value}
        onChange={(event) => {
          const typed = event.target.value
            .normalize("NFKC")
            .replace(/[^0-9]/g, "")
            .slice(0, digits);
          onChange(typed);
          if (typed.length === digits && typed !== value) {
            onFull?.(typed);
          }
        }}
      />
    </div>
  );
}
