import { said } from "@regulars/shared/session/plan";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import { Empty } from "../../parts/Empty";
import { Loaded } from "../../parts/Loaded";
import { Page } from "../../parts/Page";
import { ClaimRow } from "./ClaimRow";
import { CodeForm } from "./CodeForm";
import { useClaimables } from "./coupons";
import "./coupons.css";

/** The claim centre: what there is, how many are left, what it costs, and why I cannot have it; and codes to type in. */
export default function ClaimPage() {
  const { t } = useTranslation("coupons");
  const found = useClaimables();
  const [claimed, setClaimed] = useState("");
  const byCode = (definition: string, code: string) => {
    const known = found.data?.items.find((one) => one.definition === definition);
    setClaimed(known ? said(known.label) : code);
  };
  return (
    <Page title={t("claim.title")} back="/coupons">
      <p role="status" className={claimed ? "strip good" : "only-read"}>
        {claimed && (
          <>
            <span>{t("claim.yours", { name: claimed })}</span>
            <Link to="/coupons">{t("claim.see")}</Link>
          </>
        )}
      </p>
      <CodeForm onClaimed={byCode} />
      <Loaded query={found} shape={[148, 148]}>
        {(data) =>
          data.items.length === 0 ? (
            <section className="surface">
              <Empty title={t("claim.none")} text={t("claim.noneText")} />
            </section>
          ) : (
            <ul className="tickets">
              {data.items.map((one) => (
                <ClaimRow key={one.definition} one={one} onClaimed={setClaimed} />
              ))}
            </ul>
          )
        }
      </Loaded>
    </Page>
  );
}
