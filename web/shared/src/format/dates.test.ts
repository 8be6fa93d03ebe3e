import { afterEach, describe, expect, it } from "vitest";
import { ago, day, instant, setZone } from "./dates";
import { dayAfter, startOfDay } from "./days";

afterEach(() => setZone("UTC"));

describe("dates", () => {
  it("are shown in the programme's zone", () => {
    setZone("Asia/Shanghai");
    expect(day("2026-03-01T17:00:00Z")).toBe("2026-03-02");
    expect(instant("2026-03-01T17:05:00Z")).toBe("2026-03-02 01:05");
  });

  it("begin when the programme's day begins, also on the days the clocks change", () => {
    setZone("Europe/London");
    expect(startOfDay("2026-03-29")).toBe("2026-03-29T00:00:00Z");
    expect(startOfDay("2026-03-30")).toBe("2026-03-29T23:00:00Z");
    expect(startOfDay("2026-10-26")).toBe("2026-10-26T00:00:00Z");
    setZone("Asia/Shanghai");
    expect(startOfDay("2026-03-01")).toBe("2026-02-28T16:00:00Z");
  });

  it("follow one another over the ends of months", () => {
    expect(dayAfter("2024-02-28")).toBe("2024-02-29");
    expect(dayAfter("2026-12-31")).toBe("2027-01-01");
  });

  it("say how long ago", () => {
    const now = Date.parse("2026-03-01T12:00:00Z");
    expect(ago("2026-03-01T11:57:30Z", now)).toBe("2 minutes ago");
    expect(ago("2026-02-28T11:00:00Z", now)).toBe("yesterday");
    expect(ago(null)).toBe("—");
  });
});
