import { randomUUID } from 'node:crypto';
import {
  checkText,
  type LongshoreBuilder,
  type MutationTarget,
  named,
  type RequestContext,
  registerMutation,
  ValidationError,
} from 'longshore/sdk';
import { type OrchestrationTemplate, type Stack, type StackFormat, type StackScale, stackSubject } from '../../api.ts';
import { stackName } from '../../profile-keys/templates.ts';
import { findPlace, type PlannedStack, planStack, type StackRequest } from '../../services/stacks/plan-stack.ts';
import { factsOfStack, isStack, recordTargetOfStack } from '../../services/stacks/stacks.ts';
import { stacksServiceRef } from '../../services/stacks/stacks-service.ts';
import { findProject, findTemplate, loadContent } from '../templates/load-templates.ts';
import { contentDescription } from '../templates/template-mutations.ts';
import { checkScale, type StackOutcome, scaleInputRef, stackSuccess } from './stack-parts.ts';

interface DeployInput {
  readonly templateId?: string | number | null | undefined;
  readonly projectId?: string | number | null | undefined;
  readonly format?: unknown;
  readonly content?: string | null | undefined;
  readonly name: string;
  readonly cluster: string;
  readonly namespace?: string | null | undefined;
  readonly scale?: unknown;
}

interface Deployment {
  readonly request: StackRequest;
  readonly template: OrchestrationTemplate | undefined;
  /** Made once: what was checked is what is written. */
  readonly planned: () => Promise<PlannedStack>;
}

/** Deploying a template, or a text alone (REL-44, REL-46, REL-47, API-22, API-24). */
export function registerDeployTemplate(builder: LongshoreBuilder): void {
  registerMutation(builder, {
    name: 'deployTemplate',
    description:
      'Begins to deploy an orchestration template, or with `projectId`, `format` and `content` a text alone (a compose text, manifests, a pod stack). Names of what it makes are the name of the deployment, a dash, and the name in the text. Everything is checked first, by the rights and rules of `applyManifest` and the cluster’s own dry run; nothing of others is taken over. Then each application is a step of the record: it starts once those that it depends on are ready, independent ones start together, and a step that failed can be retried or ignored. Pods find the Services of what they are linked to by the names in the text. What is made are ordinary workloads; they are written with your rights of that moment.',
    allow: { action: 'CREATE', subject: stackSubject },
    input: (t) => ({
      templateId: t.id({ description: 'Global id of the template; without it a text is deployed.' }),
      projectId: t.id({ description: 'Global id of the project of a text; that of the template otherwise.' }),
      format: t.field({ type: named('StackFormat'), description: 'How the text is written.' }),
      content: t.string({ description: contentDescription }),
      name: t.string({
        required: true,
        description: 'Of the deployment, by `stack.name` of the profile; unique in the namespace.',
      }),
      cluster: t.string({ required: true, description: "The cluster's name." }),
      namespace: t.string({
        description: 'Its namespace; where not given the only one that the project has in the cluster.',
      }),
      scale: t.field({
        type: scaleInputRef,
        description: 'By what the pods are scaled; for the format POD_STACK.',
      }),
    }),
    validate: (input) => [
      ...checkSource(input),
      ...checkScale(input.scale as unknown as StackScale | null | undefined),
    ],
    load: (input, context) => load(input as DeployInput, context),
    check: async (_input, { request: { name, cluster, namespace }, planned }, context) => {
      const profile = context.services.profiles.at({ cluster, namespace });
      const issues = checkText(profile.get(stackName), 'name', name);
      return issues.length > 0 ? issues : (await planned()).issues;
    },
    run: async (_input, { request, template, planned }, ticket, context) => {
      const { plan, told } = await planned();
      const { id, name, cluster, namespace, format, content, scale, project } = request;
      const { projectUuid: projectId, workspaceUuid: workspaceId } = project;
      const stack = await context.service(stacksServiceRef).deploy(
        {
          ...{ id, name, projectId, workspaceId, cluster, namespace, format, content, scale, plan },
          templateId: template?.uuid ?? null,
          createdBy: context.principal.id,
        },
        ticket,
      );
      const value: StackOutcome = { stack, plan: ticket.isDryRun ? plan : undefined };
      return { value, resultId: stack.id, warnings: told };
    },
    replay: (node): StackOutcome | null => (isStack(node) ? { stack: node as Stack, plan: undefined } : null),
    success: stackSuccess('It is being deployed.'),
  });
}

async function load(input: DeployInput, context: RequestContext): Promise<MutationTarget<Deployment>> {
  const { templateId, name, cluster } = input;
  const template = templateId ? await findTemplate(String(templateId), context) : undefined;
  const project = template ?? (await findProject(String(input.projectId), context));
  const namespace = await findPlace({ cluster, project, namespace: input.namespace }, context);
  const request: StackRequest = {
    id: randomUUID(),
    ...{ name, cluster, namespace, project },
    format: template?.format ?? (input.format as StackFormat),
    content: template ? await loadContent(template.uuid, context) : (input.content ?? ''),
    scale: input.scale ? { ...(input.scale as StackScale) } : null,
  };
  if (request.scale && request.format !== 'POD_STACK') {
    const message = 'Only a pod stack is scaled so; a Kubernetes text may have HorizontalPodAutoscalers of its own';
    throw new ValidationError([{ path: ['scale'], code: 'not_offered', message }]);
  }
  let planned: Promise<PlannedStack> | undefined;
  return {
    value: {
      request,
      template,
      planned: () => {
        planned ??= planStack(request, context);
        return planned;
      },
    },
    instance: { subject: stackSubject, ...factsOfStack(name, project) },
    record: recordTargetOfStack({ id: name, name, cluster }),
    place: { cluster, namespace },
  };
}

/** A template, or all that a text needs. */
function checkSource({ templateId, projectId, format, content }: Omit<DeployInput, 'name' | 'cluster'>) {
  const given = { projectId, format, content };
  const names = Object.keys(given) as (keyof typeof given)[];
  const isThere = (field: keyof typeof given): boolean => given[field] !== null && given[field] !== undefined;
  if (templateId !== null && templateId !== undefined) {
    return names
      .filter(isThere)
      .map((field) => ({ path: [field], code: 'not_offered', message: `${field} is that of the template` }));
  }
  return names
    .filter((field) => !isThere(field))
    .map((field) => ({ path: [field], code: 'required', message: `${field} is needed where no templateId is given` }));
}
