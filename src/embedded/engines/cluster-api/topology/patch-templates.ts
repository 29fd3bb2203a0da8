import { readPath } from '../../../machinery/json.ts';
import { applyJsonPatch } from '../../../machinery/json-patch.ts';
import type { ClassPatch, ClusterClass, Template, TopologyVariable } from '../kinds.ts';

/** What a template is for: patches select by it. */
export type TemplateUse =
  | { readonly kind: 'infrastructureCluster' }
  | { readonly kind: 'controlPlane' }
  | { readonly kind: 'workers'; readonly class: string };

/**
 * The template with the patches of its class that select it, in their order. Throws an Error of one sentence where a
 * variable has no value or a patch cannot be carried out.
 */
export function patchTemplate(
  template: Template,
  use: TemplateUse,
  { spec }: ClusterClass,
  variables: ReadonlyMap<string, unknown>,
): Template {
  let patched = template;
  for (const { name, definitions = [] } of spec.patches ?? []) {
    for (const { selector, jsonPatches } of definitions) {
      if (!isSelected(selector, template, use)) continue;
      const operations = jsonPatches.map(({ op, path, value, valueFrom }) => ({
        op,
        path,
        ...(op === 'remove'
          ? {}
          : { value: valueFrom?.variable === undefined ? value : variableAt(valueFrom.variable, variables) }),
      }));
      try {
        patched = applyJsonPatch(patched, operations) as Template;
      } catch (cause) {
        const why = cause instanceof Error ? cause.message : String(cause);
        throw new Error(`failed to apply patch "${name}" to ${template.kind} ${template.metadata.name}: ${why}`, {
          cause,
        });
      }
    }
  }
  return patched;
}

type Selector = NonNullable<ClassPatch['definitions']>[number]['selector'];

function isSelected({ apiVersion, kind, matchResources }: Selector, template: Template, use: TemplateUse): boolean {
  if (kind !== template.kind || apiVersion !== template.apiVersion) return false;
  if (use.kind === 'infrastructureCluster') return matchResources.infrastructureCluster === true;
  if (use.kind === 'controlPlane') return matchResources.controlPlane === true;
  return (matchResources.machineDeploymentClass?.names ?? []).some((name) => matchesName(name, use.class));
}

/** A name, or one with `*` at its beginning or end. */
function matchesName(pattern: string, name: string): boolean {
  if (pattern === '*') return true;
  if (pattern.startsWith('*')) return name.endsWith(pattern.slice(1));
  return pattern.endsWith('*') ? name.startsWith(pattern.slice(0, -1)) : name === pattern;
}

function variableAt(path: string, variables: ReadonlyMap<string, unknown>): unknown {
  const [name = '', ...rest] = path.split('.');
  const value = rest.length === 0 ? variables.get(name) : readPath(variables.get(name), ...rest);
  if (value === undefined) throw new Error(`variable "${path}" has no value`);
  return value;
}

/** Variables of the cluster, and over them those of one of its parts. */
export function mergeVariables(
  values: readonly TopologyVariable[] | undefined,
  overrides: readonly TopologyVariable[] | undefined,
): Map<string, unknown> {
  return new Map([...(values ?? []), ...(overrides ?? [])].map(({ name, value }) => [name, value]));
}
