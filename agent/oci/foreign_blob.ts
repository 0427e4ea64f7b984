/** Layers that lie elsewhere than in the registry (image-spec, descriptor.md "urls"). */
import { AgentError, HttpError } from "../errors.ts";
import type { HttpClient } from "../http/client.ts";
import { isRetryableStatus, type OnRetry, PATIENT } from "../http/retry.ts";
import { quoteForeign } from "../quote_foreign.ts";
import { redactText } from "../redact.ts";
import type { System } from "../sys/system.ts";
import { type BlobOptions, openBlobStream } from "./blob.ts";
import type { Descriptor } from "./image.ts";

/** A URL is worth more of the line than other foreign text. */
const URL_LENGTH = 1000;

/**
 * Opens a layer at a URL that its descriptor names: https only, and as nobody.
 * @throws AgentError for another scheme; the stream errors like that of a registry
 */
export function openForeignBlob(
  sys: System,
  http: HttpClient,
  url: string,
  descriptor: Descriptor,
  options: BlobOptions & { readonly onRetry?: OnRetry | undefined },
): ReadableStream<Uint8Array<ArrayBuffer>> {
  const shown = quoteForeign(redactText(url), URL_LENGTH);
  if (!/^https:\/\//i.test(url)) {
    throw new AgentError(`Cannot get layer ${descriptor.digest}: ${shown} is not https`);
  }
  return openBlobStream(sys, descriptor, {
    what: `layer ${descriptor.digest} at ${shown}`,
    policy: PATIENT,
    onRetry: options.onRetry,
    send: (headers, signal) => http.send({ url, headers, signal }),
    explain: async ({ response }) => {
      await response.body?.cancel();
      const { status } = response;
      const message = `Cannot get layer ${descriptor.digest}: ${shown} answered with ${status}`;
      return new HttpError("GET", shown, status, isRetryableStatus(status), message);
    },
  }, options);
}
