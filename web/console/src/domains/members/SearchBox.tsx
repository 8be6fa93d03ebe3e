import { Button, Input } from "antd";
import { useEffect, useId, useState } from "react";
import { useTranslation } from "react-i18next";

type Props = { value: string; onSearch: (text: string) => void };

/** One box for whatever is at hand: phone, e-mail, number, name, last four digits. `/` comes here. */
export function SearchBox({ value, onSearch }: Props) {
  const { t } = useTranslation("members");
  const id = useId();
  const [typed, setTyped] = useState(value);
  useEffect(() => setTyped(value), [value]);
  return (
    <search>
      <form
        className="members-search"
        onSubmit={(event) => {
          event.preventDefault();
          onSearch(typed.trim());
        }}
      >
        <label htmlFor={id}>{t("search.label")}</label>
        <Input
          id={id}
          data-search
          allowClear
          autoComplete="off"
          spellCheck={false}
          maxLength={320}
          value={typed}
          placeholder={t("search.placeholder")}
          onChange={(event) => {
            setTyped(event.target.value);
            if (event.target.value === "" && value !== "") {
              onSearch("");
            }
          }}
        />
        <Button htmlType="submit">{t("search.find")}</Button>
      </form>
    </search>
  );
}
