import type { BootCase } from "../support/boot_case.ts";
import { describeBoots } from "../support/describe_boots.ts";

const CASES: readonly BootCase[] = [
  {
    name: "a shell on the console",
    // Quotes: the prompt does not look like the command line, which the console shows.
    runs: ["-ti -e QUIET=1 -e PS1=RE''ADY --tls-verify=false docker://REGISTRY/demo:latest sh"],
    console: [
      "READY",
      { type: "tty\r" },
      /\r\n\/dev\/\S+\r*\n/,
      "READY",
      { type: "stty size\r" },
      /^24 80\r*$/m,
      "READY",
      { type: "echo wa''iting; read -r word\r" },
      // From here on the kernel edits the line, not the shell.
      "waiting\r\n",
      { type: "typed\x7f\x7fical\r" },
      { type: 'echo "got $word"\r' },
      /^got typical\r*$/m,
      "READY",
      // Ctrl-C is the container's: it ends the command, not the shell.
      { type: "echo sle''eping; sleep 100\r" },
      "sleeping\r\n",
      { type: "\x03" },
      "READY",
      { type: "exit 7\r" },
    ],
    status: 7,
  },
];

describeBoots("terminal", CASES);
