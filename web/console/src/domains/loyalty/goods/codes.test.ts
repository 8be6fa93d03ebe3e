import { expect, test } from "vitest";
import { readCodes, textOf } from "./codes";

test("codes are counted as the server will count them", () => {
  const read = readCodes("\ufeffA-1\r\n\n A-2 \rA-1\nA-3\n", false);
  expect(read).toEqual({ codes: 3, repeated: 1, first: ["A-1", "A-2", "A-3"], faults: [], faulty: 0 });
});

test("a line that cannot be a code is named with what stands there", () => {
  const read = readCodes(`A-1\nB\t2\n${"x".repeat(201)}\n`, false);
  expect([read.codes, read.faulty]).toEqual([1, 2]);
  expect(read.faults).toEqual([
    { line: 2, value: "B\ufffd2", why: "unprintable" },
    { line: 3, value: `${"x".repeat(40)}…`, why: "long" },
  ]);
});

test("signs beyond the first plane are one character each, spaces inside a code are part of it", () => {
  expect(readCodes(`${"🍵".repeat(200)}\nTWO WORDS`, false)).toMatchObject({ codes: 2, faulty: 0 });
  expect(readCodes("NO\u00a0BREAK", false).faults).toEqual([{ line: 1, value: "NO\ufffdBREAK", why: "unprintable" }]);
});

test("documents give their code", () => {
  const read = readCodes('{"code": " A-1 "}\n\n{"kode": "A-2"}\nA-3\n{"code": 4}', true);
  expect([read.codes, read.first, read.faults.map((fault) => fault.line)]).toEqual([1, ["A-1"], [3, 4, 5]]);
});

test("many faults are counted, the first are named", () => {
  expect(readCodes("\u0001\n".repeat(9), false)).toMatchObject({ codes: 0, faulty: 9, faults: { length: 5 } });
});

test("a file that is not UTF-8 is not read", async () => {
  expect(await textOf(new File([new Uint8Array([0xd6, 0xd0])], "gbk.txt"))).toBeNull();
  expect(await textOf(new File(["中"], "utf8.txt"))).toBe("中");
});
