/**
 * https without looking at the certificate, for `--tls-verify=false`.
 *
 * Deno's fetch cannot be told to do that, but it can send its requests to a Unix socket, and
 * node:tls can be told. So plain HTTP goes into a socket of ours and leaves it as TLS.
 */
import net from "node:net";
import { pipeline } from "node:stream";
import tls from "node:tls";

/** Dispose it: that breaks the connections that are open. */
export interface UnverifiedTunnel extends AsyncDisposable {
  /** A Unix socket, for `proxy: { transport: "unix", path }`. */
  readonly path: string;
  /** Why the last connection failed, once; undefined when none did. */
  takeFailure(): Error | undefined;
}

/** Opens a tunnel to one server. `hostname` without brackets. */
export async function openUnverifiedTunnel(
  hostname: string,
  port: number,
): Promise<UnverifiedTunnel> {
  // A folder that only we can enter: what goes through the socket has nothing else to guard it.
  const folder = await Deno.makeTempDir({ prefix: "tls-" });
  const path = `${folder}/socket`;
  const sockets = new Set<net.Socket>();
  let failure: Error | undefined;

  const server = net.createServer((plain) => {
    const secure = tls.connect({
      host: hostname,
      port,
      ...(net.isIP(hostname) ? {} : { servername: hostname }),
      // The one purpose of this file.
      rejectUnauthorized: false,
      ALPNProtocols: ["http/1.1"],
    });
    for (const socket of [plain, secure]) {
      sockets.add(socket);
      socket.once("close", () => sockets.delete(socket));
    }
    pipeline(plain, secure, plain, (error) => {
      if (error) failure ??= error;
      plain.destroy();
      secure.destroy();
    });
  });
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(path, resolve);
  });

  return {
    path,
    takeFailure() {
      const taken = failure;
      failure = undefined;
      return taken;
    },
    async [Symbol.asyncDispose]() {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      for (const socket of sockets) socket.destroy();
      await closed;
      await Deno.remove(folder, { recursive: true });
    },
  };
}
