import { describe, expect, it } from "vitest";
import { createConsoleExpect } from "../../support/console_expect.ts";

function open(options: { never?: readonly (string | RegExp)[]; transcriptFile?: string } = {}) {
  const typed: string[] = [];
  const console = createConsoleExpect({
    ...options,
    type: (text) => {
      typed.push(text);
      return Promise.resolve();
    },
  });
  return { console, typed };
}

describe("console_expect", () => {
  it("finds what was said before and what is said later", async () => {
    const { console } = open();
    console.push("login");
    const found = console.waitFor("login: ", 1000);
    console.push(": ");
    expect((await found)[0]).toBe("login: ");
  });

  it("returns a pattern's groups", async () => {
    const { console } = open();
    console.push("status: 3\r\n");
    expect((await console.waitFor(/status: (\d+)/, 1000))[1]).toBe("3");
  });

  it("looks only after what it found last", async () => {
    const { console } = open();
    console.push("one two one");
    await console.waitFor("one", 1000);
    await console.waitFor("two", 1000);
    await console.waitFor("one", 1000);
    await expect(console.waitFor("one", 20)).rejects.toThrow("did not say one within 0.02 s");
  });

  it("takes a string as it is, with every sign in it", async () => {
    const { console } = open();
    console.push("a+b (c)\n");
    await expect(console.waitFor("a+b (d)", 20)).rejects.toThrow("did not say");
    expect((await console.waitFor("a+b (c)", 20))[0]).toBe("a+b (c)");
  });

  it("uses a pattern again although it is global", async () => {
    const { console } = open();
    const pattern = /x/g;
    console.push("xx");
    await console.waitFor(pattern, 20);
    await console.waitFor(pattern, 20);
    await expect(console.waitFor(pattern, 20)).rejects.toThrow("did not say");
  });

  it("fails as soon as the console has ended", async () => {
    const { console } = open({ transcriptFile: "boot.log" });
    const found = console.waitFor("never", 60_000);
    console.push("the end");
    console.end();
    await expect(found).rejects.toThrow(
      "Console ended before it said never; the console's last words (all of it: boot.log):\nthe end",
    );
  });

  it("still finds what stands there when the console has ended", async () => {
    const { console } = open();
    console.push("last words");
    console.end();
    expect((await console.waitFor(/words$/, 1000))[0]).toBe("words");
  });

  it("fails a wait when something forbidden appears, even in two pieces", async () => {
    const { console } = open({ never: ["Kernel panic"] });
    const found = console.waitFor("never", 60_000);
    console.push("Kernel ");
    console.push("panic - not syncing");
    await expect(found).rejects.toThrow("Console said what it must not: Kernel panic");
  });

  it("remembers what was forbidden when nobody waits", () => {
    const { console } = open({ never: [/s3cr[e3]t/] });
    console.check();
    console.push("the s3cret");
    expect(() => console.check()).toThrow("must not: s3cret");
  });

  it("types", async () => {
    const { console, typed } = open();
    await console.type("exit 3\n");
    expect(typed).toEqual(["exit 3\n"]);
  });

  it("keeps everything that was said", () => {
    const { console } = open();
    console.push("a");
    console.push("b");
    expect(console.transcript()).toBe("ab");
  });
});
