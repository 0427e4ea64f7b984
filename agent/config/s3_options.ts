/** `b2c.minio`, and how a volume names a place in S3 storage. */
import { parseUrl } from "./addresses.ts";
import type { S3Endpoint, S3Location } from "./config.ts";
import { type Located, sliceLocated, splitLocated, trimLocated } from "./located.ts";
import type { Report } from "./problem_collector.ts";
import { parseName } from "./values.ts";

/** Looser than Amazon's rule: other vendors take upper case and short names. */
const BUCKET = /^[A-Za-z0-9][A-Za-z0-9._-]{0,62}$/;

/** `alias,url,access_key,secret_key`; the last may hold commas. */
export function parseS3Endpoint(value: Located, report: Report): S3Endpoint | undefined {
  const before = report.errors;
  const [alias, url, accessKey, secretKey] = splitLocated(value, ",", 4).map(trimLocated);
  hideKeys(value, report);
  if (!alias || !url?.text || !accessKey?.text || !secretKey?.text) {
    const missing = !url?.text ? "url" : accessKey?.text ? "secret key" : "access key";
    return report.error(
      value,
      `{} has no ${missing}`,
      "write ALIAS,URL,ACCESS_KEY,SECRET_KEY",
    );
  }
  const name = parseName("an S3 endpoint")(alias, report);
  const address = parseUrl("http", "https")(url, report);
  report.define("s3_endpoint", alias);
  if (name === undefined || address === undefined || report.errors > before) return undefined;
  return { alias: name, url: address, accessKey: accessKey.text, secretKey: secretKey.text };
}

/** Whatever comes after the URL is secret, also where the commas are wrong. */
function hideKeys(value: Located, report: Report): void {
  const afterUrl = /^[^,]*,\s*(?:[a-z]+:\/\/)?[^,\s]*/i.exec(value.text)?.[0].length;
  const start = afterUrl ?? /^[A-Za-z0-9_.-]*/.exec(value.text)?.[0].length ?? 0;
  const isSeparated = ", ".includes(value.text[start] ?? "none");
  const rest = sliceLocated(value, isSeparated ? start + 1 : start);
  for (const piece of splitLocated(rest, ",")) report.secret(piece);
}

/** `ALIAS/BUCKET[/PREFIX]`. */
export function parseS3Location(value: Located, report: Report): S3Location | undefined {
  const [alias = value, bucket, rest] = splitLocated(value, "/", 3);
  if (!bucket?.text) {
    return report.error(value, "{} names no bucket", "write ALIAS/BUCKET or ALIAS/BUCKET/PREFIX");
  }
  const name = parseName("an S3 endpoint")(alias, report);
  if (!BUCKET.test(bucket.text)) return report.error(bucket, "{} cannot be the name of a bucket");
  const parts = (rest?.text ?? "").split("/").filter((part) => part !== "");
  if (rest && parts.some((part) => part === "." || part === "..")) {
    return report.error(rest, "{} holds . or .. as part of a prefix");
  }
  if (name === undefined) return undefined;
  report.refer("s3_endpoint", alias);
  return { alias: name, bucket: bucket.text, prefix: parts.join("/") };
}
