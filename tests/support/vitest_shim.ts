/**
 * The part of vitest's interface that the tests use, on top of `deno test`: describe and it come
 * from node:test, expect is vitest's own assertion library. The same test files run under vitest.
 */
import { JestAsymmetricMatchers, JestChaiExpect, JestExtend } from "@vitest/expect";
import * as chai from "chai";
import {
  after as afterAll,
  afterEach,
  before as beforeAll,
  beforeEach,
  describe,
  it as nodeIt,
} from "node:test";

chai.use(JestExtend);
chai.use(JestChaiExpect);
chai.use(JestAsymmetricMatchers);

type TestFunction = () => void | Promise<void>;

/** vitest's `it`: with `each` for tables, and a limit in milliseconds as the last argument. */
interface It {
  (name: string, test: TestFunction, timeoutMs?: number): void;
  each<T>(rows: readonly T[]): (name: string, test: (row: T) => void | Promise<void>) => void;
}

function plainIt(name: string, test: TestFunction, timeoutMs?: number): void {
  nodeIt(name, timeoutMs === undefined ? {} : { timeout: timeoutMs }, () => test());
}

/** `%s` in a name stands for the row, `$key` for the row's value of that key. */
function nameOf(template: string, row: unknown): string {
  return template
    .replace(/%[sj]/g, () => typeof row === "string" ? row : JSON.stringify(row))
    .replace(
      /\$(\w+)/g,
      (whole, key: string) =>
        typeof row === "object" && row !== null && key in row
          ? String((row as Record<string, unknown>)[key])
          : whole,
    );
}

export const it: It = Object.assign(plainIt, {
  each: <T>(rows: readonly T[]) => (name: string, test: (row: T) => void | Promise<void>) => {
    for (const row of rows) plainIt(nameOf(name, row), () => test(row));
  },
});

/** The matchers in use; vitest has more, add here what a test needs. */
interface Matchers<R> {
  readonly not: Matchers<R>;
  readonly rejects: Matchers<Promise<void>>;
  readonly resolves: Matchers<Promise<void>>;
  toBe(wanted: unknown): R;
  toBeCloseTo(wanted: number, digits?: number): R;
  toBeDefined(): R;
  toBeGreaterThan(wanted: number): R;
  toBeGreaterThanOrEqual(wanted: number): R;
  toBeInstanceOf(wanted: unknown): R;
  toBeLessThan(wanted: number): R;
  toBeLessThanOrEqual(wanted: number): R;
  toBeNull(): R;
  toBeTruthy(): R;
  toBeUndefined(): R;
  toContain(wanted: unknown): R;
  toContainEqual(wanted: unknown): R;
  toEqual(wanted: unknown): R;
  toHaveLength(wanted: number): R;
  toHaveProperty(path: string, wanted?: unknown): R;
  toMatch(wanted: RegExp | string): R;
  toMatchObject(wanted: unknown): R;
  toStrictEqual(wanted: unknown): R;
  toThrow(wanted?: RegExp | string | (abstract new (...args: never[]) => unknown)): R;
}

interface Expect {
  (value: unknown, message?: string): Matchers<void>;
  any(type: unknown): unknown;
  stringContaining(text: string): unknown;
  stringMatching(pattern: RegExp): unknown;
  objectContaining(shape: object): unknown;
  arrayContaining(items: readonly unknown[]): unknown;
}

export const expect: Expect = chai.expect as unknown as Expect;

export { afterAll, afterEach, beforeAll, beforeEach, describe };
