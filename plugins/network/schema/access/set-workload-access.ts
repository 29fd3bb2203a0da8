import {
  anyWorkloadKinds,
  serviceKind,
  serviceTypeRef,
  type WorkloadObject,
  workloadTypeRef,
} from 'longshore/plugins/compute';
import {
  answerOf,
  type ChangedThing,
  checkDeletion,
  diffFields,
  errorRef,
  type FieldBuilder,
  fieldChangeRef,
  idOfObject,
  type KubeObject,
  type LongshoreBuilder,
  type MutationOutcome,
  type MutationSuccess,
  type MutationTarget,
  NotFoundError,
  named,
  obstacleToChange,
  origin,
  PreconditionError,
  type RaisedWarning,
  type RequestContext,
  readObject,
  registerEnum,
  registerMutation,
  resolveNode,
  subjectOf,
  type TypeRef,
  typeRef,
  UpstreamError,
  type ValidationIssue,
} from 'longshore/sdk';
import type { AccessEntryForm } from '../../services/access/access-form.ts';
import { requireAccessRights } from '../../services/access/access-rights.ts';
import { losesBalancer, toldOfLostBalancer } from '../../services/access/linked-balancer.ts';
import { type AccessStep, accessActions, type PlannedAccess, planAccess } from '../../services/access/plan-access.ts';
import { type AccessResult, writeAccess } from '../../services/access/write-access.ts';
import { isServable } from '../../services/services/workload-labels.ts';
import { accessEntryInputRef } from './access-inputs.ts';

interface Planned extends PlannedAccess {
  readonly workload: WorkloadObject;
}

interface Written {
  readonly workload: WorkloadObject;
  readonly results: readonly AccessResult[];
}

const resultRef: TypeRef<AccessResult> = typeRef<AccessResult>('WorkloadAccessResult');
/** Most access settings of a workload, and most ports of one. */
const mostEntries = 20;
const mostPorts = 50;

/** All access settings of a workload in one mutation (NET-06, NET-08, NET-09). */
export function registerSetWorkloadAccess(builder: LongshoreBuilder): void {
  registerResult(builder);
  registerMutation(builder, {
    name: 'setWorkloadAccess',
    description:
      'Says by which Services a workload is reached: these and no others of its access settings. New ones are made, those that differ are changed, and those that are not named any more are deleted, unless something leads requests to them (`InUseError`, NET-13). Services that are nobody’s settings stay, and become settings when an entry has their name. The cluster tries all of it first: where it refuses one, nothing is written. Then each is written by itself; what fails leaves the others as they are, nothing is deleted then, and `results` say what stands. A load balancer that changes or goes has to be acknowledged (NET-08). `dryRun` is the preview.',
    allow: { action: 'UPDATE', subject: anyWorkloadKinds.map(subjectOf) },
    // CORE-24: as for deleteService, where Services go.
    mustConfirm: 'BY_PROFILE',
    consequence: 'Services that are not named any more are deleted, and cannot be restored.',
    inputOf: (id) => ({ id, entries: [] }),
    input: (t) => ({
      id: t.id({ required: true, description: "The workload's id." }),
      entries: t.field({
        type: [accessEntryInputRef],
        required: true,
        description: `All its access settings, up to ${mostEntries}; none for no access.`,
      }),
    }),
    success: {
      description: 'The access settings are written, all or some: `results` say which.',
      fields: (t: FieldBuilder<MutationSuccess<Written>>) => ({
        results: t.field({
          type: [resultRef],
          description: 'What became of each Service: those of the input in its order, then those that go.',
          resolve: ({ value }) => [...value.results] as never,
        }),
        workload: t.field({
          type: workloadTypeRef,
          description: 'The workload; its `access` is what is there now.',
          resolve: ({ value }) => value.workload as never,
        }),
      }),
    },
    validate: ({ entries }) => checkSize(entries as unknown as readonly AccessEntryForm[]),
    load: ({ id, entries }, context) =>
      loadPlanned(String(id), entries as unknown as readonly AccessEntryForm[], context),
    check: async (_input, { steps, issues, workload }, context) => {
      if (issues.length > 0) return issues;
      requireAccessRights(steps, workload, context);
      // Its Services are its own matter: while another plugin is at work on it, they are not changed either.
      const obstacle = await obstacleToChange(workload as KubeObject, context);
      if (obstacle) throw new PreconditionError(obstacle.reason, obstacle.message);
      return [];
    },
    warn: {
      codes: ['IN_USE', 'LOAD_BALANCER_CHANGES'],
      find: async (_input, { steps }, context) => [
        ...(await Promise.all(steps.map((step) => warnOfUsers(step, context)))).flat(),
        ...steps.flatMap(warnOfBalancer),
      ],
    },
    run: async (_input, { workload, steps, told }, ticket, context) =>
      outcomeOf(workload, await writeAccess(workload, steps, ticket, context), told),
    replay: async (node, context, { entries }): Promise<Written | null> => {
      if (!isServable(node)) return null;
      const { namespace = '' } = node.metadata;
      const { cluster } = node[origin];
      const results = entries.map(async ({ name }): Promise<AccessResult> => {
        const service = await readObject(context, serviceKind, cluster, namespace, name);
        const error = service ? undefined : new NotFoundError(`Service '${name}' is not there any more`);
        const rest = { before: undefined, manifest: undefined, warnings: [] };
        return { name, action: 'KEEP', service: service ?? undefined, error, ...rest };
      });
      return { workload: node, results: await Promise.all(results) };
    },
  });
}

