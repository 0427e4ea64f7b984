import { describe, expect, it } from "vitest";
import { configToJson } from "../../../agent/config/config_json.ts";
import { parseConfig } from "../../../agent/config/parse_config.ts";
import { parseLine } from "../../support/parse_value.ts";

const KEY = `${"A".repeat(86)}==`;

describe("configToJson", () => {
  it("loses nothing in JSON", () => {
    const json = configToJson(parseLine('b2c.run="-ti alpine" b2c.cache_device=auto'));
    expect(JSON.parse(JSON.stringify(json))).toEqual(json);
  });

  it("drops what is undefined", () => {
    const json = configToJson(parseConfig([]));
    expect(json).not.toHaveProperty("swap");
    expect(json).toHaveProperty("hostname", "boot2container");
    expect(json).toHaveProperty("network", { interfaces: [], timeout: 30 });
  });

  it("says what a container line means", () => {
    const line = 'b2c.run="-ti --tls-verify=false docker://h:5000/a/b:c sh -c \\"exit 3\\""';
    expect(configToJson(parseLine(line))).toMatchObject({
      containers: [{
        directive: "b2c.run",
        image: "docker://h:5000/a/b:c",
        command: ["sh", "-c", "exit 3"],
        options: { tty: true, interactive: true, tlsVerify: false },
      }],
      problems: [],
      unimplemented: [],
    });
  });

  it("masks every kind of secret", () => {
    const config = parseLine([
      "b2c.minio=gw,http://h,HIDDEN,HIDDEN",
      "b2c.login=h,joe,HIDDEN",
      `b2c.volume=v,encrypt_key=HIDDEN,fscrypt_key=${KEY}`,
      "b2c.proxy=http=http://joe:HIDDEN@p:1",
      "b2c.extra_args_url=http://h/?token=HIDDEN",
      'b2c.shutdown_cmd="pdu --password HIDDEN"',
      'b2c.run="-e API_TOKEN=HIDDEN -e A=b -e HOST -l token=HIDDEN --annotation my.key=HIDDEN',
      '--entrypoint \'[\\"x\\",\\"--token=HIDDEN\\"]\' https://u:HIDDEN@h/i --secret HIDDEN KEY=\'HIDDEN x\'"',
    ].join(" "));
    expect(config.errors).toEqual([]);
    const text = JSON.stringify(configToJson(config));
    expect(text).not.toContain("HIDDEN");
    expect(text).not.toContain("AAAA");
    expect(configToJson(config)).toMatchObject({
      s3Endpoints: [{ alias: "gw", url: "http://h", accessKey: "***", secretKey: "***" }],
      logins: [{ host: "h", user: "joe", password: "***" }],
      volumes: [{ name: "v", encryptKeys: ["***"], fscryptKey: "***" }],
      shutdownCommand: ["pdu", "--password", "***"],
      containers: [{
        command: ["--secret", "***", "KEY=***"],
        options: {
          env: [
            { name: "API_TOKEN", value: "***" },
            { name: "A", value: "b" },
            { name: "HOST", value: null },
          ],
        },
      }],
    });
  });
});
