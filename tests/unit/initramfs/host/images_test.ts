import { describe, expect, it } from "vitest";
import { planImageSettings } from "../../../../initramfs/host/images.ts";

describe("planImageSettings", () => {
  it("repeats an option for each word", () => {
    expect(planImageSettings({ layers: [], entrypoint: ["sh", "-c"], cmd: ["a, b"] })).toEqual([
      "--config.entrypoint=sh",
      "--config.entrypoint=-c",
      "--config.cmd=a, b",
    ]);
  });

  it("writes every setting", () => {
    const options = planImageSettings({
      layers: [],
      env: ["A=1"],
      user: "1:2",
      workingDir: "/root",
      stopSignal: "SIGINT",
      volumes: ["/data"],
      labels: { a: "b" },
    });
    expect(options).toEqual([
      "--config.env=A=1",
      "--config.user=1:2",
      "--config.workingdir=/root",
      "--config.stopsignal=SIGINT",
      "--config.volume=/data",
      "--config.label=a=b",
    ]);
  });

  it("writes nothing for an image without settings", () => {
    expect(planImageSettings({ layers: [] })).toEqual([]);
  });
});
