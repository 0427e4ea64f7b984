import { describe, expect, it } from "vitest";
import { readEvents } from "../../../agent/net/dhcp.ts";

function streamOf(chunks: readonly string[]): ReadableStream<Uint8Array<ArrayBuffer>> {
  const encoder = new TextEncoder();
  return new ReadableStream({
    start(controller) {
      for (const chunk of chunks) controller.enqueue(encoder.encode(chunk));
      controller.close();
    },
  });
}

async function kinds(chunks: readonly string[]): Promise<readonly string[]> {
  const seen: string[] = [];
  for await (const event of readEvents(streamOf(chunks))) {
    seen.push(`${event.kind}:${event.variables.get("ip") ?? ""}`);
  }
  return seen;
}

describe("readEvents", () => {
  it("finds events however the pipe cuts them", async () => {
    const text = "EVENT=deconfig\0\0ip=10.0.0.2\0EVENT=bound\0\0";
    const wanted = ["deconfig:", "bound:10.0.0.2"];
    expect(await kinds([text])).toEqual(wanted);
    expect(await kinds([...text])).toEqual(wanted);
  });

  it("drops an unfinished record, and one without end", async () => {
    expect(await kinds(["EVENT=bound\0ip=10."])).toEqual([]);
    expect(await kinds(["x".repeat(70_000), "EVENT=bound\0\0"])).toEqual(["bound:"]);
  });
});
