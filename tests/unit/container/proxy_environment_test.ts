import { describe, expect, it } from "vitest";
import { renderProxyEnvironment } from "../../../agent/container/proxy_environment.ts";

describe("renderProxyEnvironment", () => {
  it("names what is set, in both spellings", () => {
    expect(renderProxyEnvironment({ http: "http://p:1", https: undefined, no: ["a", "b"] }))
      .toEqual({
        http_proxy: "http://p:1",
        HTTP_PROXY: "http://p:1",
        no_proxy: "a,b",
        NO_PROXY: "a,b",
      });
    expect(renderProxyEnvironment({ http: undefined, https: undefined, no: [] })).toEqual({});
  });
});
