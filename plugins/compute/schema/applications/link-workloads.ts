import {
  type LongshoreBuilder,
  NotFoundError,
  origin,
  PreconditionError,
  type RaisedWarning,
  type RequestContext,
  registerMutation,
  resolveNodes,
  type ValidationIssue,
} from 'longshore/sdk';
import { type Application, applicationSubject, type WorkloadObject } from '../../api.ts';
import {
  applicationLabelAt,
  applicationNameOf,
  belongsToApplication,
  isInPlace,
} from '../../services/applications/application-members.ts';
import { instanceOfApplication, isApplication, recordTargetOf } from '../../services/applications/applications.ts';
import { isOwnedByWorkload, isWorkload } from '../../services/workload-kinds.ts';
import { patchWorkload } from '../patch-workload.ts';
import { type ApplicationWithResults, applicationWithResults, changesOf } from './application-operations.ts';
import { doToWorkloads, requireOnEach } from './do-to-workloads.ts';
import { findApplication, membershipRules, visibleApplications } from './load-applications.ts';

/** Most workloads of one call. */
const mostAtOnce = 100;

/**
 * Linking existing workloads to an application, and taking them out again (CMP-41): by the label of their place's profile at the
 * workload itself. Its pods are not labelled: that would replace them.
 */
export function registerLinkWorkloads(builder: LongshoreBuilder): void {
  registerMutation(builder, {
    name: 'linkWorkloads',
    description:
      'Links existing workloads to an application, by its label (`label.application` of the profile) on each; their pods go on. Refused for all with `OUTSIDE_APPLICATION` where one is not where the application is, with `IN_ANOTHER_APPLICATION`, and with `MANAGED_BY_OWNER`. Where one names something else that is no application, the warning `APPLICATION_LABEL_REPLACED` must be acknowledged (CMP-41).',
    allow: { action: 'UPDATE', subject: applicationSubject },
    input: (t) => ({
      id: t.id({ required: true, description: "The application's global id." }),
      workloadIds: t.idList({
        required: true,
        description: `Global ids of workloads, 1 to ${mostAtOnce}, none of them twice.`,
      }),
    }),
    validate: ({ workloadIds }) => checkIds(workloadIds),
    load: ({ id }, context) => loadTarget(String(id), context),
    warn: {
      codes: ['APPLICATION_LABEL_REPLACED'],
      find: async ({ workloadIds }, application, context) =>
        findReplaced(application, await loadWorkloads(workloadIds, context), context),
    },
    success: { description: 'The workloads belong to the application.', fields: applicationWithResults },
    run: async ({ workloadIds }, application, ticket, context) => {
      const workloads = await loadWorkloads(workloadIds, context);
      requireOnEach('UPDATE', workloads, context);
      const results = await doToWorkloads(workloads, (workload) =>
        patchWorkload(workload, (current) => labelPatch(current, application.name, context), ticket, context),
      );
      return { value: { application, results }, resultId: application.id, recorded: changesOf(results) };
    },
    replay: asResult,
  });
  registerMutation(builder, {
    name: 'unlinkWorkloads',
    description:
      'Takes workloads out of an application, by removing its label from each; they and their pods go on. Refused for all with `NOT_IN_APPLICATION` where one does not belong to it (CMP-41).',
    allow: { action: 'UPDATE', subject: applicationSubject },
    input: (t) => ({
      id: t.id({ required: true, description: "The application's global id." }),
      workloadIds: t.idList({
        required: true,
        description: `Global ids of workloads, 1 to ${mostAtOnce}, none of them twice.`,
      }),
    }),
    validate: ({ workloadIds }) => checkIds(workloadIds),
    load: ({ id }, context) => loadTarget(String(id), context),
    success: { description: 'The workloads belong to it no more.', fields: applicationWithResults },
    run: async ({ workloadIds }, application, ticket, context) => {
      const workloads = await loadWorkloads(workloadIds, context);
      const rules = membershipRules(context);
      const other = workloads.find((workload) => !belongsToApplication(application, workload, rules));
      if (other) {
        const message = `${titleOf(other)} does not belong to '${application.name}'`;
        throw new PreconditionError('NOT_IN_APPLICATION', message);
      }
      requireOnEach('UPDATE', workloads, context);
      const results = await doToWorkloads(workloads, (workload) =>
        patchWorkload(workload, (current) => labelPatch(current, null, context), ticket, context),
      );
      return { value: { application, results }, resultId: application.id, recorded: changesOf(results) };
    },
    replay: asResult,
  });
}

