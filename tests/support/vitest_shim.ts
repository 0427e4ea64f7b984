/**
 * The part of vitest's interface that the tests use, on top of `deno test`: each `it` is a
 * Deno.test of its own, `expect` is vitest's own assertion library. The same test files run under
 * vitest itself.
 */
import { JestAsymmetricMatchers, JestChaiExpect, JestExtend } from "@vitest/expect";
import * as chai from "chai";

chai.use(JestExtend);
chai.use(JestChaiExpect);
chai.use(JestAsymmetricMatchers);

type TestFunction = () => void | Promise<void>;

/** One `describe`, or the file itself. */
interface Suite {
  readonly name: string;
  readonly parent: Suite | undefined;
  readonly beforeAll: TestFunction[];
  readonly afterAll: TestFunction[];
  readonly beforeEach: TestFunction[];
  readonly afterEach: TestFunction[];
  /** Tests in it, and in the suites inside, that have not ended. */
  open: number;
  started: Promise<void> | undefined;
}

function createSuite(name: string, parent: Suite | undefined): Suite {
  return {
    name,
    parent,
    beforeAll: [],
    afterAll: [],
    beforeEach: [],
    afterEach: [],
    open: 0,
    started: undefined,
  };
}

let current = createSuite("", undefined);

/** From the file down to the suite. */
function pathOf(suite: Suite): readonly Suite[] {
  return suite.parent ? [...pathOf(suite.parent), suite] : [suite];
}

export function describe(name: string, define: () => void): void {
  const suite = createSuite(name, current);
  current = suite;
  try {
    define();
  } finally {
    current = suite.parent!;
  }
}

export const beforeAll = (hook: TestFunction) => void current.beforeAll.push(hook);
export const afterAll = (hook: TestFunction) => void current.afterAll.push(hook);
export const beforeEach = (hook: TestFunction) => void current.beforeEach.push(hook);
export const afterEach = (hook: TestFunction) => void current.afterEach.push(hook);

async function runAll(hooks: readonly TestFunction[]): Promise<void> {
  for (const hook of hooks) await hook();
}

function plainIt(name: string, test: TestFunction, timeoutMs?: number): void {
  const path = pathOf(current);
  for (const suite of path) suite.open++;
  Deno.test({
    name: [...path.slice(1).map((suite) => suite.name), name].join(" > "),
    // Servers and machines of a whole suite outlive its single tests.
    sanitizeOps: false,
    sanitizeResources: false,
    async fn() {
      try {
        for (const suite of path) await (suite.started ??= runAll(suite.beforeAll));
        for (const suite of path) await runAll(suite.beforeEach);
        await withLimit(name, test, timeoutMs);
      } finally {
        for (const suite of path.toReversed()) {
          await runAll(suite.afterEach);
          if (--suite.open === 0) await runAll(suite.afterAll);
        }
      }
    },
  });
}

async function withLimit(name: string, test: TestFunction, timeoutMs?: number): Promise<void> {
  if (timeoutMs === undefined) return await test();
  const late = Promise.withResolvers<never>();
  const timer = setTimeout(
    () => late.reject(new Error(`${name}: not done after ${timeoutMs / 1000} s`)),
    timeoutMs,
  );
  try {
    await Promise.race([test(), late.promise]);
  } finally {
    clearTimeout(timer);
  }
}

/** vitest's `it`: with `each` for tables, and a limit in milliseconds as the last argument. */
interface It {
  (name: string, test: TestFunction, timeoutMs?: number): void;
  each<T>(
    rows: readonly T[],
  ): (name: string, test: (row: T) => void | Promise<void>, timeoutMs?: number) => void;
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
  each: <T>(rows: readonly T[]) =>
  (
    name: string,
    test: (row: T) => void | Promise<void>,
    timeoutMs?: number,
  ) => {
    for (const row of rows) plainIt(nameOf(name, row), () => test(row), timeoutMs);
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
  closeTo(wanted: number, digits?: number): unknown;
  stringContaining(text: string): unknown;
  stringMatching(pattern: RegExp): unknown;
  objectContaining(shape: object): unknown;
  arrayContaining(items: readonly unknown[]): unknown;
}

export const expect: Expect = chai.expect as unknown as Expect;
