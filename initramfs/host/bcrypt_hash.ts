/** Password hashes as docker-registry's htpasswd files want them. */

const ALPHABET = "./ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";

/**
 * Hashes a password with bcrypt, by the system's crypt(3): docker-registry takes no other kind, and
 * htpasswd would be one package more.
 * @returns `$2b$05$…` (crypt(5)), cost 5: the lowest that is common, for tests
 */
export function bcryptHash(password: string): string {
  const random = crypto.getRandomValues(new Uint8Array(22));
  // The last of the 22 letters holds two bits only; crypt(3) wants the others zero.
  const salt = Array.from(random, (byte, i) => ALPHABET[i === 21 ? (byte & 3) << 4 : byte & 63]);
  const libcrypt = Deno.dlopen("libcrypt.so.1", {
    crypt: { parameters: ["buffer", "buffer"], result: "pointer" },
  });
  try {
    const encoder = new TextEncoder();
    const hash = libcrypt.symbols.crypt(
      encoder.encode(`${password}\0`),
      encoder.encode(`$2b$05$${salt.join("")}\0`),
    );
    if (hash === null) throw new Error("Cannot hash password: crypt(3) knows no bcrypt here");
    return new Deno.UnsafePointerView(hash).getCString();
  } finally {
    libcrypt.close();
  }
}
