import { answer, api, type Body } from "@regulars/shared/api/client";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useAttempt } from "../../mine/useAttempt";

/** Claims a coupon, by its kind or by a code. */
export function useClaim(onClaimed: (definition: string) => void) {
  const client = useQueryClient();
  const attempt = useAttempt();
  return useMutation({
    mutationFn: (body: Body<"/m/v1/me/coupons", "post">) =>
      answer(api.POST("/m/v1/me/coupons", { params: { header: { "Idempotency-Key": attempt.keyFor(body) } }, body })),
    onSuccess: (given) => {
      attempt.settled();
      onClaimed(given.definition);
      return client.invalidateQueries({ queryKey: ["me"] });
    },
    onError: (thrown) => {
      attempt.settled(thrown);
      // What was refused may look different by now: sold out, say.
      void client.invalidateQueries({ queryKey: ["me"] });
    },
  });
}
