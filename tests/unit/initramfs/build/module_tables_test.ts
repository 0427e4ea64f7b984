import { describe, expect, it } from "vitest";
import {
  moduleNameOf,
  parseModuleTables,
  planModules,
} from "../../../../initramfs/build/module_tables.ts";

const TABLES = parseModuleTables({
  dep: `kernel/net/failover.ko:
kernel/net/net_failover.ko: kernel/net/failover.ko
kernel/net/virtio_net.ko: kernel/net/net_failover.ko kernel/net/failover.ko
kernel/fs/btrfs/btrfs.ko: kernel/lib/xor.ko
kernel/lib/xor.ko:
kernel/crypto/blake2b_generic.ko:
kernel/crypto/crc32c-intel.ko:
kernel/fs/nls/nls_utf8.ko:
kernel/fs/nls/nls_ascii.ko:
`,
  builtin: "kernel/fs/ext4/ext4.ko\nkernel/drivers/nvme/host/nvme-core.ko\n",
  softdep: `# comment
softdep btrfs pre: blake2b-256
softdep btrfs pre: crypto-crc32c post: nothing-that-is-there
`,
  alias: `# Aliases extracted from modules themselves.
alias blake2b-256 blake2b_generic
alias crypto-crc32c crc32c_intel
alias virtio:d00000001v* virtio_net
`,
});

describe("planModules", () => {
  it("brings what a module needs", () => {
    expect(planModules(["virtio-net"], TABLES)).toEqual([
      "kernel/net/failover.ko",
      "kernel/net/net_failover.ko",
      "kernel/net/virtio_net.ko",
    ]);
  });

  it("brings what a module would like to have, by alias", () => {
    expect(planModules(["btrfs"], TABLES)).toEqual([
      "kernel/crypto/blake2b_generic.ko",
      "kernel/crypto/crc32c-intel.ko",
      "kernel/fs/btrfs/btrfs.ko",
      "kernel/lib/xor.ko",
    ]);
  });

  it("takes a folder whole", () => {
    expect(planModules(["kernel/fs/nls/"], TABLES)).toEqual([
      "kernel/fs/nls/nls_ascii.ko",
      "kernel/fs/nls/nls_utf8.ko",
    ]);
  });

  it("needs no file for what is built in, or may be missing", () => {
    expect(planModules(["ext4", "nvme_core", "9p?"], TABLES)).toEqual([]);
  });

  it("lists all that the kernel does not have", () => {
    expect(() => planModules(["ext4", "nosuch", "virtio_net", "neither"], TABLES)).toThrow(
      "Cannot find kernel modules: there is no nosuch, neither",
    );
  });
});

describe("moduleNameOf", () => {
  it.each([
    { path: "kernel/crypto/crc32c-intel.ko", name: "crc32c_intel" },
    { path: "kernel/fs/ext4/ext4.ko.xz", name: "ext4" },
    { path: "kernel/net/8021q/8021q.ko", name: "8021q" },
  ])("$path", ({ path, name }) => {
    expect(moduleNameOf(path)).toBe(name);
  });
});
