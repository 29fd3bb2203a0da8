import type { CaseContext } from './case-context.ts';
import type { Answer } from './cluster-client.ts';
import type { Json } from './json.ts';
import { type ServedDefinition, serveDefinition } from './serve-definition.ts';

/** Where definitions are. */
export const definitions = '/apis/apiextensions.k8s.io/v1/customresourcedefinitions';

/** One version, `v1`, with a schema for spec and whatever else the version has. */
export function versionWith(spec: Json, more: Json = {}, root: Json = {}): Json {
  const schema = { openAPIV3Schema: { type: 'object', properties: { spec, ...root } } };
  return { name: 'v1', served: true, storage: true, schema, ...more };
}

/** A schema of an object with these properties. */
export const objectOf = (properties: Json, more: Json = {}): Json => ({ type: 'object', properties, ...more });

/** A custom resource of a case's own, and where its objects are. */
export interface Kind extends ServedDefinition {
  readonly namespace: string;
  create(spec: Json, query?: Record<string, string>, more?: Json): Promise<Answer>;
  readonly at: (name: string) => string;
}

/** Serves one version, `versionWith(…)`, and makes its objects in a namespace of the case: `x1`, `x2`, … */
export async function serveKind(t: CaseContext, kind: string, version: Json, more: Json = {}): Promise<Kind> {
  const namespace = await t.namespace();
  const served = await serveDefinition(t, kind, { versions: [version], ...more });
  let count = 0;
  return {
    ...served,
    namespace,
    at: (name) => `${served.path(namespace)}/${name}`,
    create(spec, query, rest = {}) {
      count += 1;
      const metadata = { name: `x${count}`, ...rest.metadata };
      return t.api.create(
        served.path(namespace),
        { apiVersion: `${served.group}/v1`, kind, spec, ...rest, metadata },
        query,
      );
    },
  };
}
