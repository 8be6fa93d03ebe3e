/** One wrong place in what was sent: where, what it was, and what would be accepted, in the reader's language. */
export type Fault = { field: string; value: string; expected: string };

/** Why the server refused (RFC 9457), or why it could not be reached. The only error type screens ever see. */
export class Problem extends Error {
  readonly code: string;
  readonly status: number;
  readonly title: string;
  readonly requestId: string | null;
  readonly faults: readonly Fault[];
  readonly data: Readonly<Record<string, unknown>>;

  constructor(given: {
    code: string;
    status: number;
    title: string;
    detail: string;
    requestId: string | null;
    faults?: readonly Fault[];
    data?: Readonly<Record<string, unknown>>;
  }) {
    super(given.detail);
    this.name = "Problem";
    this.code = given.code;
    this.status = given.status;
    this.title = given.title;
    this.requestId = given.requestId;
    this.faults = given.faults ?? [];
    this.data = given.data ?? {};
  }

  /** Whether the same request may succeed a moment later, without anything being changed. */
  get passes(): boolean {
    return this.status === 0 || this.status === 503 || this.status === 502 || this.status === 504;
  }

  /** What is wrong with the field at `path`, for the line under an input. */
  faultOf(path: string): Fault | undefined {
    return this.faults.find((fault) => fault.field === path || fault.field.endsWith(`.${path}`));
  }
}

/** Codes of problems that never left the browser; their texts are `ui:problem.<code>`. */
export const OFFLINE = "client.offline";
export const UNREADABLE = "client.unreadable";

/** The problem in an answer. A body that is none (a proxy's page, say) becomes one that keeps the status and the request id. */
export function fromAnswer(answer: Response, body: unknown): Problem {
  const requestId = answer.headers.get("x-request-id");
  if (isDocument(body)) {
    return new Problem({
      code: body.code,
      status: body.status,
      title: body.title,
      detail: body.detail,
      requestId: body.request_id ?? requestId,
      faults: body.faults ?? [],
      data: body.data ?? {},
    });
  }
  return new Problem({ code: UNREADABLE, status: answer.status, title: "", detail: "", requestId });
}

/** Any thrown thing as a problem: what `fetch` throws means that nothing came back. */
export function fromThrown(thrown: unknown): Problem {
  if (thrown instanceof Problem) {
    return thrown;
  }
  const network = thrown instanceof TypeError;
  return new Problem({
    code: network ? OFFLINE : UNREADABLE,
    status: 0,
    title: "",
    detail: network || !(thrown instanceof Error) ? "" : thrown.message,
    requestId: null,
  });
}

type Document = {
  code: string;
  status: number;
  title: string;
  detail: string;
  request_id?: string | null;
  faults?: Fault[];
  data?: Record<string, unknown>;
};

function isDocument(body: unknown): body is Document {
  return typeof body === "object" && body !== null && "code" in body && "detail" in body && "status" in body;
}
