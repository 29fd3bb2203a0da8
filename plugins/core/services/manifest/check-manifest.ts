import { isPlainObject } from './plain-value.ts';
import type { Path } from './to-plain-value.ts';

/** An object of a manifest that can be sent: it says what it is and how it is called. */
export interface ManifestObject {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: ManifestMetadata;
  readonly [field: string]: unknown;
}

export interface ManifestMetadata {
  readonly name: string;
  readonly namespace?: string;
  readonly [field: string]: unknown;
}

export interface ManifestIssue {
  /** Within the object. */
  readonly path: Path;
  readonly code: string;
  readonly message: string;
}

/** What every object must have before a cluster need be asked; the rest is the cluster's to judge. */
export function checkManifest(value: unknown): ManifestIssue[] {
  if (!isPlainObject(value)) {
    return [
      { path: [], code: 'not_an_object', message: 'A document must be a mapping with apiVersion, kind and metadata' },
    ];
  }
  const issues = [
    requiredText(value, ['apiVersion'], 'e.g. apps/v1'),
    requiredText(value, ['kind'], 'e.g. Deployment'),
  ];
  const { metadata } = value;
  if (!isPlainObject(metadata)) {
    const what = metadata === undefined || metadata === null ? 'metadata is missing' : 'metadata must be a mapping';
    issues.push({ path: ['metadata'], code: 'required', message: `${what}: at least metadata.name is needed` });
  } else {
    const hint =
      metadata.generateName === undefined
        ? 'the name of the object'
        : 'an object is applied by its name, generateName will not do';
    issues.push(requiredText(metadata, ['metadata', 'name'], hint));
    if (metadata.namespace !== undefined)
      issues.push(requiredText(metadata, ['metadata', 'namespace'], 'leave it out where there is none'));
    issues.push(...notTexts(metadata, 'labels'), ...notTexts(metadata, 'annotations'));
  }
  return issues.filter((issue) => issue !== undefined);
}

function requiredText(
  parent: Readonly<Record<string, unknown>>,
  path: readonly string[],
  hint: string,
): ManifestIssue | undefined {
  const value = parent[path.at(-1) ?? ''];
  const name = path.join('.');
  if (value === undefined || value === null || value === '') {
    return { path, code: 'required', message: `${name} is missing: ${hint}` };
  }
  if (typeof value === 'string') return undefined;
  return { path, code: 'not_a_text', message: `${name} must be a text, got ${describe(value)}${quoteHint(value)}` };
}

/** `country: no` is the boolean false: the most frequent mistake gets its own words. */
function notTexts(metadata: Readonly<Record<string, unknown>>, field: 'labels' | 'annotations'): ManifestIssue[] {
  const map = metadata[field];
  if (map === undefined || map === null) return [];
  const path = ['metadata', field];
  if (!isPlainObject(map))
    return [{ path, code: 'not_an_object', message: `metadata.${field} must be a mapping of texts` }];
  return Object.entries(map)
    .filter(([, value]) => typeof value !== 'string')
    .map(([key, value]) => ({
      path: [...path, key],
      code: 'not_a_text',
      message: `metadata.${field} must be texts, but ${key} is ${describe(value)}${quoteHint(value)}`,
    }));
}

function describe(value: unknown): string {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'a list';
  return typeof value === 'object' ? 'a mapping' : `the ${typeof value} ${String(value)}`;
}

const quoteHint = (value: unknown): string =>
  typeof value === 'boolean' || typeof value === 'number' ? '; quote it if it is text' : '';
