/** Makes a container ready to run: its root, its files, its volumes, its configuration. */
import type { ContainerConfig } from "../config/container_config.ts";
import type { PulledImage } from "../oci/image.ts";
import { removeTree } from "../oci/remove_tree.ts";
import { openFileCalls } from "../sys/file_calls.ts";
import { cString } from "../sys/kernel.ts";
import { AT_FDCWD } from "../sys/raw_syscall.ts";
import type { System } from "../sys/system.ts";
import {
  checkBindSources,
  readEnvironmentFiles,
  readSeccompProfile,
  writeGeneratedFiles,
} from "./bundle_files.ts";
import type { ContainerCgroup } from "./cgroups.ts";
import { renderExactJson } from "./exact_json.ts";
import { renderContainerEnv, renderHosts, renderResolvConf } from "./generated_files.ts";
import { planOwnMounts } from "./mount_targets.ts";
import type { ContainerNetworks } from "./network/container_networks.ts";
import { isPresent, readOptionalText } from "./optional_file.ts";
import { readMachineFacts } from "./read_machine_facts.ts";
import { mountRootfs } from "./rootfs.ts";
import {
  chooseHostname,
  chooseStopSignal,
  needsSeccomp,
  renderRuntimeConfig,
} from "./runtime_config.ts";
import { readUserDatabase } from "./user_database.ts";
import { chooseUser } from "./users.ts";
import { createVolumeFolders } from "./volume_folders.ts";

/** What all containers of a boot have in common. */
export interface ContainerSite {
  /** Where containers have their folders; what they write lies there. Volumes too, in `volumes`. */
  readonly folder: string;
  readonly cgroup: ContainerCgroup;
  readonly networks: ContainerNetworks;
  /** Folders of the volumes that a directive describes; others are made as they are named. */
  readonly volumes: ReadonlyMap<string, string>;
  /** `http_proxy` and its kind. */
  readonly proxyEnvironment: Readonly<Record<string, string>>;
}

/** A container that is ready. Dispose it when it has ended: what it wrote goes away. */
export interface CreatedContainer extends AsyncDisposable {
  /** crun's name for it, and the name of its folder and cgroup. */
  readonly runId: string;
  /** Holds config.json. */
  readonly bundle: string;
  readonly stopSignal: number;
}

const RESOLV_CONF = "/etc/resolv.conf";
const RUN_ID_LENGTH = 12;
const INIT_PROGRAM = "/usr/bin/catatonit";

/**
 * @param pipelineEnvironment `B2C_PIPELINE_…`
 * @throws AgentError for what an option asks for and cannot have; SyscallError
 */
export async function createContainer(
  sys: System,
  site: ContainerSite,
  container: ContainerConfig,
  image: PulledImage,
  pipelineEnvironment: Readonly<Record<string, string>>,
): Promise<CreatedContainer> {
  const { options } = container;
  const run = image.config.config;
  await using stack = new AsyncDisposableStack();
  const id = createId();
  const runId = id.slice(0, RUN_ID_LENGTH);
  const bundle = `${site.folder}/${runId}`;
  await Deno.mkdir(bundle, { recursive: true, mode: 0o700 });
  stack.defer(() => removeBundle(bundle));
  const root = stack.use(mountRootfs(sys, bundle, image.layers));

  const ownMounts = planOwnMounts(run, options);
  checkBindSources(ownMounts);
  const folders = await createVolumeFolders(sys, root.path, ownMounts, {
    anonymous: `${bundle}/volumes`,
    plain: `${site.folder}/volumes`,
    named: site.volumes,
  });
  const facts = readMachineFacts(site.cgroup.controllers);
  const hostname = chooseHostname({ id, container, facts });
  const network = stack.use(await site.networks.open({ runId, hostname, options }));
  const ownFiles = writeGeneratedFiles(bundle, {
    "/etc/hostname": `${hostname}\n`,
    "/etc/hosts": renderHosts(hostname, network.hosts),
    "/etc/resolv.conf": renderResolvConf(readOptionalText(RESOLV_CONF) ?? "", options),
    "/run/.containerenv": renderContainerEnv({
      id,
      name: options.name ?? runId,
      image: image.reference,
      imageDigest: image.digest,
    }, options.privileged),
  });
  const files = new Map([...ownFiles, ...network.files]);
  const spec = renderRuntimeConfig({
    id,
    image: run,
    container,
    facts,
    user: chooseUser(options.user ?? run.User ?? "", readUserDatabase(root.path), options.groupAdd),
    rootfs: root.path,
    cgroup: `${site.cgroup.path}/${runId}`,
    files,
    folders,
    environmentFiles: readEnvironmentFiles(options.envFiles),
    pipelineEnvironment,
    proxyEnvironment: site.proxyEnvironment,
    seccomp: needsSeccomp(options) ? readSeccompProfile(options.seccomp) : undefined,
    initProgram: isPresent(INIT_PROGRAM) ? INIT_PROGRAM : undefined,
    networkNamespace: network.namespace,
  });
  Deno.writeTextFileSync(`${bundle}/config.json`, renderExactJson(spec));
  const stopSignal = chooseStopSignal(run, container);
  if (options.name !== undefined) stack.use(site.networks.share(options.name, network, files));
  const cleanup = stack.move();
  return { runId, bundle, stopSignal, [Symbol.asyncDispose]: () => cleanup.disposeAsync() };
}

/** As long as podman's, and as unlikely to come twice. */
function createId(): string {
  return crypto.getRandomValues(new Uint8Array(32)).toHex();
}

/**
 * Removes what a container leaves, folders nested to any depth among it: Deno's own way recurses
 * and would end the process with them. What cannot be removed says nothing about the container.
 */
function removeBundle(bundle: string): void {
  removeTree(openFileCalls(), AT_FDCWD, cString(bundle));
}
