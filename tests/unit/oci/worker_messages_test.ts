import { describe, expect, it } from "vitest";
import { ArchiveError, SyscallError } from "../../../agent/errors.ts";
import { packError, unpackError } from "../../../agent/oci/worker_messages.ts";

/** Over to the other side and back, by what structured cloning keeps. */
const cross = (error: unknown) => unpackError(structuredClone(packError(error)));

describe("errors that cross to another thread", () => {
  it("keep class and fields: ArchiveError", () => {
    const cause = new SyscallError("make", "a/b", "ENAMETOOLONG");
    const error = cross(new ArchiveError("a/b", "too long", { cause, hint: "shorten it" }));
    expect(error).toBeInstanceOf(ArchiveError);
    expect(error.message).toBe("Cannot unpack a/b: too long");
    expect(error).toMatchObject({ entry: "a/b", hint: "shorten it" });
    expect(error.cause).toBeInstanceOf(SyscallError);
    expect(error.cause).toMatchObject({ call: "make", path: "a/b", code: "ENAMETOOLONG" });
  });

  it("keep class and fields: ArchiveError of the archive as a whole", () => {
    const error = cross(new ArchiveError("", "cut off"));
    expect(error).toMatchObject({ entry: "", message: "Cannot unpack archive: cut off" });
  });

  it("keep class and fields: SyscallError", () => {
    const error = cross(new SyscallError("write", "x", "ENOSPC"));
    expect(error).toBeInstanceOf(SyscallError);
    expect(error).toMatchObject({ message: "Cannot write x: ENOSPC", code: "ENOSPC" });
    expect(error.cause).toBe(undefined);
  });

  it("keep the message of others, and of what is no error", () => {
    expect(cross(new TypeError("odd")).message).toBe("odd");
    expect(cross("odd").message).toBe("odd");
  });

  it("end, though their causes go in circles", () => {
    const error = new Error("a");
    error.cause = error;
    expect(cross(error).message).toBe("a");
  });
});
