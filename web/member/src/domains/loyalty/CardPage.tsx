import { count } from "@regulars/shared/format/numbers";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import { daysLeft, shortDay } from "../../mine/days";
import { type Me, mainBalance, useMe } from "../../mine/mine";
import { Icon } from "../../parts/Icon";
import { Loaded } from "../../parts/Loaded";
import { Page } from "../../parts/Page";
import { Recent } from "./Recent";
import { TierCard } from "./TierCard";

const SOON_DAYS = 60;

/** Home: the card, the way to the counter, what there is and what is about to lapse. */
export default function CardPage() {
  const { t } = useTranslation("loyalty");
  const me = useMe();
  const name = me.data?.name;
  return (
    <Page title={name ? t("card.hello", { name }) : t("card.helloYou")}>
      <Loaded query={me} shape={[236, 60, 92]}>
        {(data) => <Home me={data} />}
      </Loaded>
    </Page>
  );
}

function Home({ me }: { me: Me }) {
  const { t } = useTranslation("loyalty");
  return (
    <>
      <TierCard me={me} />
      <Link className="button primary code-button" to="/code">
        <Icon shape="code" size={26} />
        {t("card.code")}
      </Link>
      <Counts me={me} />
      <Recent />
    </>
  );
}

function Counts({ me }: { me: Me }) {
  const { t } = useTranslation("loyalty");
  const points = mainBalance(me);
  if (!points) {
    return null;
  }
  const next = points.expiring_next;
  const soon = next?.last_day && daysLeft(next.last_day) <= SOON_DAYS ? { ...next, last_day: next.last_day } : null;
  return (
    <>
      <dl className="counts surface">
        <div>
          <dt>{t("card.available", { unit: points.label })}</dt>
          <dd className="num">{count(points.available)}</dd>
        </div>
        <div>
          <dt>{t("card.pending")}</dt>
          <dd className="num">{count(points.pending)}</dd>
        </div>
        <div>
          <dt>{next?.last_day ? t("card.expiringOn", { day: shortDay(next.last_day) }) : t("card.expiring")}</dt>
          <dd className="num">{count(next?.last_day ? next.amount : 0)}</dd>
        </div>
      </dl>
      {points.debt > 0 && (
        <p className="strip">{t("points.debt", { amount: count(points.debt), unit: points.label })}</p>
      )}
      {soon && (
        <Link className="strip" to="/points">
          <Icon shape="clock" size={22} />
          <span>
            {t("card.soon", { amount: count(soon.amount), unit: points.label, day: shortDay(soon.last_day) })}
          </span>
          <Icon shape="on" size={18} />
        </Link>
      )}
    </>
  );
}
