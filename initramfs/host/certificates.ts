/** A certificate authority and a server certificate, made for a test or a demo. */
import { realSpawn } from "../../agent/sys/spawn.ts";

/** Paths of PEM files. */
export interface Certificates {
  /** The authority: what a client must trust. Alone in its folder, as skopeo wants it. */
  readonly ca: string;
  /** The server's certificate, signed by the authority. */
  readonly cert: string;
  readonly key: string;
}

/** This machine, as itself and as QEMU's guests see it. */
const NAMES = ["localhost", "127.0.0.1", "10.0.2.2"];

/**
 * Makes an authority and a server certificate, valid for two days.
 * @param folder is created; holds ca/ca.crt, ca.key, server.crt, server.key
 * @param names host names and IPv4 addresses of the server
 */
export async function makeCertificates(
  folder: string,
  names: readonly string[] = NAMES,
): Promise<Certificates> {
  await Deno.mkdir(`${folder}/ca`, { recursive: true });
  const at = (name: string) => `${folder}/${name}`;
  const newKey = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes"];
  const life = ["-days", "2"];
  await realSpawn.run([
    ...["openssl", "req", "-x509", ...newKey, ...life, "-subj", "/CN=Test authority"],
    ...["-keyout", at("ca.key"), "-out", at("ca/ca.crt")],
  ]);
  await realSpawn.run([
    ...["openssl", "req", ...newKey, "-subj", `/CN=${names[0] ?? "server"}`],
    ...["-keyout", at("server.key"), "-out", at("server.csr")],
  ]);
  await Deno.writeTextFile(at("server.ext"), renderExtensions(names));
  await realSpawn.run([
    ...["openssl", "x509", "-req", ...life, "-in", at("server.csr"), "-extfile", at("server.ext")],
    ...[
      "-CA",
      at("ca/ca.crt"),
      "-CAkey",
      at("ca.key"),
      "-CAcreateserial",
      "-out",
      at("server.crt"),
    ],
  ]);
  return { ca: at("ca/ca.crt"), cert: at("server.crt"), key: at("server.key") };
}

/** The extensions of a server certificate, as openssl's -extfile takes them (x509v3_config(5)). */
export function renderExtensions(names: readonly string[]): string {
  const alternatives = names.map((name) =>
    /^\d+(\.\d+){3}$/.test(name) ? `IP:${name}` : `DNS:${name}`
  );
  return [
    "basicConstraints=CA:FALSE",
    "keyUsage=digitalSignature",
    "extendedKeyUsage=serverAuth",
    `subjectAltName=${alternatives.join(",")}`,
    "",
  ].join("\n");
}
