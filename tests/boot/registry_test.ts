import { pushImage } from "../../initramfs/host/images.ts";
import type { BootCase } from "../support/boot_case.ts";
import { corruptLargestBlob } from "../support/corrupt_blob.ts";
import { describeBoots } from "../support/describe_boots.ts";

/** As podman has it: the container could not be made. */
const NOT_STARTED = 125;

const CASES: readonly BootCase[] = [
  {
    name: "an image that is not there",
    runs: ["--tls-verify=false docker://REGISTRY/demo:nothing"],
    console: [/Cannot .*\/demo:nothing/, "safe to turn off"],
    status: NOT_STARTED,
  },
  {
    name: "a registry that is not there",
    // Port 1 of the host: nobody listens.
    runs: ["--tls-verify=false docker://10.0.2.2:1/demo:latest"],
    console: [/refused/i, "safe to turn off"],
    status: NOT_STARTED,
  },
  {
    name: "a layer that is not what its digest says",
    runs: ["--tls-verify=false docker://REGISTRY/broken:latest"],
    console: [/wanted sha256:[0-9a-f]{64}, got sha256:/, "safe to turn off"],
    never: ["Hello from the container"],
    status: NOT_STARTED,
  },
];

describeBoots("registry", CASES, async ({ image, registry }) => {
  await pushImage(image, registry, "broken:latest");
  await corruptLargestBlob(registry.folder);
});
