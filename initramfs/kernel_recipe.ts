/** Which kernel and which of its modules go along, as data. */
import type { ArchitectureName } from "./architecture.ts";

/** `cloud` boots virtual machines; `metal` also what has real cards, disks and USB. */
export type Flavour = "cloud" | "metal";

/** The package that always depends on the newest kernel. */
export function chooseKernelMetapackage(
  flavour: Flavour,
  architecture: ArchitectureName,
): string {
  return flavour === "cloud" ? `linux-image-cloud-${architecture}` : `linux-image-${architecture}`;
}

/** In every kernel; `?`: where there is one as a module or built in. */
const COMMON_MODULES: readonly string[] = [
  // Disks.
  ...["virtio_blk", "virtio_scsi", "virtio_pci", "sd_mod", "sr_mod", "nvme", "ahci", "ata_piix?"],
  ...["hv_storvsc?", "vmw_pvscsi?", "xen-blkfront?", "loop", "nbd", "zram", "dm-mod", "dm-crypt"],
  ...["dm-verity", "lz4", "zstd"],
  // Filesystems.
  ...["overlay", "fuse", "virtiofs", "ext4", "erofs", "squashfs", "btrfs", "vfat", "exfat"],
  ...["nls_ascii", "nls_cp437", "nls_iso8859-1", "nls_utf8", "isofs", "nfsv3", "nfsv4"],
  ...["cifs", "9p?", "9pnet_virtio?", "autofs4"],
  // Encryption of disks and folders.
  ...["xts", "cts", "essiv", "adiantum?", "aesni-intel?", "sha256-ssse3?", "sha512-ssse3?"],
  // Network cards of virtual machines.
  ...["virtio_net", "vmxnet3?", "hv_netvsc?", "xen-netfront?", "ena", "gve", "ixgbevf?"],
  // Networks of containers, and what firewall programs in privileged containers ask for.
  ...["af_packet", "veth", "bridge", "br_netfilter", "tun", "macvlan", "dummy", "8021q"],
  ...["nf_tables", "nft_chain_nat", "nft_masq", "nft_nat", "nft_redir", "nft_ct", "nft_compat"],
  ...["nft_reject_inet", "nft_fib_inet", "nft_limit", "nft_log", "nft_hash", "nft_numgen"],
  ...["nf_conntrack_netlink", "iptable_nat", "iptable_filter", "iptable_mangle", "ip6table_nat"],
  ...["ip6table_filter", "ip6table_mangle", "ipt_REJECT", "ip6t_REJECT", "xt_MASQUERADE"],
  ...[
    "xt_addrtype",
    "xt_comment",
    "xt_conntrack",
    "xt_mark",
    "xt_multiport",
    "xt_nat",
    "xt_tcpudp",
  ],
  // The machine itself.
  ...[
    "virtio-rng",
    "virtio_balloon",
    "virtio_mmio",
    "virtio_console?",
    "vmw_vsock_virtio_transport",
  ],
  ...["qemu_fw_cfg", "button", "i6300esb?", "softdog", "evdev"],
];

/** Real machines: whole folders of drivers. */
const METAL_MODULES: readonly string[] = [
  ...["ethernet/", "phy/", "mdio/", "usb/"].map((path) => `kernel/drivers/net/${path}`),
  ...["e1000", "e1000e", "igb", "igc", "r8169", "tg3"],
  ...["ata/", "nvme/", "mmc/", "usb/host/", "usb/storage/", "usb/typec/", "md/", "hid/"]
    .map((path) => `kernel/drivers/${path}`),
  ...["megaraid_sas?", "mpt3sas?", "hpsa?", "aacraid?", "smartpqi?", "mpi3mr?", "uas", "usbhid"],
  ...["i2c-i801?", "iTCO_wdt?", "sp5100_tco?", "rtc-cmos?", "efivarfs"],
];

/** The kernel modules of a flavour; see planModules for the notation. */
export function chooseModules(flavour: Flavour): readonly string[] {
  return flavour === "cloud" ? COMMON_MODULES : [...COMMON_MODULES, ...METAL_MODULES];
}
