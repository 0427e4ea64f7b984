import { describe, expect, it } from "vitest";
import { planAmd64 } from "../../../agent/oci/machine_platform.ts";

const V1 = "fpu sse sse2 lm";
const V2 = `${V1} cx16 lahf_lm popcnt pni sse4_1 sse4_2 ssse3`;
const V3 = `${V2} avx avx2 bmi1 bmi2 f16c fma abm movbe xsave`;
const V4 = `${V3} avx512f avx512bw avx512cd avx512dq avx512vl`;

describe("planAmd64", () => {
  it.each([
    { flags: V1, variant: "v1" },
    { flags: V2, variant: "v2" },
    { flags: V2.replace("popcnt", ""), variant: "v1" },
    { flags: V3, variant: "v3" },
    { flags: V4, variant: "v4" },
    { flags: V4.replace("fma", ""), variant: "v2" },
  ])("$variant", ({ flags, variant }) => {
    const cpuinfo = `processor\t: 0\nflags\t\t: ${flags}\nbugs\t\t: x\n\nprocessor\t: 1\n`;
    expect(planAmd64(cpuinfo)).toEqual({ os: "linux", architecture: "amd64", variant });
  });
  it("takes a text that tells nothing for the first level", () => {
    expect(planAmd64("").variant).toBe("v1");
  });
});