function checkSize(entries: readonly AccessEntryForm[]): readonly ValidationIssue[] {
  if (entries.length > mostEntries) {
    const message = `entries must be up to ${mostEntries}, got ${entries.length}`;
    return [{ path: ['entries'], code: 'too_big', message }];
  }
  return entries.flatMap(({ ports }, index) => {
    if (ports.length <= mostPorts) return [];
    const message = `ports must have 1 to ${mostPorts} entries, got ${ports.length}`;
    return [{ path: ['entries', index, 'ports'], code: 'too_big', message }];
  });
}

async function loadPlanned(
  id: string,
  entries: readonly AccessEntryForm[],
  context: RequestContext,
): Promise<MutationTarget<Planned>> {
  const workload = await resolveNode(id, context);
  if (!isServable(workload)) throw new NotFoundError('There is no workload with this id');
  const { cluster } = workload[origin];
  const { namespace = '', name } = workload.metadata;
  const nothing: PlannedAccess = { steps: [], issues: [], told: [] };
  const isAllowed = context.access.allowed('UPDATE', workload as never);
  const plan = isAllowed ? await planIn(workload, entries, context) : nothing;
  return {
    value: { workload, ...plan },
    instance: workload as never,
    thing: plan.steps.some(({ action }) => action === 'DELETE') ? 'SERVICE' : 'WORKLOAD_ACCESS',
    record: {
      plugin: context.services.registry.kinds.get(subjectOf(workload[origin]))?.plugin ?? 'compute',
      type: workload.kind ?? '',
      id: idOfObject(workload as KubeObject),
      cluster,
      namespace,
      kind: workload.kind ?? '',
      name,
    },
  };
}

/** Throws `UpstreamError` where the Services that are there cannot be read: settings that shall go would stay in silence. */
async function planIn(
  workload: WorkloadObject,
  entries: readonly AccessEntryForm[],
  context: RequestContext,
): Promise<PlannedAccess> {
  const { cluster } = workload[origin];
  const { namespace = '' } = workload.metadata;
  const { items, problems } = await context.kube(cluster).list(serviceKind, { namespaces: [namespace] });
  const [problem] = problems.filter(({ staleSince }) => staleSince === undefined);
  if (problem) throw new UpstreamError(`cluster '${cluster}'`, problem.message);
  return planAccess(workload, entries, items, context.services.profiles.at({ cluster, namespace }));
}

/** NET-13, P41: throws `InUseError` where what goes is what requests are led to. */
async function warnOfUsers(
  { action, existing, plan, index }: AccessStep,
  context: RequestContext,
): Promise<readonly RaisedWarning[]> {
  if (!existing || action === 'KEEP') return [];
  const found = await checkDeletion(existing as KubeObject, plan?.manifest, context);
  return found.map((warning) => ({ ...warning, path: index === undefined ? ['entries'] : ['entries', index] }));
}

/** NET-08. */
function warnOfBalancer({ name, before, after, index }: AccessStep): readonly RaisedWarning[] {
  if (!losesBalancer(before, after)) return [];
  const path = index === undefined ? ['entries'] : ['entries', index, 'loadBalancer'];
  return [{ code: 'LOAD_BALANCER_CHANGES', message: toldOfLostBalancer(name), path }];
}

function outcomeOf(
  workload: WorkloadObject,
  results: readonly AccessResult[],
  told: readonly string[],
): MutationOutcome<Written> {
  const written = results.filter(({ action, error }) => action !== 'KEEP' && !error);
  const recorded = written.map(
    ({ before, service }): ChangedThing => ({
      before,
      after: service,
      object: idOfObject((service ?? before) as KubeObject),
    }),
  );
  const warnings = [...new Set([...told, ...results.flatMap((result) => result.warnings)])];
  return { value: { workload, results }, resultId: idOfObject(workload as KubeObject), recorded, warnings };
}

function registerResult(builder: LongshoreBuilder): void {
  registerEnum(builder, 'WorkloadAccessAction', 'What is done to the Service of an access setting.', accessActions);
  builder.objectType(resultRef, {
    description: 'What became of one access setting of a workload.',
    fields: (t) => ({
      name: t.exposeString('name', { description: 'Name of its Service.' }),
      action: t.field({
        type: named('WorkloadAccessAction'),
        description: 'What was to be done; KEEP for all that a repeated call tells of.',
        resolve: ({ action }) => action as never,
      }),
      ok: t.boolean({ description: 'Whether it stands as it shall.', resolve: ({ error }) => error === undefined }),
      error: t.field({
        type: errorRef,
        nullable: true,
        description: 'What stood against it; null where it is done.',
        resolve: ({ error }) => (error ? answerOf(error) : null),
      }),
      service: t.field({
        type: serviceTypeRef,
        nullable: true,
        description:
          'The Service as it is now, or in a dry run as it would be; null where it is gone or was not written.',
        resolve: ({ service }) => service ?? null,
      }),
      changes: t.field({
        type: [fieldChangeRef],
        description: 'What is different now, or in a dry run would be.',
        resolve: ({ before, service, error }) => (error ? [] : diffFields(before, service)),
      }),
      manifest: t.field({
        type: 'JSON',
        nullable: true,
        description: 'In a dry run what the settings make, without what the cluster fills in. Null otherwise.',
        resolve: ({ manifest }) => manifest ?? null,
      }),
    }),
  });
}
