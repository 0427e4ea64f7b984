import { describe, expect, it } from "vitest";
import { isRedirect, planRedirect, type RedirectPlan } from "../../../agent/http/redirect.ts";

const GET = {
  method: "GET",
  url: "https://registry.example/v2/a/blobs/x?y=1",
  headers: { Authorization: "Bearer secret", cookie: "a=b", range: "bytes=5-", accept: "*/*" },
};
const STRICT = { plainAllowed: false };

function follow(plan: RedirectPlan) {
  if (plan.kind !== "follow") throw new Error(`refused: ${plan.reason}`);
  return plan.request;
}

function refusal(plan: RedirectPlan): string {
  return plan.kind === "refuse" ? plan.reason : "followed";
}

describe("isRedirect", () => {
  it.each([301, 302, 303, 307, 308])("%s is one", (status) => {
    expect(isRedirect(status)).toBe(true);
  });
  it.each([200, 206, 300, 304, 305, 400])("%s is none", (status) => {
    expect(isRedirect(status)).toBe(false);
  });
});

describe("planRedirect", () => {
  it.each([
    { location: "/b", url: "https://registry.example/b" },
    { location: "c?z=2", url: "https://registry.example/v2/a/blobs/c?z=2" },
    { location: "//cdn.example/b", url: "https://cdn.example/b" },
    { location: "https://cdn.example/b?sig=1#top", url: "https://cdn.example/b?sig=1" },
    { location: "https://user:pass@cdn.example/b", url: "https://cdn.example/b" },
  ])("$location leads to $url", ({ location, url }) => {
    expect(follow(planRedirect(GET, 307, location, STRICT)).url).toBe(url);
  });

  it("takes a login along within one origin only", () => {
    const same = follow(planRedirect(GET, 307, "/b", STRICT));
    expect(same.headers).toEqual(GET.headers);
    for (const other of ["https://cdn.example/", "https://registry.example:444/"]) {
      const { headers } = follow(planRedirect(GET, 307, other, STRICT));
      expect(headers).toEqual({ range: "bytes=5-", accept: "*/*" });
    }
  });

  it("counts another scheme as another origin", () => {
    const plan = planRedirect(GET, 307, "http://registry.example/b", { plainAllowed: true });
    expect(Object.keys(follow(plan).headers)).toEqual(["range", "accept"]);
  });

  it.each([
    { location: null, reason: "where" },
    { location: "", reason: "where" },
    { location: "http://registry.example/b", reason: "from https to http" },
    { location: "file:///etc/shadow", reason: "not http" },
    { location: "data:text/plain,x", reason: "not http" },
    { location: "https://", reason: "no URL" },
  ])("refuses $location", ({ location, reason }) => {
    expect(refusal(planRedirect(GET, 302, location, STRICT))).toContain(reason);
  });

  it.each([
    { method: "GET", status: 302, becomes: "GET" },
    { method: "HEAD", status: 303, becomes: "HEAD" },
    { method: "POST", status: 301, becomes: "GET" },
    { method: "POST", status: 303, becomes: "GET" },
    { method: "POST", status: 307, becomes: "POST" },
  ])("$method with $status becomes $becomes", ({ method, status, becomes }) => {
    const request = { ...GET, method, body: method === "POST" ? "form" : undefined };
    const next = follow(planRedirect(request, status, "/b", STRICT));
    expect(next.method).toBe(becomes);
    expect(next.body).toBe(becomes === "POST" ? "form" : undefined);
  });

  it("does not hand what was posted to another host", () => {
    const post = { ...GET, method: "POST", body: "refresh_token=secret" };
    expect(refusal(planRedirect(post, 307, "https://evil.example/", STRICT))).toContain("posted");
  });
});
