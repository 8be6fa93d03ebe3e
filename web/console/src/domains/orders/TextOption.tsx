import { Input } from "antd";
import { useId, useState } from "react";

type Props = { label: string; hint?: string; value: string; longest?: number; onChange: (value: string) => void };

/** A setting to type. It holds when the field is left or Enter is pressed: every change looks at the whole file's beginning again. */
export function TextOption({ label, hint, value, longest = 64, onChange }: Props) {
  const id = useId();
  const [typed, setTyped] = useState<string | null>(null);
  const hold = () => {
    if (typed !== null && typed !== value) {
      onChange(typed);
    }
    setTyped(null);
  };
  return (
    <label className="filter" htmlFor={id}>
      <span>{label}</span>
      <Input
        id={id}
        value={typed ?? value}
        maxLength={longest}
        onChange={(event) => setTyped(event.target.value)}
        onBlur={hold}
        onPressEnter={hold}
      />
      {hint && <span className="quiet">{hint}</span>}
    </label>
  );
}
