import { describe, expect, it } from "vitest";
import { chooseProxy } from "../../../agent/http/proxy.ts";

const BOTH = { http: "http://web:3128", https: "http://tls:3128" };

describe("chooseProxy", () => {
  it.each([
    { url: "http://example.org/", no: [], proxy: "http://web:3128" },
    { url: "https://example.org/", no: [], proxy: "http://tls:3128" },
    { url: "https://example.org/", no: ["*"], proxy: undefined },
    { url: "https://example.org/", no: ["example.org"], proxy: undefined },
    { url: "https://EXAMPLE.org/", no: ["Example.ORG"], proxy: undefined },
    { url: "https://a.example.org/", no: ["example.org"], proxy: undefined },
    { url: "https://a.example.org/", no: [".example.org"], proxy: undefined },
    { url: "https://a.example.org/", no: ["*.example.org"], proxy: undefined },
    { url: "https://badexample.org/", no: ["example.org"], proxy: "http://tls:3128" },
    { url: "https://example.org:444/", no: ["example.org:444"], proxy: undefined },
    { url: "https://example.org:445/", no: ["example.org:444"], proxy: "http://tls:3128" },
    { url: "http://10.42.0.1:8002/", no: ["10.42.0.0/16"], proxy: undefined },
    { url: "http://10.43.0.1:8002/", no: ["10.42.0.0/16"], proxy: "http://web:3128" },
    { url: "http://10.42.0.1/", no: ["0.0.0.0/0"], proxy: undefined },
    { url: "http://10.42.0.1/", no: ["10.42.0.1/33", "10.42.0/24", ""], proxy: "http://web:3128" },
    { url: "http://example.org/", no: ["10.0.0.0/8"], proxy: "http://web:3128" },
    { url: "http://[fd00::1]:5000/", no: ["fd00::1"], proxy: undefined },
    { url: "http://[fd00::1]:5000/", no: ["[fd00::1]:5000"], proxy: undefined },
    { url: "http://localhost:5000/", no: [], proxy: undefined },
    { url: "http://127.0.0.1:5000/", no: [], proxy: undefined },
    { url: "http://[::1]:5000/", no: [], proxy: undefined },
  ])("$url without $no goes through $proxy", ({ url, no, proxy }) => {
    expect(chooseProxy(url, { ...BOTH, no })).toBe(proxy);
  });

  it("needs none when none is set", () => {
    expect(chooseProxy("https://example.org/", {})).toBeUndefined();
    expect(chooseProxy("https://example.org/", { http: "http://web:3128" })).toBeUndefined();
  });
});
