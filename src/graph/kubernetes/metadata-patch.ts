import type { ValidationIssue } from '../../kernel/answer-error.ts';
import { isLabelKey, isLabelValue } from './label-syntax.ts';

/** What to set and what to take away of a map of labels or annotations. */
export interface MapChange {
  readonly set: readonly { readonly key: string; readonly value: string }[];
  readonly remove: readonly string[];
}

/** Written by Kubernetes, its tools and this platform for themselves. */
const reserved = [
  /^deployment\.kubernetes\.io\//,
  /^kubectl\.kubernetes\.io\/last-applied-configuration$/,
  /^longshore\.dev\//,
  /^apps\.kruise\.io\//,
];

/** What is wrong with a change of labels or annotations by itself (CMP-62). */
export function checkMapChange(field: 'labels' | 'annotations', { set, remove }: MapChange): ValidationIssue[] {
  const removeField = field === 'labels' ? 'removeLabels' : 'removeAnnotations';
  const named = [
    ...set.map((entry, index) => ({ key: entry.key, path: [field, index, 'key'] })),
    ...remove.map((name, index) => ({ key: name, path: [removeField, index] })),
  ];
  const seen = new Set<string>();
  const issues: ValidationIssue[] = named.flatMap(({ key: name, path }): ValidationIssue[] => {
    const isTwice = seen.has(name);
    seen.add(name);
    if (isTwice) return [{ path, code: 'duplicate', message: `'${name}' stands here twice` }];
    if (reserved.some((pattern) => pattern.test(name))) {
      return [{ path, code: 'reserved', message: `'${name}' is written by the platform itself` }];
    }
    if (isLabelKey(name)) return [];
    const message = `${path.join('.')} must be a name of up to 63 letters, digits, '-', '_' and '.', with a DNS prefix and '/' before it or not`;
    return [{ path, code: 'invalid_key', message }];
  });
  if (field === 'annotations') return issues;
  const values = set.flatMap(({ value }, index): ValidationIssue[] =>
    isLabelValue(value)
      ? []
      : [
          {
            path: [field, index, 'value'],
            code: 'invalid_value',
            message: `labels.${index}.value must be up to 63 letters, digits, '-', '_' and '.', beginning and ending with a letter or digit`,
          },
        ],
  );
  return [...issues, ...values];
}

/** As a JSON merge patch of the map; undefined where nothing is to be done. */
export function mapPatch({ set, remove }: MapChange): Readonly<Record<string, string | null>> | undefined {
  if (set.length === 0 && remove.length === 0) return undefined;
  return Object.fromEntries([
    ...remove.map((name) => [name, null]),
    ...set.map(({ key: name, value }) => [name, value]),
  ]);
}
