/** An HTTP server for the files that a machine boots. */

export interface BootServer extends AsyncDisposable {
  readonly port: number;
  /** The paths asked for, in order. */
  readonly requests: readonly string[];
}

/**
 * Serves files on loopback.
 * @param files paths of files by their names in URLs
 * @param refusals how many requests are refused first, as by a server that is still starting
 */
export function startBootServer(
  files: Readonly<Record<string, string>>,
  refusals = 0,
): BootServer {
  const requests: string[] = [];
  const server = Deno.serve({ hostname: "127.0.0.1", port: 0, onListen() {} }, async (request) => {
    const { pathname } = new URL(request.url);
    requests.push(pathname);
    const path = files[pathname.slice(1)];
    if (path === undefined) return new Response("Not found\n", { status: 404 });
    if (requests.length <= refusals) return new Response("Not yet\n", { status: 503 });
    const file = await Deno.open(path);
    const { size } = await file.stat();
    return new Response(file.readable, { headers: { "content-length": `${size}` } });
  });
  return {
    port: server.addr.port,
    requests,
    [Symbol.asyncDispose]: () => server.shutdown(),
  };
}
