import process from "node:process";
import { describe, expect, it } from "vitest";
import { configToJson } from "../../../agent/config/config_json.ts";
import { DIRECTIVES } from "../../../agent/config/directives.ts";
import { CONTAINER_OPTIONS } from "../../../agent/config/container_option_table.ts";
import { parseConfig } from "../../../agent/config/parse_config.ts";
import { renderProblems } from "../../../agent/config/render_problems.ts";

const CASES = 20_000;
/** Seconds on an idle machine; a busy one must not fail for it. */
const LIMIT_MS = 60_000;
const seed = Number(process.env.FUZZ_SEED ?? Math.floor(Math.random() * 2 ** 31));

/** Numbers in [0, limit), the same ones for the same seed (mulberry32). */
function randomNumbers(state: number): (limit: number) => number {
  return (limit) => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return (((mixed ^ (mixed >>> 14)) >>> 0) % limit);
  };
}

const PIECES = [
  ...DIRECTIVES.flatMap(({ name, oldNames = [] }) => [`${name}=`, ...oldNames]),
  ...CONTAINER_OPTIONS.map(({ name }) => ` --${name}=`),
  ...['"', '\\"', "'", "\\", "\n", "\r\n", "\t", " ", "=", ",", "|", ":", "/", "\0", "#", "$("],
  ...["-v a:/b", "-ti", "-e A=b", "--", "__proto__", "16g", "10.0.0.1/24", "[::1]", "\u201c"],
  ..."alpine auto none src=/dev/sda mirror=a/b NaN -1 1e9 ${mac} ,sha256= %00 \ud800".split(" "),
];

function makeBytes(random: (limit: number) => number): string {
  const bytes = Uint8Array.from({ length: random(120) }, () => random(256));
  return new TextDecoder(random(2) ? "utf-8" : "latin1").decode(bytes);
}

function makeText(random: (limit: number) => number): string {
  let text = "";
  for (let count = random(16); count >= 0; count--) {
    text += random(5) === 0 ? makeBytes(random) : PIECES[random(PIECES.length)]!;
    if (random(3) === 0) text += " ";
  }
  return text;
}

describe(`parseConfig on random text (FUZZ_SEED=${seed})`, () => {
  it(`never throws, and says what it means, in ${CASES} cases`, () => {
    const random = randomNumbers(seed);
    for (let count = 0; count < CASES; count++) {
      const text = random(4) === 0 ? makeBytes(random) : makeText(random);
      try {
        const config = parseConfig([{ name: "fuzz", text }]);
        JSON.stringify(configToJson(config));
        const shown = renderProblems(config.problems);
        // deno-lint-ignore no-control-regex
        expect(/[\0-\x09\x0b-\x1f\x7f-\x9f]/.test(shown)).toBe(false);
      } catch (error) {
        throw new Error(`case ${count} of seed ${seed}: ${JSON.stringify(text)}`, { cause: error });
      }
    }
  }, LIMIT_MS);

  it("takes long texts in a time that grows with their length", () => {
    const start = performance.now();
    const long = [
      "a",
      '"',
      "'",
      "=",
      "b2c.",
      ",",
      "$x",
      "://",
      "?key=",
      "-e A=",
      "a=",
      "\\",
      "b2c.x ",
      "b2c.run=- ",
    ];
    for (const piece of long) {
      const text = piece.repeat(5_000);
      parseConfig([{ name: "long", text }, { name: "run", text: `b2c.run="alpine ${text}"` }]);
    }
    expect(performance.now() - start).toBeLessThan(LIMIT_MS / 2);
  }, LIMIT_MS);
});
