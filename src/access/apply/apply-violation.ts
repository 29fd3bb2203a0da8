import { type ManifestPath, printPath } from './read-manifest.ts';

/** One thing in a manifest that its author may not ask the gateway to write. */
export interface ApplyViolation {
  /** Name of the rule: `kind`, `serviceAccount`, or a control of Pod Security such as `hostPathVolumes`. */
  readonly rule: string;
  readonly path: ManifestPath;
  /** Names the place, what is allowed and what came. */
  readonly message: string;
}

export function violationOf(rule: string, path: ManifestPath, expected: string, got?: unknown): ApplyViolation {
  const came = got === undefined ? '' : `, got ${printValue(got)}`;
  return { rule, path, message: `${printPath(path)} ${expected}${came}` };
}

/** Short, and never more than a scalar: a manifest can hold anything. */
function printValue(value: unknown): string {
  if (Array.isArray(value)) return 'a list';
  if (typeof value === 'object' && value !== null) return 'an object';
  const text = JSON.stringify(value) ?? String(value);
  return text.length > 80 ? `${text.slice(0, 80)}…` : text;
}
