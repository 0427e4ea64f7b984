import { describe, expect, it } from "vitest";
import { parseTokens } from "../../../agent/config/tokens.ts";
import { quoteValue, renderCommandLine } from "../../../initramfs/command_line.ts";

describe("renderCommandLine", () => {
  it("puts the runs last, each quoted", () => {
    expect(renderCommandLine(["panic=-1", "", "b2c.pipefail"], ["-ti a", 'b sh -c "exit 3"'])).toBe(
      'panic=-1 b2c.pipefail b2c.run="-ti a" b2c.run="b sh -c \\"exit 3\\""',
    );
  });

  it("refuses what the kernel would cut", () => {
    expect(() => renderCommandLine([], ["x".repeat(3000)])).toThrow(
      /^Cannot boot: the command line has \d+ bytes, not 2047$/,
    );
  });
});

describe("quoteValue", () => {
  it.each([
    { value: "a b", quoted: '"a b"' },
    { value: 'say "x"', quoted: '"say \\"x\\""' },
    { value: 'a \\"b', quoted: '"a \\\\"b"' },
  ])("quotes $value", ({ value, quoted }) => {
    expect(quoteValue(value)).toBe(quoted);
  });

  it.each([
    "docker.io/library/alpine",
    '-ti alpine sh -c "exit 3"',
    'alpine sh -c "echo \\"a  b\\" > x; true || false"',
    "alpine sh -c 'echo \\n'",
    "a=b \t c",
    "",
  ])("is understood by the agent: %s", (value) => {
    const [first, token, ...rest] = parseTokens({
      name: "/proc/cmdline",
      text: renderCommandLine(["panic=-1"], [value]),
    });
    expect(first?.key.text).toBe("panic");
    expect(token?.key.text).toBe("b2c.run");
    expect(token?.value?.text).toBe(value);
    expect(rest).toEqual([]);
  });

  it("refuses a backslash that would take the closing quote", () => {
    expect(() => quoteValue("a\\")).toThrow("it ends in a backslash");
  });
});
