import createClient, { type Client, type Middleware } from "openapi-fetch";
import type {
  HttpMethod,
  MediaType,
  OperationRequestBodyContent,
  ResponseObjectMap,
  SuccessResponse,
} from "openapi-typescript-helpers";
import { currentLanguage } from "../i18n/language";
import { fromAnswer, fromThrown } from "./problem";
import type { paths } from "./schema";

type Method<Path extends keyof paths> = keyof paths[Path] & HttpMethod;

/**
 * What a route answers: `Answer<"/v1/members/{member}", "get">`. By route and not by the schema's name, which changes as soon as another
 * slice has a schema of the same name.
 */
export type Answer<Path extends keyof paths, Verb extends Method<Path>> =
  paths[Path][Verb] extends Record<string | number, unknown>
    ? SuccessResponse<ResponseObjectMap<paths[Path][Verb]>, MediaType>
    : never;

/** One row of a route that lists: `Row<"/v1/members", "get">`. */
export type Row<Path extends keyof paths, Verb extends Method<Path>> =
  Answer<Path, Verb> extends { items: (infer One)[] } ? One : never;

/** What a route takes as its body: `Body<"/v1/session", "post">`. */
export type Body<Path extends keyof paths, Verb extends Method<Path>> = NonNullable<
  OperationRequestBodyContent<paths[Path][Verb]>
>;

let csrf: string | null = null;

/** From now on every change carries this value, which came with the session. */
export function setCsrf(token: string | null): void {
  csrf = token;
}

const headers: Middleware = {
  onRequest({ request }) {
    request.headers.set("accept-language", currentLanguage() === "en" ? "en" : "zh");
    if (csrf !== null && request.method !== "GET") {
      request.headers.set("x-csrf-token", csrf);
    }
    return request;
  },
};

/** The typed client of every route. Screens call it inside `answer`. */
export const api: Client<paths> = createClient<paths>({ baseUrl: "", credentials: "same-origin" });
api.use(headers);

/**
 * What the server answered, or a thrown `Problem`: the one way to call a route.
 *
 *     const page = await answer(api.GET("/v1/members", { params: { query: { limit: 50 } }, signal }));
 */
export async function answer<Data>(
  call: Promise<{ data?: Data; error?: unknown; response: Response }>,
): Promise<Exclude<Data, undefined>> {
  let came: { data?: Data; error?: unknown; response: Response };
  try {
    came = await call;
  } catch (thrown) {
    // A request that its screen gave up is no failure of anybody: TanStack Query has to see it as it is.
    if (thrown instanceof DOMException && thrown.name === "AbortError") {
      throw thrown;
    }
    throw fromThrown(thrown);
  }
  if (!came.response.ok) {
    throw fromAnswer(came.response, came.error);
  }
  return came.data as Exclude<Data, undefined>;
}
