import { useSearchValue } from "@regulars/shared/url/search";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import { Choice } from "../../parts/Choice";
import { Empty } from "../../parts/Empty";
import { Icon } from "../../parts/Icon";
import { Loaded } from "../../parts/Loaded";
import { More } from "../../parts/More";
import { Page } from "../../parts/Page";
import { CouponRow } from "./CouponRow";
import { CouponSheet } from "./CouponSheet";
import { type Coupon, TABS, type Tab, useCoupons } from "./coupons";
import { MyNumber } from "./MyNumber";
import "./coupons.css";

/** My coupons: those I can use, those I used, those that ended; and the ways to more of them. */
export default function CouponsPage() {
  const { t } = useTranslation("coupons");
  const [chosen, choose] = useSearchValue("tab", "live");
  const tab = TABS.find((one) => one === chosen) ?? "live";
  return (
    <Page title={t("title")} back="/card">
      <nav className="coupon-ways" aria-label={t("more")}>
        <Link className="button soft" to="/coupons/claim">
          <Icon shape="coupon" size={22} />
          {t("claim.title")}
        </Link>
        <MyNumber />
      </nav>
      <Choice
        label={t("which")}
        options={TABS.map((value) => ({ value, label: t(`tab.${value}`) }))}
        value={tab}
        onChange={choose}
      />
      <Coupons key={tab} tab={tab} />
    </Page>
  );
}

function Coupons({ tab }: { tab: Tab }) {
  const { t } = useTranslation("coupons");
  const coupons = useCoupons(tab);
  const [open, setOpen] = useState<Coupon | null>(null);
  return (
    <Loaded query={coupons} shape={[132, 132, 132]}>
      {(data) => {
        const found = data.pages.flatMap((page) => page.items);
        if (found.length === 0) {
          return <None tab={tab} />;
        }
        return (
          <>
            <ul className="tickets">
              {found.map((coupon) => (
                <CouponRow key={coupon.id} coupon={coupon} onOpen={() => setOpen(coupon)} />
              ))}
            </ul>
            {tab !== "live" && <More query={coupons} end={t("end")} />}
            <CouponSheet coupon={open} onClose={() => setOpen(null)} />
          </>
        );
      }}
    </Loaded>
  );
}

function None({ tab }: { tab: Tab }) {
  const { t } = useTranslation("coupons");
  return (
    <section className="surface">
      <Empty title={t(`none.${tab}`)} {...(tab === "live" ? { text: t("none.text") } : {})}>
        {tab === "live" && (
          <Link className="button soft" to="/coupons/claim">
            {t("claim.title")}
          </Link>
        )}
      </Empty>
    </section>
  );
}
