/** The Deno that runs the build, as a program for its steps. */

/** Arguments of a call of Deno. */
export function renderDenoCall(args: readonly string[]): readonly string[] {
  return [Deno.execPath(), ...args];
}

/** Its environment, beside the user's own. */
export function renderDenoEnvironment(): Readonly<Record<string, string>> {
  return {
    // Deno would embed the node_modules that belong to a package.json in a parent folder.
    DENO_NO_PACKAGE_JSON: "1",
    // A proxy that inspects TLS has its root certificate in the system's store.
    DENO_TLS_CA_STORE: Deno.env.get("DENO_TLS_CA_STORE") ?? "mozilla,system",
    // Messages of failures are shown to people.
    NO_COLOR: "1",
    RUST_BACKTRACE: "0",
  };
}
