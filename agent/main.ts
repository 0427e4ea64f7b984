/**
 * The one executable. As PID 1 it is the life of a machine: root, boot, end. Otherwise it is a
 * tool with subcommands. The only place that ends the process or the machine.
 */
import { boot, type Ending } from "./boot.ts";
import { runCommand } from "./commands/command.ts";
import type { Config } from "./config/config.ts";
import { AgentError, describe } from "./errors.ts";
import { type Logger, openConsoleLog } from "./log.ts";
import { readConfiguration } from "./read_configuration.ts";
import { REBOOT } from "./sys/kernel.ts";
import { mountMovableRoot, mountPseudoFilesystems } from "./sys/mounts.ts";
import { powerOff, stopProcesses, syncDisks, unmountAll } from "./sys/power.ts";
import { reapOrphans } from "./sys/process_one.ts";
import { openSystem, type System } from "./sys/system.ts";

/** Processes that nobody owns get this long to end by themselves. */
const STOP_GRACE_MS = 2000;
/** A boot that failed beside what it waits for gets this long to take itself down. */
const UNWIND_LIMIT_MS = 15_000;

if (import.meta.main) {
  if (Deno.pid === 1) await liveAsInit();
  else Deno.exit(await runCommand(openSystem(), Deno.args));
}

async function liveAsInit(): Promise<never> {
  const sys = openSystem();
  const log = openConsoleLog(sys.clock);
  // A failure that nobody waits for must end the machine as told, not panic its kernel.
  const crash = Promise.withResolvers<never>();
  globalThis.addEventListener("unhandledrejection", (event) => {
    event.preventDefault();
    crash.reject(event.reason);
  });
  globalThis.addEventListener("error", (event) => {
    event.preventDefault();
    crash.reject(event.error ?? new Error(event.message));
  });

  const stop = listenForStop(log);
  let config: Config | undefined;
  let booting: Promise<Ending> | undefined;
  let ending: Ending;
  try {
    mountMovableRoot(sys);
    mountPseudoFilesystems(sys);
    reapOrphans(sys);
    setConsoleSize(sys);
    // Ctrl-Alt-Del comes as SIGINT instead of pulling the rug.
    sys.kernel.reboot(REBOOT.CAD_OFF);
    config = readConfiguration();
    booting = boot(sys, log, config, stop.signal);
    ending = await Promise.race([booting, crash.promise]);
  } catch (error) {
    log.error(describe(error));
    stop.abort(error);
    // What still goes on beside the failure ends in order, or is ended.
    await Promise.race([booting?.catch(() => {}), sys.clock.sleep(UNWIND_LIMIT_MS)]);
    ending = { status: 1, mode: config?.onFailure ?? "poweroff" };
  }
  return await endMachine(sys, log, ending, config?.poweroffDelay ?? 0);
}

/** A serial line does not know how large its terminal is; programs take 0 by 0 badly. */
function setConsoleSize(sys: System): void {
  if (!Deno.stdin.isTerminal()) return;
  const { rows, columns } = Deno.consoleSize();
  if (rows === 0 || columns === 0) sys.kernel.setWindowSize(0, 24, 80);
}

/** Ctrl-Alt-Del, and whoever sends SIGTERM, asks for an end in good order. */
function listenForStop(log: Logger): AbortController {
  const stop = new AbortController();
  for (const signal of ["SIGINT", "SIGTERM"] as const) {
    Deno.addSignalListener(signal, () => {
      log.warn(`${signal}: stopping`);
      stop.abort(new AgentError(`Cannot go on: ${signal} came`));
    });
  }
  return stop;
}

async function endMachine(
  sys: System,
  log: Logger,
  ending: Ending,
  poweroffDelay: number,
): Promise<never> {
  log.plain(`Execution is over, pipeline status: ${ending.status}`);
  try {
    log.startSection("cleanup", "end the machine");
    await stopProcesses(sys, STOP_GRACE_MS);
    unmountAll(sys, log);
    await syncDisks(sys, log);
  } catch (error) {
    log.error(describe(error));
  }
  log.endSection("cleanup");
  if (ending.mode === "poweroff") {
    if (poweroffDelay > 0) {
      log.info(`power-off in ${poweroffDelay} s`);
      await sys.clock.sleep(poweroffDelay * 1000);
    }
    log.plain("It's now safe to turn off your computer");
  }
  return await powerOff(sys, log, ending.mode === "shell" ? "poweroff" : ending.mode);
}
