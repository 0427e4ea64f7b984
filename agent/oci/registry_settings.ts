/** What the user says about registries. The configuration is mapped to this. */

export interface MirrorSettings {
  /** `http://10.0.0.1:8082`, `https://mirror.example/prefix`. */
  readonly url: string;
  /** It may say what a tag points to. Otherwise it gives only what a digest proves. */
  readonly resolvesTags: boolean;
}

export interface RegistrySettings {
  /** As references write it (`docker.io`, `10.0.2.2:5000`); `*`: every registry. */
  readonly host: string;
  /** https without verification and plain http are allowed, for every image from there. */
  readonly insecure: boolean;
  /** Asked in order, before the registry. */
  readonly mirrors: readonly MirrorSettings[];
  /** PEM texts of root certificates, in addition to those for everything. */
  readonly caCerts: readonly string[];
}
