import { type RequestContext, resolveNode, type ValidationIssue } from 'longshore/sdk';
import type { AppService } from '../../api.ts';
import { isAppService } from './app-services.ts';
import type { DeploymentInput } from './version-input.ts';
import type { ServiceAffinity, ServiceName } from './version-spec.ts';

/** Each is a rule of every pod. */
const mostNamed = 20;

/** The app services that a version keeps near or away from (REL-07): those of the same cluster that the caller may see. */
export async function findServices(
  { cluster }: Pick<AppService, 'cluster'>,
  input: DeploymentInput | null | undefined,
  before: ServiceAffinity | undefined,
  context: RequestContext,
): Promise<{ readonly affinity: ServiceAffinity; readonly issues: readonly ValidationIssue[] }> {
  const issues: ValidationIssue[] = [];
  async function named(field: 'sameNodeAs' | 'differentNodeFrom', stays: readonly ServiceName[] = []) {
    const ids = input?.[field];
    if (!ids) return stays;
    const path = ['deployment', field];
    if (ids.length > mostNamed) {
      const message = `${field} has ${mostNamed} app services at the most, not ${ids.length}`;
      issues.push({ path, code: 'too_many', message });
      return stays;
    }
    const nodes = await Promise.all(ids.map((id) => resolveNode(String(id), context)));
    return nodes.flatMap((node, index): ServiceName[] => {
      if (isAppService(node) && node.cluster === cluster) return [{ namespace: node.namespace, name: node.name }];
      const message = `There is no app service with this id in the cluster '${cluster}'`;
      issues.push({ path: [...path, index], code: 'not_found', message });
      return [];
    });
  }
  const affinity = {
    sameNode: await named('sameNodeAs', before?.sameNode),
    differentNode: await named('differentNodeFrom', before?.differentNode),
  };
  return { affinity, issues };
}
