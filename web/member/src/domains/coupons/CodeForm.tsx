import { fromThrown } from "@regulars/shared/api/problem";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Button } from "../../parts/Button";
import { Field } from "../../parts/Field";
import { ProblemNote } from "../../parts/ProblemNote";
import { useClaim } from "./useClaim";

/** A code from a leaflet or a friend, typed in. */
export function CodeForm({ onClaimed }: { onClaimed: (definition: string, code: string) => void }) {
  const { t } = useTranslation("coupons");
  const [code, setCode] = useState("");
  const claiming = useClaim((definition) => {
    onClaimed(definition, code.trim());
    setCode("");
  });
  return (
    <form
      className="surface"
      onSubmit={(event) => {
        event.preventDefault();
        claiming.mutate({ code: code.trim() });
      }}
    >
      <Field
        label={t("claim.code")}
        hint={t("claim.codeHint")}
        autoComplete="off"
        autoCapitalize="characters"
        spellCheck={false}
        maxLength={80}
        value={code}
        onChange={(event) => setCode(event.target.value)}
      />
      {claiming.isError && <ProblemNote problem={fromThrown(claiming.error)} />}
      <Button type="submit" busy={claiming.isPending} disabled={code.trim() === ""}>
        {t("claim.byCode")}
      </Button>
    </form>
  );
}
