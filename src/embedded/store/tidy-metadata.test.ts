import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../machinery/json.ts';
import { tidyMetadata } from './tidy-metadata.ts';

const owner = (uid: string, extra: JsonObject = {}): JsonObject => ({
  apiVersion: 'v1',
  kind: 'ConfigMap',
  name: 'owner',
  uid,
  ...extra,
});

function tidied(metadata: JsonObject): { readonly metadata: JsonObject; readonly warnings: readonly string[] } {
  const warnings: string[] = [];
  const draft = structuredClone(metadata);
  tidyMetadata(draft, (sentence) => warnings.push(sentence));
  return { metadata: draft, warnings };
}

describe('tidyMetadata', () => {
  it('takes out lists and maps with nothing in them', () => {
    const empty = { name: 'a', labels: {}, annotations: {}, finalizers: [], ownerReferences: [] };
    expect(tidied(empty)).toEqual({ metadata: { name: 'a' }, warnings: [] });
  });

  it('keeps an owner that is named twice once, and warns', () => {
    const { metadata, warnings } = tidied({ ownerReferences: [owner('x'), owner('y'), owner('x')] });
    expect(metadata).toEqual({ ownerReferences: [owner('x'), owner('y')] });
    expect(warnings).toEqual([expect.stringMatching(/duplicate UID\(s\) observed: x$/)]);
  });

  it('keeps two references to one owner that differ (refused)', () => {
    const metadata = { ownerReferences: [owner('x'), owner('x', { controller: true })] };
    expect(tidied(metadata)).toEqual({ metadata, warnings: [] });
  });

  it('compares no reference with each of the others', () => {
    const ownerReferences = Array.from({ length: 30_000 }, (_, at) => owner(`u${at}`));
    const began = performance.now();
    expect(tidied({ ownerReferences }).warnings).toEqual([]);
    expect(performance.now() - began).toBeLessThan(2000);
  });
});
