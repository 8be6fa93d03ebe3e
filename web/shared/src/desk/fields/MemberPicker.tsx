import { useQuery } from "@tanstack/react-query";
import { Select } from "antd";
import { useDeferredValue, useState } from "react";
import { useTranslation } from "react-i18next";
import { findMembers, nameOf } from "./findMembers";

type Props = { id?: string; value?: string | null; onChange?: (member: string | null) => void; label?: string };

/** Finds one member by whatever is at hand: its id, your own id of it, a phone number, a name. Holds the member's id. */
export function MemberPicker({ id, value = null, onChange, label }: Props) {
  const { t } = useTranslation("ui");
  const [typed, setTyped] = useState("");
  const wanted = useDeferredValue(typed.trim());
  const found = useQuery({
    queryKey: ["members", "pick", wanted],
    queryFn: ({ signal }) => findMembers(wanted, signal),
    enabled: wanted.length >= 2,
    staleTime: 60_000,
  });
  return (
    <Select
      {...(id ? { id } : {})}
      className="member-picker"
      showSearch={{ filterOption: false, onSearch: setTyped }}
      allowClear
      value={value}
      placeholder={t("member.placeholder")}
      aria-label={label ?? t("member.placeholder")}
      loading={found.isFetching}
      notFoundContent={wanted.length < 2 || found.isFetching ? null : t("member.none")}
      options={(found.data ?? []).map((member) => ({ value: member.id, label: nameOf(member) }))}
      onChange={(chosen) => onChange?.(chosen ?? null)}
    />
  );
}
