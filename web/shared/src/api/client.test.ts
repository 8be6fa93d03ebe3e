import { describe, expect, it } from "vitest";
import { answer } from "./client";
import { OFFLINE, Problem, UNREADABLE } from "./problem";

function refused(status: number, body: unknown) {
  return answer(
    Promise.resolve({ error: body, response: new Response(null, { status, headers: { "x-request-id": "req-1" } }) }),
  );
}

describe("answer", () => {
  it("gives what came", async () => {
    expect(await answer(Promise.resolve({ data: { a: 1 }, response: new Response() }))).toEqual({ a: 1 });
  });

  it("turns a refusal into a problem with its faults and the request's id", async () => {
    const fault = { field: "lines[0].amount", value: "-1", expected: "0 or more" };
    const body = {
      code: "input.invalid",
      status: 422,
      title: "Invalid input",
      detail: "Wrong.",
      request_id: "req-1",
      faults: [fault],
      data: {},
    };
    const problem = await refused(422, body).catch((thrown: unknown) => thrown);
    expect(problem).toBeInstanceOf(Problem);
    expect(problem).toMatchObject({ code: "input.invalid", status: 422, message: "Wrong.", requestId: "req-1" });
    expect((problem as Problem).faultOf("amount")).toEqual(fault);
  });

  it("keeps status and request id of an answer that is no problem document", async () => {
    expect(await refused(502, "<html>").catch((thrown: unknown) => thrown)).toMatchObject({
      code: UNREADABLE,
      status: 502,
      requestId: "req-1",
    });
  });

  it("knows that nothing came back", async () => {
    const problem = await answer(Promise.reject(new TypeError("Failed to fetch"))).catch((thrown: unknown) => thrown);
    expect(problem).toMatchObject({ code: OFFLINE, status: 0, passes: true });
  });

  it("leaves a request that was given up alone", async () => {
    const given = new DOMException("gone", "AbortError");
    await expect(answer(Promise.reject(given))).rejects.toBe(given);
  });
});
