import { type Answer, answer, api, type Body } from "../../api/client";
import { Problem } from "../../api/problem";

type Member = Answer<"/v1/members/{member}", "get">;

/** How a member is called in one line: name, phone, your own id; whatever there is. */
export function nameOf(member: Member): string {
  return [member.name, member.phone, member.external_id].filter(Boolean).join(" · ") || member.id;
}

/** Members by whatever was typed: an id, your own id, a phone number or its last four digits, an e-mail address, a name. */
export async function findMembers(typed: string, signal: AbortSignal): Promise<Member[]> {
  if (typed.startsWith("mbr_")) {
    return one(typed, signal);
  }
  const bodies: Body<"/v1/members/search", "post">[] = [{ external_id: typed } as Body<"/v1/members/search", "post">];
  if (/^[+\d][\d\s-]{5,}$/.test(typed)) {
    bodies.push({ phone: typed } as Body<"/v1/members/search", "post">);
  } else if (/^\d{4}$/.test(typed)) {
    bodies.push({ last_four: typed } as Body<"/v1/members/search", "post">);
  }
  bodies.push(
    typed.includes("@")
      ? ({ email: typed } as Body<"/v1/members/search", "post">)
      : ({ name: typed } as Body<"/v1/members/search", "post">),
  );
  const pages = await Promise.all(bodies.map((body) => search(body, signal)));
  return [...new Map(pages.flat().map((member) => [member.id, member])).values()];
}

async function search(body: Body<"/v1/members/search", "post">, signal: AbortSignal): Promise<Member[]> {
  try {
    const page = await answer(api.POST("/v1/members/search", { body, params: { query: { limit: 10 } }, signal }));
    return page.items;
  } catch (thrown) {
    // What is typed may be no phone number or no id: then nobody is found by it, while another reading of it may find somebody.
    if (thrown instanceof Problem && thrown.status === 422) {
      return [];
    }
    throw thrown;
  }
}

async function one(member: string, signal: AbortSignal): Promise<Member[]> {
  try {
    return [await answer(api.GET("/v1/members/{member}", { params: { path: { member } }, signal }))];
  } catch (thrown) {
    if (thrown instanceof Problem && (thrown.status === 404 || thrown.status === 422)) {
      return [];
    }
    throw thrown;
  }
}
