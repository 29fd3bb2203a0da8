import {
  checkDeletion,
  type Instance,
  idOfObject,
  type KubeObject,
  type LongshoreBuilder,
  PreconditionError,
  type RequestContext,
  registerMutation,
} from 'longshore/sdk';
import { type Stack, type StackScale, stackSubject } from '../../api.ts';
import { isOfStack } from '../../services/stacks/is-of-stack.ts';
import { type PlannedStack, planStack, type StackRequest } from '../../services/stacks/plan-stack.ts';
import { keyOf, objectsOf, type StackObject } from '../../services/stacks/stack-plan.ts';
import { instanceOfStack, isStack, recordTargetOfStack, type StackRow } from '../../services/stacks/stacks.ts';
import { stacksServiceRef } from '../../services/stacks/stacks-service.ts';
import { contentDescription } from '../templates/template-mutations.ts';
import { findStack } from './load-stacks.ts';
import { checkScale, type StackOutcome, scaleInputRef, stackSuccess } from './stack-parts.ts';

const asOutcome = (node: unknown): StackOutcome | null => (isStack(node) ? { stack: node, plan: undefined } : null);

/** Changing a stack by a new text (REL-47, API-23), and deleting one or several (REL-45, API-26). */
export function registerStackChanges(builder: LongshoreBuilder): void {
  registerUpdate(builder);
  registerMutation(builder, {
    name: 'deleteStack',
    description:
      'Begins to delete a stack: its applications go one by one, each before what it depends on, and with them their Services, ConfigMaps and claims; each is a step of the record. What others still need is an `InUseError`, or asks for `acknowledge: [IN_USE]`. What is being done with the stack is not carried on. Single workloads are deleted by `deleteWorkload`.',
    allow: { action: 'DELETE', subject: stackSubject },
    mustConfirm: 'BY_PROFILE',
    consequence: 'All its pods end and what they hold is freed; it cannot be restored.',
    batch: { name: 'deleteStacks', description: 'Begins to delete several stacks, in whatever clusters.' },
    input: (t) => ({ id: t.id({ required: true, description: "The stack's global id." }) }),
    load: (input, context) => loadStack(String(input.id), context),
    warn: {
      codes: ['IN_USE'],
      find: async (_input, stack, context) => {
        const objects = await existingObjects(stack, undefined, context);
        const goesAlong = new Set(objects.map(idOfObject));
        const found = await Promise.all(
          objects.map((object) => checkDeletion(object, undefined, context, { takesParts: true, goesAlong })),
        );
        return found.flat();
      },
    },
    run: async (_input, stack, ticket, context) => {
      const after = await context.service(stacksServiceRef).remove(stack.uuid, ticket);
      const value: StackOutcome = { stack: after, plan: undefined };
      return { value, resultId: stack.id };
    },
    replay: asOutcome,
    success: stackSuccess('It is being deleted.'),
  });
}

function registerUpdate(builder: LongshoreBuilder): void {
  registerMutation(builder, {
    name: 'updateStack',
    description:
      'Begins to change a stack to what a new text says, checked as `deployTemplate` does: applications that are new are started, those that are gone removed at the end, others changed where the text has changed; what others have changed in them stays. Each is a step of the record. Refused while something is being done with the stack.',
    allow: { action: 'UPDATE', subject: stackSubject },
    input: (t) => ({
      id: t.id({ required: true, description: "The stack's global id." }),
      version: t.int({ required: true, description: 'The version that you saw: a CONFLICT where it is an older one.' }),
      content: t.string({ description: `${contentDescription} The present one where not given.` }),
      scale: t.field({
        type: scaleInputRef,
        description: 'By what the pods of a pod stack are scaled; null ends that, and nothing changes where not given.',
      }),
    }),
    validate: ({ scale }) => checkScale(scale as unknown as StackScale | null | undefined),
    load: async ({ id, content, scale }, context) => {
      const target = await loadStack(String(id), context);
      let planned: Promise<{ plan: PlannedStack; request: StackRequest }> | undefined;
      const plan = () => {
        planned ??= planUpdate(target.value, content, scale as unknown as StackScale | null | undefined, context);
        return planned;
      };
      return { ...target, value: { stack: target.value, plan } };
    },
    check: async ({ scale }, { stack, plan }) => {
      if (scale && stack.format !== 'POD_STACK') {
        const message = 'Only a pod stack is scaled so; a Kubernetes text may have HorizontalPodAutoscalers of its own';
        return [{ path: ['scale'], code: 'not_offered', message }];
      }
      return (await plan()).plan.issues;
    },
    run: async ({ version }, { stack, plan }, ticket, context) => {
      const { plan: planned, request } = await plan();
      const text = { content: request.content, scale: request.scale, plan: planned.plan };
      const { after } = await context.service(stacksServiceRef).update(stack.uuid, version, text, ticket);
      const value: StackOutcome = { stack: after, plan: ticket.isDryRun ? planned.plan : undefined };
      return { value, resultId: after.id, warnings: planned.told };
    },
    replay: asOutcome,
    success: stackSuccess('It is being changed.'),
  });
}

async function loadStack(id: string, context: RequestContext) {
  const stack = await findStack(id, context);
  const { cluster, namespace } = stack;
  return {
    value: stack,
    instance: instanceOfStack(stack),
    record: recordTargetOfStack(stack),
    place: { cluster, namespace },
  };
}

async function planUpdate(
  stack: Stack,
  content: string | null | undefined,
  scale: StackScale | null | undefined,
  context: RequestContext,
): Promise<{ readonly plan: PlannedStack; readonly request: StackRequest }> {
  const row = await context.service(stacksServiceRef).row(stack.uuid);
  if (!row) throw new PreconditionError('STACK_CHANGED', 'The stack is not there any more');
  const { uuid: id, name, cluster, namespace, format } = stack;
  const request: StackRequest = {
    ...{ id, name, cluster, namespace, format, project: stack },
    content: content ?? row.content,
    scale: scale === undefined ? row.scale : scale && { ...scale },
  };
  const plan = await planStack(request, context);
  // What it no longer has is deleted with the rights of who asks for it.
  const kept = new Set(objectsOf(plan.plan).map(keyOf));
  if (plan.issues.length === 0) await existingObjects(stack, kept, context, row);
  return { plan, request };
}

/** What is there of a stack, but for what is kept. Throws `ForbiddenError` where the caller may not delete some of it. */
async function existingObjects(
  stack: Stack,
  kept: ReadonlySet<string> | undefined,
  context: RequestContext,
  known?: StackRow,
): Promise<readonly KubeObject[]> {
  const row = known ?? (await context.service(stacksServiceRef).row(stack.uuid));
  const planned = row ? [row.plan, ...row.earlier].flatMap(objectsOf) : [];
  const objects = new Map(planned.map((object): [string, StackObject] => [keyOf(object), object]));
  const cluster = context.cluster(stack.cluster);
  const reader = context.kube(stack.cluster);
  const found: KubeObject[] = [];
  for (const [key, { apiVersion, kind: word, name }] of objects) {
    if (kept?.has(key)) continue;
    const kind = await cluster.resolveKind(apiVersion, word);
    const object = kind && ((await reader.get(kind, stack.namespace, name)) as KubeObject | undefined);
    if (!object || !isOfStack(object, stack.uuid)) continue;
    context.access.requireAllowed('DELETE', object as Instance);
    found.push(object);
  }
  return found;
}
