/** Options of podman that are known and refused, with the reason. */
import type { RefusedOption } from "./container_option.ts";

const NO_DAEMON = "there is no daemon that could do it";
const NO_PODS = "there are no pods";
const NO_HEALTH = "nothing watches the health of containers";
const NO_USER_NAMESPACE = "containers share the machine's users";
const NO_BRIDGE_SETTINGS = "networks have no settings of their own";
const NO_THROTTLING = "disks are not throttled";
const NO_CPU_SHARES = "CPU time is limited in one way only";
const MEMORY_ONLY = "memory is limited in one way only";
const HOSTS_HINT = "mount a file over /etc/hosts with -v";
const REGISTRY_HINT = "use the directives b2c.login, b2c.registry and b2c.ca";

function refuse(
  reason: string,
  names: string,
  hint?: string,
  type: RefusedOption["type"] = "string",
): readonly RefusedOption[] {
  return names.split(" ").map((name) => ({ name, type, reason, ...(hint && { hint }) }));
}

function refuseFlags(reason: string, names: string, hint?: string): readonly RefusedOption[] {
  return refuse(reason, names, hint, "boolean");
}

/** Every option of podman 5 `create` and `run` that stands in no other table. */
export const REFUSED_OPTIONS: readonly RefusedOption[] = [
  {
    name: "detach",
    short: "d",
    type: "boolean",
    reason: "the pipeline waits for each container",
    hint: "use b2c.run_service for what runs in the background",
  },
  { name: "attach", short: "a", type: "string", reason: "the console is always attached" },
  ...refuse("the console has no keys to detach", "detach-keys"),
  ...refuseFlags(NO_DAEMON, "sig-proxy help"),
  {
    name: "publish-all",
    short: "P",
    type: "boolean",
    reason: "ports are not picked at random",
    hint: "name each port: -p HOST:CONTAINER",
  },
  {
    name: "cpu-shares",
    short: "c",
    type: "string",
    reason: NO_CPU_SHARES,
    hint: "use --cpus",
  },
  ...refuse(
    NO_CPU_SHARES,
    "cpu-period cpu-quota cpu-rt-period cpu-rt-runtime cpuset-cpus cpuset-mems rdt-class",
    "use --cpus",
  ),
  ...refuse(
    MEMORY_ONLY,
    "memory-reservation memory-swap memory-swappiness kernel-memory shm-size-systemd",
    "use --memory",
  ),
  ...refuseFlags("the kernel must be able to free memory", "oom-kill-disable"),
  ...refuse("the kernel chooses what to end", "oom-score-adj"),
  ...refuse(
    NO_THROTTLING,
    "blkio-weight blkio-weight-device device-read-bps device-read-iops device-write-bps " +
      "device-write-iops",
  ),
  ...refuse(
    "device rules come from --device and --privileged",
    "device-cgroup-rule gpus",
    "use --device",
  ),
  ...refuse("the agent places containers in cgroups itself", "cgroup-conf cgroup-parent cgroups"),
  ...refuse(NO_PODS, "pod pod-id-file init-ctr"),
  ...refuse(
    "there is no store of secrets",
    "secret",
    "put the secret into a file of an archive, and mount it",
  ),
  ...refuse(
    NO_HEALTH,
    "health-cmd health-interval health-on-failure health-retries health-start-period " +
      "health-timeout health-startup-cmd health-startup-interval health-startup-retries " +
      "health-startup-success health-startup-timeout health-log-destination " +
      "health-max-log-count health-max-log-size",
  ),
  ...refuse(NO_USER_NAMESPACE, "uidmap gidmap subuidname subgidname hostuser"),
  ...refuse(
    NO_BRIDGE_SETTINGS,
    "ip ip6 mac-address network-alias link-local-ip dns-search dns-option dns-opt",
  ),
  ...refuse("names come from DNS", "add-host hosts-file", HOSTS_HINT),
  ...refuseFlags("every container gets its hosts file", "no-hosts", HOSTS_HINT),
  ...refuseFlags("every container gets its hostname file", "no-hostname"),
  ...refuse("ports are published with -p alone", "expose"),
  ...refuse("credentials are directives", "authfile creds cert-dir decryption-key", REGISTRY_HINT),
  ...refuse("pulls are tried again as the agent sees fit", "retry retry-delay"),
  ...refuse(
    "files that describe a container have no reader here",
    "cidfile pidfile conmon-pidfile label-file",
  ),
  ...refuse(
    "users and groups come from the image",
    "passwd-entry group-entry chrootdirs personality",
  ),
  ...refuseFlags("users and groups come from the image", "passwd"),
  ...refuse(
    "the environment is the image's with yours on top",
    "env-merge unsetenv",
    "set the variable with -e",
  ),
  ...refuseFlags("the agent has no environment to hand on", "env-host unsetenv-all", "use -e"),
  ...refuseFlags("proxies are a directive", "http-proxy", "use b2c.proxy"),
  ...refuse("volumes of an image become anonymous volumes", "image-volume volumes-from", "use -v"),
  ...refuse("the agent brings the init along", "init-path", "use --init"),
  ...refuse("containers run in the order of their directives", "requires"),
  ...refuse("nobody would receive it", "sdnotify preserve-fds preserve-fd"),
  ...refuse("the profile is named by --security-opt", "seccomp-policy"),
  ...refuseFlags("containers come from images", "rootfs"),
  ...refuseFlags("images leave the cache when room is needed", "rmi"),
  ...refuseFlags("what stays writable is not chosen in one word", "read-only-tmpfs", "use --tmpfs"),
];
