import type { CaseContext } from './case-context.ts';
import type { Answer } from './cluster-client.ts';
import type { Json } from './json.ts';
import { definitions } from './serve-kind.ts';

/** Sends a definition that is wrong, and keeps nothing of it. */
export async function refusedDefinition(t: CaseContext, spec: Json): Promise<Answer> {
  const group = `${t.name('bad')}.example.com`;
  return t.api.create(
    definitions,
    {
      apiVersion: 'apiextensions.k8s.io/v1',
      kind: 'CustomResourceDefinition',
      metadata: { name: `knobs.${group}` },
      spec: { group, scope: 'Namespaced', names: { kind: 'Knob', plural: 'knobs' }, ...spec },
    },
    { dryRun: 'All' },
  );
}
