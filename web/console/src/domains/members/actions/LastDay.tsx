import { dayAfter, startOfDay } from "@regulars/shared/format/days";
import { DatePicker } from "antd";
import dayjs from "dayjs";

type Props = { id: string; value: string; onChange: (day: string) => void; optional?: boolean };

/** A day still to come, which counts itself; empty for none. */
export function LastDay({ id, value, onChange, optional = false }: Props) {
  return (
    <DatePicker
      id={id}
      value={value ? dayjs(value) : null}
      allowClear={optional}
      minDate={dayjs()}
      onChange={(day) => onChange(day ? day.format("YYYY-MM-DD") : "")}
    />
  );
}

/** The first instant that no longer counts when a day is the last that does. */
export function afterDay(day: string): string {
  return startOfDay(dayAfter(day));
}
