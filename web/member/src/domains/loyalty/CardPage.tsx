import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import { type Me, useMe } from "../../mine/mine";
import { Icon } from "../../parts/Icon";
import { Loaded } from "../../parts/Loaded";
import { Page } from "../../parts/Page";
import { Counts } from "./Counts";
import { Recent } from "./Recent";
import { Soon } from "./Soon";
import { TierCard } from "./TierCard";
import { Ways } from "./Ways";

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
      <Soon me={me} />
      <Ways me={me} />
      <Recent />
    </>
  );
}