const asResult = (node: unknown): ApplicationWithResults | null =>
  isApplication(node) ? { application: node, results: [] } : null;

const titleOf = ({ kind, metadata }: WorkloadObject): string => `${kind} '${metadata.name}'`;

function checkIds(ids: readonly (string | number)[]): readonly ValidationIssue[] {
  const refuse = (code: string, message: string) => [{ path: ['workloadIds'], code, message }];
  if (ids.length === 0) return refuse('too_small', `workloadIds must have 1 to ${mostAtOnce} entries, got 0`);
  if (ids.length > mostAtOnce) {
    return refuse('too_big', `workloadIds must have 1 to ${mostAtOnce} entries, got ${ids.length}`);
  }
  return new Set(ids.map(String)).size < ids.length ? refuse('duplicate', 'workloadIds must not name one twice') : [];
}

async function loadTarget(id: string, context: RequestContext) {
  const application = await findApplication(id, context);
  return {
    value: application,
    instance: instanceOfApplication(application),
    record: recordTargetOf(application),
  };
}

/** As this caller sees them; asked only once it is known that the application is theirs to change. */
async function loadWorkloads(ids: readonly (string | number)[], context: RequestContext) {
  return (await resolveNodes(ids.map(String), context)).map((node) => {
    if (!isWorkload(node)) throw new NotFoundError('There is no workload with one of these ids');
    return node;
  });
}

async function requireLinkable(
  application: Application,
  workloads: readonly WorkloadObject[],
  context: RequestContext,
): Promise<void> {
  const rules = membershipRules(context);
  const known = await visibleApplications(context);
  for (const workload of workloads) {
    const { cluster } = workload[origin];
    const { namespace = '' } = workload.metadata;
    if (
      !isInPlace(application, cluster, namespace, rules) ||
      applicationLabelAt(rules.profiles, cluster, namespace) === undefined
    ) {
      throw new PreconditionError('OUTSIDE_APPLICATION', `${titleOf(workload)} is not where '${application.name}' is`);
    }
    if (isOwnedByWorkload(workload)) {
      const message = `${titleOf(workload)} is made by another workload: link that`;
      throw new PreconditionError('MANAGED_BY_OWNER', message);
    }
    const other = known.find((each) => each.id !== application.id && belongsToApplication(each, workload, rules));
    if (other) {
      const message = `${titleOf(workload)} belongs to '${other.name}': unlink it there first`;
      throw new PreconditionError('IN_ANOTHER_APPLICATION', message);
    }
  }
}

/** What names something that is no application here: a chart's own label, perhaps. */
async function findReplaced(
  application: Application,
  workloads: readonly WorkloadObject[],
  context: RequestContext,
): Promise<readonly RaisedWarning[]> {
  // What cannot be done at all is not asked about.
  await requireLinkable(application, workloads, context);
  const { profiles } = context.services;
  return workloads.flatMap((workload, index) => {
    const name = applicationNameOf(workload, profiles);
    if (name === undefined || name === application.name) return [];
    const message = `${titleOf(workload)} is labelled '${name}', which will be replaced by '${application.name}'.`;
    return [{ code: 'APPLICATION_LABEL_REPLACED', message, path: ['workloadIds', index] }];
  });
}

function labelPatch(workload: WorkloadObject, name: string | null, context: RequestContext): object {
  const { cluster } = workload[origin];
  const label = applicationLabelAt(context.services.profiles, cluster, workload.metadata.namespace ?? '');
  return label === undefined ? {} : { metadata: { labels: { [label]: name } } };
}
