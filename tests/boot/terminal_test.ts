import type { BootCase } from "../support/boot_case.ts";
import { describeBoots } from "../support/describe_boots.ts";

const CASES: readonly BootCase[] = [
  {
    name: "a shell on the console",
    runs: ["-ti -e QUIET=1 -e PS1=READY --tls-verify=false docker://REGISTRY/demo:latest sh"],
    console: [
      "READY",
      { type: "tty\r" },
      /\r\n\/dev\/\S+\r*\n/,
      "READY",
      { type: "read -r word\r" },
      { type: "typed\x7f\x7fical\r" },
      { type: 'echo "got $word"\r' },
      /^got typical\r*$/m,
      "READY",
      // Ctrl-C is the container's: it ends the command, not the shell.
      { type: "sleep 100\r" },
      "sleep 100\r\n",
      { type: "\x03" },
      "READY",
      { type: "exit 7\r" },
      "pipeline status: 7",
    ],
    status: 7,
  },
];

describeBoots("terminal", CASES);
