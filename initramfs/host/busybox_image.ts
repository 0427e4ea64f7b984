/** A small image with a shell: what the demo boots into, and most tests. */
import { realSpawn } from "../../agent/sys/spawn.ts";
import { type FileSource, type ImageLayout, makeImage } from "./images.ts";
import { unpackPackage } from "./unpack_package.ts";
import { readStat } from "../read_stat.ts";

/** Says where it runs, then hands over to the command it was given. */
const ENTRYPOINT = `#!/bin/sh
if [ -z "$QUIET" ]; then
  echo "Hello from the container on $(uname -s) $(uname -r)"
  echo "$(nproc) processors, $(awk '/MemTotal/ { print int($2 / 1024) }' /proc/meminfo) MiB memory"
fi
exec "$@"
`;

const NOTICE = `This container runs from an image that this machine pulled when it booted.
`;

/**
 * Makes the image, or finds it made: busybox with its applets, the files of a minimal system, and
 * an entrypoint. Its default command prints a notice.
 * @param folder where the OCI layout `busybox` and the unpacked package are kept
 */
export async function busyboxImage(folder: string): Promise<ImageLayout> {
  const layout = `${folder}/busybox`;
  const ready = { folder: layout, tag: "latest" };
  if (await readStat(`${layout}/oci-layout`)) return ready;
  const unpacked = `${folder}/busybox-static`;
  await unpackPackage("busybox-static", unpacked);
  const program = await findBusybox(unpacked);
  const partial = `${layout}.tmp-${Deno.pid}`;
  await makeImage(partial, {
    layers: [
      { kind: "files", files: await readApplets(program) },
      { kind: "files", files: SYSTEM_FILES },
      {
        kind: "files",
        files: {
          "usr/local/bin/entrypoint": { content: ENTRYPOINT, mode: 0o755 },
          "etc/motd": NOTICE,
        },
      },
    ],
    entrypoint: ["/usr/local/bin/entrypoint"],
    cmd: ["cat", "/etc/motd"],
    env: ["PATH=/usr/local/bin:/bin"],
    workingDir: "/root",
  });
  await Deno.rename(partial, layout);
  return ready;
}

const SYSTEM_FILES: Readonly<Record<string, FileSource>> = {
  "etc/passwd": "root:x:0:0:root:/root:/bin/sh\nnobody:x:65534:65534:nobody:/:/bin/false\n",
  "etc/group": "root:x:0:\nnogroup:x:65534:\n",
  "root/.profile": "PS1='# '\n",
  tmp: { folderMode: 0o1777 },
};

/** The program, and a link to it for each applet. */
async function readApplets(program: string): Promise<Record<string, FileSource>> {
  const names = await realSpawn.run([program, "--list"]);
  const links = names.split("\n").filter((name) => name !== "" && name !== "busybox");
  return {
    "bin/busybox": { content: await Deno.readFile(program), mode: 0o755 },
    ...Object.fromEntries(links.map((name) => [`bin/${name}`, { target: "busybox" }])),
  };
}

async function findBusybox(root: string): Promise<string> {
  // Before Debian 13, packages kept their programs in /bin.
  for (const path of [`${root}/usr/bin/busybox`, `${root}/bin/busybox`]) {
    if (await readStat(path)) return path;
  }
  throw new Error(`Cannot find busybox: it is not in ${root}`);
}
