const pattern = /^(0|[1-9]\d*)\.(0|[1-9]\d*)\.(0|[1-9]\d*)(?:-([0-9A-Za-z.-]+))?(?:\+([0-9A-Za-z.-]+))?$/;

export interface SemanticVersion {
  readonly major: number;
  readonly minor: number;
  readonly patch: number;
}

/** A semantic version with or without a `v` before it; undefined for what is none. */
export function parseSemanticVersion(text: string): SemanticVersion | undefined {
  const match = pattern.exec(text.replace(/^v/, ''));
  return match === null ? undefined : { major: Number(match[1]), minor: Number(match[2]), patch: Number(match[3]) };
}

/** Negative where the first is older. */
export function compareSemanticVersions(left: SemanticVersion, right: SemanticVersion): number {
  return left.major - right.major || left.minor - right.minor || left.patch - right.patch;
}

/** With a `v` before it, as Cluster API keeps versions. */
export function withPrefix(version: string): string {
  return version.startsWith('v') ? version : `v${version}`;
}
