/** Whether a login may be shown to the server that a challenge names. */
import { quoteForeign } from "../quote_foreign.ts";

/**
 * Chooses why a realm must not be asked; undefined: it may be.
 * @param realm as the challenge has it
 * @param registryUrl where the challenge came from
 * @param rules `insecure`: the user gave up TLS; `secret`: a login would go along
 */
export function chooseRealmRefusal(
  realm: string,
  registryUrl: string,
  rules: { readonly insecure: boolean; readonly secret: boolean },
): string | undefined {
  if (!URL.canParse(realm)) return "it names no URL to get a token from";
  const [to, from] = [new URL(realm), new URL(registryUrl)];
  if (to.username || to.password) return "the URL of its tokens holds a login";
  if (to.protocol === "https:") return undefined;
  if (to.protocol !== "http:") {
    return `its tokens are at ${quoteForeign(to.protocol)}, which is not https`;
  }
  if (!rules.insecure) return `its tokens are at http://${quoteForeign(to.host)}, without TLS`;
  if (rules.secret && to.hostname !== from.hostname) {
    return `it wants the login sent to http://${quoteForeign(to.host)}, another host without TLS`;
  }
  return undefined;
}
