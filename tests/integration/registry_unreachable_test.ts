import { describe, expect, it } from "vitest";
import { HttpError, TimeoutError } from "../../agent/errors.ts";
import { openFastSystem } from "../support/fast_clock.ts";
import { fetchWholeImage } from "../support/fetch_image.ts";

describe("a registry that cannot be reached", () => {
  it("is tried five times, and named with its port", async () => {
    const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
    const { port } = listener.addr as Deno.NetAddr;
    listener.close();
    const name = `127.0.0.1:${port}/a/b:1`;
    const { error, lines } = await fetchWholeImage(openFastSystem(), name, { tlsVerify: true });
    expect(error).toBeInstanceOf(HttpError);
    expect((error as HttpError).message).toContain(`connection refused by 127.0.0.1:${port}`);
    expect(lines).toHaveLength(4);
    expect(lines[3]).toMatch(/; try 5 of 5 in \d+\.\d s$/);
  });

  it("is named with its port also where it is not written", async () => {
    const name = "no-such-host.invalid/a/b:1";
    const { error } = await fetchWholeImage(openFastSystem(1000), name, { tlsVerify: true });
    expect((error as HttpError).message).toContain(
      "no address is known for no-such-host.invalid:443",
    );
    expect((error as HttpError).hint).toContain("name servers");
  });

  it("may break connections before it answers", async () => {
    await using server = startRaw((connection) => connection.close());
    const { error, lines } = await fetch(server.address);
    expect((error as HttpError).message).toContain(`${server.address} broke the connection`);
    expect(lines).toHaveLength(4);
    // Each time over http, then over https; Deno itself may ask once more.
    expect(server.connections()).toBeGreaterThanOrEqual(10);
  });

  it("may take connections and say nothing", async () => {
    await using server = startRaw(() => {});
    const { error, lines } = await fetch(server.address, 300);
    expect(error).toBeInstanceOf(TimeoutError);
    expect((error as Error).message).toContain(
      `Cannot wait longer for an answer from ${server.address}: 10 s are over`,
    );
    expect(lines).toHaveLength(4);
  });

  it("may speak something else, which is not tried again", async () => {
    await using server = startRaw(async (connection) => {
      await connection.write(new TextEncoder().encode("220 mail.example ESMTP\r\n"));
      connection.close();
    });
    const { error, lines } = await fetch(server.address);
    expect((error as HttpError).message).toContain("does not answer with HTTP");
    expect(lines).toEqual([]);
  });
});

function fetch(address: string, factor = 50) {
  return fetchWholeImage(openFastSystem(factor), `${address}/a/b:1`, { tlsVerify: false });
}

function startRaw(serve: (connection: Deno.TcpConn) => void | Promise<void>) {
  const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const open: Deno.TcpConn[] = [];
  const serving = (async () => {
    for await (const connection of listener) {
      open.push(connection);
      await serve(connection);
    }
  })();
  return {
    address: `127.0.0.1:${(listener.addr as Deno.NetAddr).port}`,
    connections: () => open.length,
    async [Symbol.asyncDispose]() {
      listener.close();
      await serving;
      for (const connection of open) {
        try {
          connection.close();
        } catch (error) {
          if (!(error instanceof Deno.errors.BadResource)) throw error;
        }
      }
    },
  };
}
