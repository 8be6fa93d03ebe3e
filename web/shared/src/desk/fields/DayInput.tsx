import { DatePicker } from "antd";
import dayjs from "dayjs";

type Props = {
  id?: string;
  /** `2026-03-01`; empty for none. */
  value?: string;
  onChange?: (day: string) => void;
  optional?: boolean;
  /** Only days still to come, today counted. */
  ahead?: boolean;
};

/** A day, picked or typed, in the language that is shown: a native field would follow the browser's. Fits into antd's `Form.Item`. */
export function DayInput({ id, value = "", onChange, optional = false, ahead = false }: Props) {
  return (
    <DatePicker
      {...(id ? { id } : {})}
      {...(ahead ? { minDate: dayjs() } : {})}
      className="day-input"
      value={value ? dayjs(value) : null}
      allowClear={optional}
      onChange={(day) => onChange?.(day ? day.format("YYYY-MM-DD") : "")}
    />
  );
}
