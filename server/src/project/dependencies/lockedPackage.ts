import type { Answer } from '../answer';
import type { Span } from '../span';
import type { Marker } from './marker';
import type { WheelName } from './wheelName';

/** A lock file of any tool: what it pins, with the place of each. */
export interface LockFile {
  readonly kind: 'uv' | 'poetry' | 'pylock' | 'pipfile';
  /** The interpreters the lock was made for, as a version specifier. */
  readonly requiresPython: string | undefined;
  readonly packages: readonly LockedPackage[];
}

export interface LockedPackage {
  /** Normalised. */
  readonly name: string;
  readonly nameSpan: Span;
  /** Absent for a package built from the project itself or from a folder. */
  readonly version: Answer<string>;
  readonly versionSpan: Span | undefined;
  readonly source: LockedSource;
  /** The package is in this fork of the resolution only where one of these holds; empty: everywhere. */
  readonly forks: readonly Marker[];
  readonly dependencies: readonly LockedDependency[];
  readonly extras: ReadonlyMap<string, readonly LockedDependency[]>;
  /** Development groups of a project's own package. */
  readonly groups: ReadonlyMap<string, readonly LockedDependency[]>;
  /** Groups of the project that need the package, where the lock says so (Poetry 2, Pipfile). */
  readonly neededBy: readonly string[] | undefined;
  /** Only installed for an extra (Poetry). */
  readonly optional: boolean;
  /** Read when asked for: most of a lock file's bytes are here. */
  readonly files: readonly LockedFile[];
}

export type LockedSource =
  | { readonly kind: 'registry'; readonly url: string }
  | { readonly kind: 'url' | 'git' | 'path'; readonly url: string }
  /** The project itself, or a member of its workspace. */
  | { readonly kind: 'project'; readonly url: string }
  | { readonly kind: 'unknown' };

export interface LockedDependency {
  readonly name: string;
  readonly nameSpan: Span;
  /** Given where the lock holds several versions of the name. */
  readonly version: string | undefined;
  readonly extras: readonly string[];
  readonly marker: Marker | undefined;
  readonly optional: boolean;
}

export interface LockedFile {
  readonly fileName: string;
  readonly url: string | undefined;
  /** Bytes to download; undefined where the lock does not say. */
  readonly sizeBytes: number | undefined;
  /** `sha256:...`. */
  readonly hash: string | undefined;
  /** Undefined for a source distribution. */
  readonly wheel: WheelName | undefined;
  readonly span: Span;
}
