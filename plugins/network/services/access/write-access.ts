import { type ServiceObject, serviceKind, type WorkloadObject } from 'longshore/plugins/compute';
import {
  AnswerError,
  checkDeletion,
  dryRunTicket,
  type KubeObject,
  type OperationHandle,
  origin,
  PreconditionError,
  type RequestContext,
  ValidationError,
} from 'longshore/sdk';
import { deleteAsJudged, patchBalancer } from '../balancers/write-balancer.ts';
import { throwFirst, withInputPaths } from '../clusters/make-in-clusters.ts';
import { authoredManifest } from '../services/authored-manifest.ts';
import { mergePatch } from '../services/merge-patch.ts';
import { requireAccessRights } from './access-rights.ts';
import { accessOfAnnotation, linkedBalancer, losesBalancer } from './linked-balancer.ts';
import { type AccessAction, type AccessStep, accessOf } from './plan-access.ts';

/** What became of one Service: as it is now, or what stood against it. */
export interface AccessResult {
  readonly name: string;
  readonly action: AccessAction;
  readonly before: ServiceObject | undefined;
  /** Undefined where it was deleted or not written; in a preview as it would be. */
  readonly service: ServiceObject | undefined;
  readonly error: AnswerError | undefined;
  /** What the form makes, in a preview. */
  readonly manifest: object | undefined;
  readonly warnings: readonly string[];
}

/**
 * Makes the Services of a workload what the plan says: all are tried first, and where one is refused nothing is written. Then new and
 * changed ones are written one after the other; what fails leaves the others as they are, and then nothing is deleted, since what was
 * to take its place may be missing. Throws where nothing at all was written.
 */
export async function writeAccess(
  workload: WorkloadObject,
  steps: readonly AccessStep[],
  ticket: OperationHandle,
  context: RequestContext,
): Promise<readonly AccessResult[]> {
  const acting = steps.filter(({ action }) => action !== 'KEEP');
  if (ticket.isDryRun || acting.length > 1) {
    const of = ticket.isDryRun ? ticket : dryRunTicket;
    const tried = await Promise.all(steps.map((step) => take(step, workload, of, context)));
    throwFirst(tried);
    if (ticket.isDryRun) return tried;
  }
  const done: AccessResult[] = [];
  for (const step of steps) {
    const failed = step.action === 'DELETE' ? done.find(({ error }) => error) : undefined;
    done.push(failed ? spared(step, failed.name) : await take(step, workload, ticket, context));
  }
  const isWritten = done.some(({ action, error }) => action !== 'KEEP' && !error);
  if (!isWritten) throwFirst(done);
  return done;
}

const nothing = { service: undefined, error: undefined, manifest: undefined, warnings: [] } as const;

function spared({ name, action, existing }: AccessStep, failed: string): AccessResult {
  const message = `Service '${name}' stays, because '${failed}' could not be written`;
  return { ...nothing, name, action, before: existing, error: new PreconditionError('ACCESS_NOT_WRITTEN', message) };
}

async function take(
  step: AccessStep,
  workload: WorkloadObject,
  ticket: OperationHandle,
  context: RequestContext,
): Promise<AccessResult> {
  const { name, action, existing, plan } = step;
  const base = { ...nothing, name, action, before: existing };
  const manifest = ticket.isDryRun && plan && action !== 'KEEP' ? authoredManifest(plan.manifest) : undefined;
  try {
    if (action === 'KEEP') return { ...base, service: existing };
    if (action === 'DELETE') {
      await remove(step, workload, ticket, context);
      return base;
    }
    return { ...base, manifest, ...(await write(step, workload, ticket, context)) };
  } catch (error) {
    if (!(error instanceof AnswerError)) throw error;
    return { ...base, error };
  }
}

async function write(
  step: AccessStep,
  workload: WorkloadObject,
  ticket: OperationHandle,
  context: RequestContext,
): Promise<{ readonly service: ServiceObject; readonly warnings: readonly string[] }> {
  const { existing, plan } = step;
  let judged: unknown;
  try {
    if (!existing) {
      const writer = context.cluster(workload[origin].cluster).writer(context.principal);
      const { object, warnings } = await writer.create(ticket, serviceKind, plan?.manifest ?? {});
      return { service: object, warnings };
    }
    const { value, warnings = [] } = await patchBalancer(
      existing as KubeObject,
      (current) =>
        patchOf(step, current as ServiceObject, workload, context).catch((error: unknown) => {
          judged = error;
          throw error;
        }),
      ticket,
      context,
    );
    return { service: value as ServiceObject, warnings };
  } catch (error) {
    if (!(error instanceof AnswerError) || error === judged) throw error;
    throw withInputPaths(error, (path) => pathIn(step, plan?.inputPathOf(path) ?? path));
  }
}

const pathIn = ({ index }: AccessStep, path: readonly (string | number)[]) =>
  index === undefined ? [...path] : ['entries', index, ...path];

/** Decides anew on what the Service has become, by all the rules that its first plan was held to. */
async function patchOf(
  step: AccessStep,
  current: ServiceObject,
  workload: WorkloadObject,
  context: RequestContext,
): Promise<object> {
  const plan = current === step.existing ? step.plan : step.planOf(current);
  if (!plan) throw new Error('validated: an entry has a plan');
  if (current !== step.existing) {
    const issues = plan.issues.map((issue) => ({ ...issue, path: pathIn(step, issue.path) }));
    if (issues.length > 0) throw new ValidationError(issues);
    const profile = context.services.profiles.at({
      cluster: workload[origin].cluster,
      namespace: workload.metadata.namespace,
    });
    const [before, after] = [linkedBalancer(current, profile), linkedBalancer(plan.manifest, profile)];
    if (losesBalancer(before, after) && !losesBalancer(step.before, step.after)) {
      const message = `Service '${step.name}' has changed meanwhile, and would lose its load balancer now: look at it again`;
      throw new PreconditionError('ACCESS_NOT_WRITTEN', message);
    }
    requireAccessRights([{ ...step, existing: current, before, after }], workload, context);
    await checkDeletion(current as KubeObject, plan.manifest, context);
  }
  return mergePatch(current as never, plan.manifest);
}

async function remove(
  { existing }: AccessStep,
  workload: WorkloadObject,
  ticket: OperationHandle,
  context: RequestContext,
): Promise<void> {
  if (!existing) throw new Error('validated: what goes is there');
  await deleteAsJudged(
    existing as KubeObject,
    async (current) => {
      if (current.metadata.annotations?.[accessOfAnnotation] !== accessOf(workload)) {
        const message = `Service '${current.metadata.name}' is no access setting of this workload any more`;
        throw new PreconditionError('ACCESS_NOT_WRITTEN', message);
      }
      // NET-13: while something leads requests to it, it stays.
      await checkDeletion(current, undefined, context);
    },
    ticket,
    context,
  );
}
