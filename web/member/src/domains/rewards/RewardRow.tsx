import { instant, longDay } from "@regulars/shared/format/dates";
import { count } from "@regulars/shared/format/numbers";
import { said } from "@regulars/shared/session/plan";
import { useTranslation } from "react-i18next";
import { useMe } from "../../mine/mine";
import { Button } from "../../parts/Button";
import { Icon, type Shape } from "../../parts/Icon";
import { balanceOf, priceOf, type Reward } from "./rewards";

const FEW = 10;
const LACKING = "rewards.points_missing";
const SIGNS: Readonly<Record<string, Shape>> = { coupon: "coupon", gift_card: "points", experience: "clock" };

/** One item of the mall: its price, how many are left, my own limit, and every reason why I cannot have it now. */
export function RewardRow({ reward, onChoose }: { reward: Reward; onChoose: () => void }) {
  const { t } = useTranslation("rewards");
  const me = useMe();
  const name = said(reward.label);
  const unit = said(reward.unit_label);
  const balance = balanceOf(me.data, reward.unit);
  const currency = balance?.currency ?? null;
  const lack = balance
    ? priceOf({ ...reward, cash: 0, points: reward.points - balance.available }, unit, currency)
    : "";
  return (
    <li className="surface reward" data-dim={reward.why_not.length > 0}>
      <Picture reward={reward} />
      <div className="reward-body">
        <h2>{name}</h2>
        <p className="reward-price num">{priceOf(reward, unit, currency)}</p>
        {reward.description && <p className="reward-words">{said(reward.description)}</p>}
        <p className="quiet">
          {t(`kind.${reward.kind}`)}
          {reward.closes_at && ` · ${t("closes", { day: longDay(new Date(Date.parse(reward.closes_at) - 1)) })}`}
        </p>
        <Limits reward={reward} />
        {reward.why_not.length > 0 ? (
          <ul className="reward-why">
            {reward.why_not.map((why) => (
              <li key={why.code}>{lack && why.code === LACKING ? t("lacking", { amount: lack }) : said(why.text)}</li>
            ))}
          </ul>
        ) : (
          <Button aria-haspopup="dialog" onClick={onChoose}>
            {t("do")}
            <span className="only-read"> {name}</span>
          </Button>
        )}
      </div>
    </li>
  );
}

function Limits({ reward }: { reward: Reward }) {
  const { t } = useTranslation("rewards");
  const { left, limit, allowed, opens_at } = reward;
  if (left === null && limit === null && opens_at === null) {
    return null;
  }
  return (
    <p className="chips">
      {left !== null && (
        <span className={left <= FEW ? "chip warn num" : "chip num"}>{t("left", { amount: count(left) })}</span>
      )}
      {limit && (
        <span className="chip num">
          {t("limit", { times: count(limit.times), period: said(limit.words), left: count(allowed) })}
        </span>
      )}
      {opens_at && Date.parse(opens_at) > Date.now() && (
        <span className="chip num">{t("opens", { at: instant(opens_at) })}</span>
      )}
    </p>
  );
}

/** The picture where the pages may show it: only what comes from their own server; else a sign of what kind of thing it is. */
function Picture({ reward }: { reward: Reward }) {
  return reward.image.startsWith("/") ? (
    <img className="reward-picture" src={reward.image} alt="" loading="lazy" />
  ) : (
    <span className="reward-picture" aria-hidden="true">
      <Icon shape={SIGNS[reward.kind] ?? "mall"} size={34} />
    </span>
  );
}
