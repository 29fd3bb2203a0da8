import { anyWorkloadKinds, type WorkloadObject, workloadTypeRef } from 'longshore/plugins/compute';
import {
  dryRunTicket,
  idOfObject,
  type KindRef,
  type KubeObject,
  type LongshoreBuilder,
  NotFoundError,
  objectSuccess,
  origin,
  patchAsRead,
  type RequestContext,
  registerMutation,
  resolveNode,
  subjectOf,
  systemPrincipal,
  type ValidationIssue,
  warnOfChange,
} from 'longshore/sdk';
import {
  groupNamesOf,
  groupsAnnotation,
  type SecurityGroupObject,
  securityGroupKind,
  vpcNameOfGroup,
} from '../../services/groups/group-kinds.ts';
import { groupOfId } from '../../services/groups/plan-group.ts';
import { vpcsOfPods } from '../../services/groups/vpcs-of-pods.ts';
import { isServable } from '../../services/services/workload-labels.ts';
import { requireKubeOvn } from '../../services/vpc/require-kube-ovn.ts';
import { displayNameOf } from '../../services/vpc/vpc-facts.ts';

/** Most groups of one workload. */
const mostGroups = 10;

/** Which security groups the pods of a workload are in (NET-32). */
export function registerSetSecurityGroups(builder: LongshoreBuilder): void {
  registerMutation(builder, {
    name: 'setSecurityGroups',
    description:
      'Says which security groups the pods of a workload are in: these and no others; none takes them out of all. Its pods are made anew for that, as by every change of their template. The groups are of the VPC that the pods lie in (NET-32).',
    allow: { action: 'UPDATE', subject: anyWorkloadKinds.map(subjectOf) },
    input: (t) => ({
      id: t.id({ required: true, description: "The workload's id." }),
      securityGroupIds: t.idList({ required: true, description: `Up to ${mostGroups} security groups, each once.` }),
    }),
    validate: ({ securityGroupIds: ids }) => {
      const refuse = (code: string, message: string) => [{ path: ['securityGroupIds'], code, message }];
      if (ids.length > mostGroups) {
        return refuse('too_big', `securityGroupIds must have up to ${mostGroups} entries, got ${ids.length}`);
      }
      return new Set(ids.map(String)).size < ids.length
        ? refuse('duplicate', 'securityGroupIds must not name one twice')
        : [];
    },
    load: async ({ id }, context) => {
      const node = await resolveNode(String(id), context);
      if (!isServable(node)) throw new NotFoundError('There is no workload with this id');
      const { cluster, kind } = node[origin];
      const { namespace, name } = node.metadata;
      return {
        value: node,
        instance: node as never,
        record: { plugin: 'compute', type: kind, id: idOfObject(node as KubeObject), cluster, namespace, kind, name },
      };
    },
    check: ({ securityGroupIds }, workload, context) => {
      requireKubeOvn(context.cluster(workload[origin].cluster));
      return checkGroups(securityGroupIds.map(String), workload, context);
    },
    ...warnOfChange(builder, (_input: object, workload: WorkloadObject) => workload),
    run: async ({ securityGroupIds }, workload, ticket, context) => {
      const { cluster, ...kind } = workload[origin];
      const { namespace, name, uid } = workload.metadata;
      const writer = context.cluster(cluster).writer(context.principal);
      const names = securityGroupIds.map((id) => groupOfId(String(id)).name ?? '').sort();
      const write = (patch: object, resourceVersion?: string, how = ticket) =>
        writer.patch(how, kind as KindRef, namespace, name, patch, {
          uid,
          ...(resourceVersion === undefined ? {} : { resourceVersion }),
        });
      const { object, before, warnings } = await patchAsRead<WorkloadObject>({
        object: workload,
        patchOf: (current) => patchOf(current, names),
        write,
        readLive: async () => (await write({}, undefined, dryRunTicket)).object as never,
      });
      return {
        value: object as unknown as WorkloadObject,
        resultId: idOfObject(workload as KubeObject),
        before,
        after: object,
        warnings,
      };
    },
    replay: (node): WorkloadObject | null => (isServable(node) ? node : null),
    success: objectSuccess('The pods are made anew in these groups.', 'workload', workloadTypeRef as never) as never,
  });
}

function patchOf(workload: WorkloadObject, names: readonly string[]): object {
  if (names.join() === [...groupNamesOf(workload)].sort().join()) return {};
  const template = { metadata: { annotations: { [groupsAnnotation]: names.length > 0 ? names.join(',') : null } } };
  return { spec: workload[origin].kind === 'CronJob' ? { jobTemplate: { spec: { template } } } : { template } };
}

/** Groups that are there for the caller, of the VPC that the pods lie in: those of another one would have no effect there. */
async function checkGroups(
  ids: readonly string[],
  workload: WorkloadObject,
  context: RequestContext,
): Promise<readonly ValidationIssue[]> {
  const { cluster: at } = workload[origin];
  const groups = await Promise.all(
    ids.map(async (id): Promise<SecurityGroupObject | undefined> => {
      const { name, cluster } = groupOfId(id);
      if (name === undefined || cluster !== at) return undefined;
      const group = await context.kube(at).get(securityGroupKind, undefined, name);
      return group && context.access.allowed('READ', group) ? group : undefined;
    }),
  );
  const vpcs = await vpcsOfPods(workload, context.cluster(at).reader(systemPrincipal, context.signal));
  return groups.flatMap((group, index) => {
    const path = ['securityGroupIds', index];
    if (!group) {
      return [
        { path, code: 'unknown_group', message: 'securityGroupIds must name security groups of the same cluster' },
      ];
    }
    if (group.metadata.deletionTimestamp) {
      return [{ path, code: 'group_going', message: `Security group '${displayNameOf(group)}' is being deleted` }];
    }
    const vpc = vpcNameOfGroup(group);
    if (vpc === undefined || vpcs.has(vpc)) return [];
    const message = `Security group '${displayNameOf(group)}' is for a VPC that these pods do not lie in`;
    return [{ path, code: 'other_vpc', message }];
  });
}
