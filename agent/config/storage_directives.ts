/** Directives about disks, volumes and S3 storage. */
import { parseCacheDevice, parseSwap } from "./cache_options.ts";
import { type Directive, item, scalar } from "./directive.ts";
import { parseS3Endpoint } from "./s3_options.ts";
import { parseFilesystem, parseImageStore, parseNbd } from "./storage_options.ts";
import { parseVolume } from "./volume_options.ts";

export const STORAGE_DIRECTIVES: readonly Directive[] = [
  {
    name: "b2c.cache_device",
    syntax: "none | auto[,wipe] | reset[,wipe] | DEVICE[,wipe] | FILESYSTEM",
    fallback: "none",
    help: "where images and volumes are kept; DEVICE: /dev/X, PARTUUID=, LABEL=",
    implemented: ["none"],
    apply: scalar("cacheDevice", parseCacheDevice),
  },
  {
    name: "b2c.swap",
    syntax: "SIZE[,swappiness=N] | /dev/X[,swappiness=N] | zram",
    fallback: "",
    help: "swap: a file on the cache, a device, or compressed memory",
    implemented: false,
    apply: scalar("swap", parseSwap),
  },
  {
    name: "b2c.filesystem",
    syntax: "NAME,src=SRC[,type=T][,opts=A|B]",
    fallback: "",
    help: "a filesystem, mounted when a cache, volume or storage names it",
    repeatable: true,
    implemented: false,
    apply: item("filesystems", parseFilesystem),
  },
  {
    name: "b2c.volume",
    syntax:
      "NAME[,mirror=ALIAS/BUCKET[/PREFIX]][,pull_from=…][,push_to=…][,pull_on=A|B][,push_on=A|B]" +
      "[,overwrite][,remove][,exclude=PATTERN]*[,encrypt_key=KEY]*[,preserve]" +
      "[,expiration=never|pipeline_end][,filesystem=NAME][,fscrypt_key=BASE64]" +
      "[,fscrypt_reset_key]",
    fallback: "",
    help: "a folder that containers mount with -v NAME:/path; may mirror S3 storage",
    repeatable: true,
    essential: true,
    implemented: false,
    apply: item("volumes", parseVolume),
  },
  {
    name: "b2c.minio",
    syntax: "ALIAS,URL,ACCESS_KEY,SECRET_KEY",
    fallback: "",
    help: "an S3 endpoint of any vendor",
    repeatable: true,
    implemented: false,
    apply: item("s3Endpoints", parseS3Endpoint),
  },
  {
    name: "b2c.storage",
    syntax: "additionalimagestores=FILESYSTEM",
    fallback: "",
    help: "a read-only image store, looked at before the registry",
    repeatable: true,
    essential: true,
    implemented: false,
    apply: item("imageStores", parseImageStore),
  },
  {
    name: "b2c.nbd",
    syntax: "/dev/nbdN,host=H,port=P[,connections=N][,name=EXPORT]",
    fallback: "",
    help: "a network block device, attached before cache and swap",
    repeatable: true,
    implemented: false,
    apply: item("networkBlockDevices", parseNbd),
  },
];
