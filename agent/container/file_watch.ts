/** Waits for a file that another process is going to make. */
import { isPresent } from "./optional_file.ts";

export interface FileWatch {
  /** True when the file was there before the watch was given up. */
  readonly appeared: Promise<boolean>;
  /** Gives up. */
  close(): void;
}

/** Watches a folder for a file of that name. */
export function watchForFile(folder: string, name: string): FileWatch {
  const path = `${folder}/${name}`;
  const watcher = Deno.watchFs(folder, { recursive: false });
  let isOpen = true;
  const close = () => {
    if (isOpen) watcher.close();
    isOpen = false;
  };
  const watch = async () => {
    const events = watcher[Symbol.asyncIterator]();
    while (!isPresent(path)) {
      if ((await events.next()).done) return isPresent(path);
    }
    close();
    return true;
  };
  return { appeared: watch(), close };
}
