import { answer, api } from "@regulars/shared/api/client";
import { useQuery } from "@tanstack/react-query";

/** Every benefit of the programme with what the member has of it in this period. */
export function useBenefits(member: string) {
  return useQuery({
    queryKey: ["members", "benefits", member],
    queryFn: async ({ signal }) =>
      (await answer(api.GET("/v1/members/{member}/benefits", { params: { path: { member } }, signal }))).items,
  });
}
