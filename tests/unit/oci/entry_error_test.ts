import { describe, expect, it } from "vitest";
import { ArchiveError, SyscallError } from "../../../agent/errors.ts";
import { entryError } from "../../../agent/oci/entry_error.ts";
import { toBytes } from "../../support/tar_bytes.ts";

describe("entryError", () => {
  it("blames the archive for what only it can bring about", () => {
    const error = entryError("make link", { name: toBytes("a\n") }, -36);
    expect(error).toBeInstanceOf(ArchiveError);
    expect(error.message).toBe(
      "Cannot unpack a\\x0a: its path is too long (make link: ENAMETOOLONG)",
    );
    expect(error.cause).toBeInstanceOf(SyscallError);
  });

  it("blames the machine for the rest", () => {
    const error = entryError("write", { name: toBytes("a") }, -28);
    expect(error).toBeInstanceOf(SyscallError);
    expect(error.message).toBe("Cannot write a: ENOSPC");
  });
});
