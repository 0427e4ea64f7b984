import { describe, expect, it } from "vitest";
import { startVm } from "../../initramfs/qemu/run_vm.ts";
import { ARCHIVE_FILES, KERNEL_FILE, renderBootScript } from "../../ipxe/boot_script.ts";
import { watchMachine } from "../support/boot_case.ts";
import { openBootContext } from "../support/boot_context.ts";
import { startBootServer } from "../support/boot_server.ts";

const BOOT_FILE = "boot.ipxe";

describe("iPXE", () => {
  it("boots the whole way by network, also when the server is late", async () => {
    await using context = await openBootContext();
    const { files, registry, folder } = context;
    await using server = startBootServer({
      [KERNEL_FILE]: files.kernel,
      [ARCHIVE_FILES[0]]: files.initramfs,
      [ARCHIVE_FILES[1]]: files.modules,
    }, 1);
    const script = renderBootScript({
      url: `http://10.0.2.2:${server.port}`,
      append: "console=ttyS0 quiet panic=-1",
      runs: [
        `--tls-verify=false docker://10.0.2.2:${registry.port}/demo:latest ` +
        `sh -c "true && false || echo 'two  spaces'; exit 5 # not 6"`,
      ],
    });
    await Deno.writeTextFile(`${folder}/${BOOT_FILE}`, script);
    const boot = { kind: "network", folder, bootFile: BOOT_FILE } as const;
    await watchMachine({
      name: "iPXE",
      console: [
        `tftp://10.0.2.2/${BOOT_FILE}... ok`,
        "next try in 1 s",
        `${ARCHIVE_FILES[1]}... ok`,
        "Hello from the container",
        /^two {2}spaces\r*$/m,
      ],
      status: 5,
      timeout: 300,
    }, (options) => startVm({ memoryMib: 1024, cpus: 2, boot }, options));
    expect(server.requests).toEqual([
      `/${KERNEL_FILE}`,
      `/${KERNEL_FILE}`,
      ...ARCHIVE_FILES.map((file) => `/${file}`),
    ]);
  });
});
