/** Container text: `[podman create options] IMAGE [command…]`. */
import { type Argument, parseArguments } from "./container_arguments.ts";
import type { ContainerConfig, ContainerOptions } from "./container_config.ts";
import { checkContainer } from "./container_checks.ts";
import type { ContainerOption, OptionDraft } from "./container_option.ts";
import { findContainerOption, findRefusedOption, optionNames } from "./container_option_table.ts";
import { locate, type Located, sliceLocated } from "./located.ts";
import { chooseNearest } from "./nearest.ts";
import type { Report } from "./problem_collector.ts";
import type { ContainerRole } from "./publish_checks.ts";
import { findSecrets } from "./secret_spans.ts";
import { findSecretStarts } from "./secret_words.ts";
import { parseShellWords } from "./shell_words.ts";

const MIB = 1 << 20;
/** Put before the user's words, so that theirs win. `--pull=always` is b2c.pull's default. */
const DEFAULT_TEXT = "--privileged --network=host --rm";
/** What a boolean option without a value means. */
const TRUE = locate({ name: "implied value", text: "true" }, 0, "true".length);

/** Parses one container text; every mistake is reported. */
export function parseContainer(
  value: Located,
  report: Report,
  role: ContainerRole,
): ContainerConfig | undefined {
  const before = report.errors;
  const words = parseShellWords(value, report);
  if (!words) return undefined;
  hideSecrets(value, words, report);
  const draft = defaultOptions();
  applyArguments(parseArguments(defaultWords(report), report).options, draft, report, false);
  const { options, image, command } = parseArguments(words, report);
  applyArguments(options, draft, report, true);
  if (!image || image.text === "") {
    const hint = "write [OPTIONS] IMAGE [COMMAND…]";
    return report.error(
      image ?? value,
      value.text === "" ? "no image is named" : "{} names no image",
      hint,
    );
  }
  checkContainer({ value, options, image, command, draft, role }, report);
  if (report.errors > before) return undefined;
  return {
    directive: report.directive,
    text: report.masked(value),
    image: image.text,
    command: command.map((word) => word.text),
    options: finishOptions(draft),
  };
}

function hideSecrets(value: Located, words: readonly Located[], report: Report): void {
  for (const { start, end } of findSecrets(value.text)) {
    report.secret(sliceLocated(value, start, end));
  }
  findSecretStarts(words.map((word) => word.text)).forEach((start, index) => {
    const word = words[index];
    if (word && start !== undefined) report.secret(sliceLocated(word, start));
  });
}

function defaultWords(report: Report): readonly Located[] {
  const source = { name: "defaults", text: DEFAULT_TEXT };
  return parseShellWords(locate(source, 0, DEFAULT_TEXT.length), report) ?? [];
}

function applyArguments(
  options: readonly Argument[],
  draft: OptionDraft,
  report: Report,
  isUsers: boolean,
): void {
  const given = new Map<string, string>();
  for (const argument of options) {
    const option = findContainerOption(argument.name);
    if (!option) {
      reportUnknown(argument, report);
      continue;
    }
    const value = argument.value ?? (option.type === "boolean" ? TRUE : undefined);
    if (!value) {
      const hint = `write --${option.name}=${option.syntax}`;
      report.error(argument.word, `the option --${option.name} has no value`, hint);
      continue;
    }
    const earlier = given.get(option.name);
    if (earlier !== undefined && earlier !== value.text && !option.repeatable) {
      report.warn(argument.word, `--${option.name} stands here twice; this later one counts`);
    }
    given.set(option.name, value.text);
    const before = report.errors;
    option.apply(draft, value, report);
    if (isUsers && report.errors === before) reportLack(option, value.text, report);
  }
}

function reportUnknown({ name, word }: Argument, report: Report): void {
  const shown = name.length === 1 ? `-${name}` : `--${name}`;
  const refused = findRefusedOption(name);
  if (refused) {
    report.error(word, `${shown} is refused: ${refused.reason}`, refused.hint);
    return;
  }
  const near = name.length > 1 ? chooseNearest(name, optionNames()) : undefined;
  const hint = near ? `write --${near}` : "options of the command go after the image";
  report.error(word, "{} is no option of podman create", hint);
}

/** An option that is parsed, but not carried out, must not be passed over in silence. */
function reportLack(option: ContainerOption, value: string, report: Report): void {
  const { implemented, name, type } = option;
  if (implemented === true || (type === "boolean" && /^(?:0|f|false)$/i.test(value))) return;
  if (implemented === false) report.lacks(` --${name}`);
  else if (!implemented.includes(value)) report.lacks(` --${name}=${value}`);
}

function finishOptions(draft: OptionDraft): ContainerOptions {
  const { arch, variant, ...options } = draft;
  if (arch === undefined) return options;
  return { ...options, platform: `linux/${arch}${variant === undefined ? "" : `/${variant}`}` };
}

function defaultOptions(): OptionDraft {
  return {
    annotations: {},
    capAdd: [],
    capDrop: [],
    cgroupns: "private",
    cpus: undefined,
    devices: [],
    dns: [],
    entrypoint: undefined,
    env: [],
    envFiles: [],
    groupAdd: [],
    hostname: undefined,
    init: false,
    interactive: false,
    ipc: "private",
    labels: {},
    memory: undefined,
    mounts: [],
    name: undefined,
    network: { kind: "bridge" },
    noNewPrivileges: false,
    pid: "private",
    pidsLimit: undefined,
    platform: undefined,
    privileged: false,
    publish: [],
    pull: undefined,
    quiet: false,
    readOnly: false,
    restart: { kind: "no", retries: undefined },
    rm: false,
    seccomp: "default",
    shmSize: 64 * MIB,
    stopSignal: undefined,
    stopTimeout: 10,
    sysctls: {},
    systemd: "true",
    timeout: 0,
    tlsVerify: true,
    tty: false,
    tz: undefined,
    ulimits: [],
    umask: undefined,
    user: undefined,
    uts: "private",
    workdir: undefined,
    arch: undefined,
    variant: undefined,
  };
}
