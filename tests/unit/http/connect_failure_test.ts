import { describe, expect, it } from "vitest";
import {
  chooseHint,
  classifyFailure,
  isPassing,
  renderFailure,
} from "../../../agent/http/connect_failure.ts";

/** As Deno 2.7 writes them, and node:tls. */
const MESSAGES = [
  {
    text: "client error (Connect): tcp connect error: Connection refused (os error 111)",
    kind: "refused",
    passing: true,
    words: "connection refused by 10.0.2.2:5000",
  },
  {
    text: "client error (Connect): dns error: failed to lookup address information: Name or " +
      "service not known",
    kind: "dns",
    passing: true,
    words: "no address is known for 10.0.2.2:5000",
  },
  {
    text: "client error (Connect): tcp connect error: Network is unreachable (os error 101)",
    kind: "unreachable",
    passing: true,
    words: "no route to 10.0.2.2:5000",
  },
  {
    text: "client error (Connect): tcp connect error: No route to host (os error 113)",
    kind: "unreachable",
    passing: true,
    words: "no route",
  },
  {
    text: "client error (Connect): invalid peer certificate: UnknownIssuer",
    kind: "certificate",
    passing: false,
    words: "not accepted: no trusted authority signed it",
  },
  {
    text: 'invalid peer certificate: certificate not valid for name "x"; certificate is only ' +
      "valid for y",
    kind: "certificate",
    passing: false,
    words: "it is for another name",
  },
  {
    text: "invalid peer certificate: certificate expired: verification time 1792",
    kind: "certificate",
    passing: false,
    words: "it has expired",
  },
  {
    text: "invalid peer certificate: certificate not valid yet: verification time 0",
    kind: "certificate",
    passing: false,
    words: "not valid yet",
  },
  {
    text: "invalid peer certificate: Other(OtherError(CaUsedAsEndEntity))",
    kind: "certificate",
    passing: false,
    words: "authority's certificate",
  },
  {
    text: "client error (Connect): received corrupt message of type InvalidContentType",
    kind: "tls",
    passing: false,
    words: "does not complete a TLS handshake",
  },
  { text: "client error (Connect): tls handshake eof", kind: "tls", passing: false, words: "TLS" },
  {
    text: "client error (SendRequest): connection closed before message completed",
    kind: "reset",
    passing: true,
    words: "10.0.2.2:5000 broke the connection",
  },
  { text: "error reading a body from connection", kind: "reset", passing: true, words: "broke" },
  { text: "read ECONNRESET", kind: "reset", passing: true, words: "broke" },
  { text: "connect ECONNREFUSED 127.0.0.1:1", kind: "refused", passing: true, words: "refused" },
  {
    text: "client error (SendRequest): invalid HTTP version parsed",
    kind: "garbled",
    passing: false,
    words: "does not answer with HTTP",
  },
  { text: "something new", kind: "other", passing: true, words: "something new" },
];

describe("classifyFailure", () => {
  it.each(MESSAGES)("$kind: $text", ({ text, kind, passing, words }) => {
    const failure = classifyFailure(new TypeError("outer", { cause: new Error(text) }));
    expect(failure.kind).toBe(kind);
    expect(isPassing(failure)).toBe(passing);
    expect(renderFailure(failure, "10.0.2.2:5000")).toContain(words);
  });

  it("says something about everything", () => {
    expect(renderFailure(classifyFailure("no error at all"), "h:1")).toBe("h:1 cannot be reached");
  });
});

describe("chooseHint", () => {
  const untrusted = classifyFailure(new Error("invalid peer certificate: UnknownIssuer"));

  it("blames a clock that stands before 2024", () => {
    expect(chooseHint(untrusted, 0)).toContain("it says 1970-01-01T00:00:00.000Z");
    expect(chooseHint(untrusted, 0)).toContain("b2c.ntp_peer");
  });
  it("names the directives otherwise", () => {
    expect(chooseHint(untrusted, Date.UTC(2024, 0, 1))).toContain("b2c.ca");
    expect(chooseHint(classifyFailure(new Error("tls handshake eof")), 0)).toContain("insecure");
  });
  it("is silent where there is nothing to add", () => {
    expect(chooseHint({ kind: "refused" }, 0)).toBeUndefined();
  });
});
