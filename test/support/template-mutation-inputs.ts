import { randomUUID } from 'node:crypto';
import type { MutationWorld } from './mutation-inputs.ts';
import { until } from './until.ts';

const nextName = (word: string): string => `${word}-${randomUUID().slice(0, 8)}`;
const content = 'web:\n  image: web:1\n  replicas: 0\n';

async function makeProject(world: MutationWorld): Promise<string> {
  const input = { identifier: nextName('project'), displayName: 'Made for a test' };
  return (await world.mutate<{ project: { id: string } }>('createProject', input, 'project { id }')).project.id;
}

const newTemplate = async (world: MutationWorld) => ({
  projectId: await makeProject(world),
  name: nextName('template'),
  format: 'COMPOSE',
  content,
});

async function makeTemplate(world: MutationWorld): Promise<{ readonly id: string; readonly version: number }> {
  type Made = { readonly orchestrationTemplate: { readonly id: string; readonly version: number } };
  const fields = 'orchestrationTemplate { id version }';
  const input = await newTemplate(world);
  return (await world.mutate<Made>('createOrchestrationTemplate', input, fields)).orchestrationTemplate;
}

const newStack = async (world: MutationWorld) => ({
  projectId: await makeProject(world),
  name: nextName('stack'),
  format: 'COMPOSE',
  content,
  cluster: 'main',
  namespace: 'default',
});

/** Its workload is written down in its record; no controller looks after that, so that its loop waits and changes nothing more. */
async function makeStack(world: MutationWorld): Promise<{ readonly id: string; readonly version: number }> {
  type Made = { readonly stack: { readonly id: string; readonly version: number } };
  const { stack } = await world.mutate<Made>('deployTemplate', await newStack(world), 'stack { id version }');
  const query = `select write_count from core_operations where id = ${operationOf(stack.id)}`;
  await until(async () => {
    const rows = (await world.execute(query)) as readonly { readonly write_count: number }[];
    if (rows[0]?.write_count !== 1) throw new Error('its workload is not written yet');
  });
  return stack;
}

/** The same, with whatever was done to it at its end: else a change is refused. */
async function makeIdleStack(world: MutationWorld) {
  const stack = await makeStack(world);
  await world.execute(`update core_operations set status = 'SUCCEEDED' where id = ${operationOf(stack.id)}`);
  return stack;
}

const operationOf = (id: string): string => {
  const uuid = Buffer.from(id, 'base64url').toString().split('|')[2];
  return `(select operation_id from release_stacks where id = '${uuid}')`;
};

/** Inputs for what is done with orchestration templates and stacks. */
export const templateMutationInputs: Readonly<Record<string, (world: MutationWorld) => Promise<object>>> = {
  createOrchestrationTemplate: newTemplate,
  updateOrchestrationTemplate: async (world) => ({
    ...(await makeTemplate(world)),
    content: content.replace('web:1', 'web:2'),
  }),
  deployTemplate: newStack,
  updateStack: async (world) => ({ ...(await makeIdleStack(world)), content: content.replace('web:1', 'web:2') }),
  deleteStack: async (world) => ({ id: (await makeStack(world)).id }),
  deleteStacks: async (world) => ({ ids: [(await makeStack(world)).id] }),
  deleteOrchestrationTemplate: async (world) => ({ id: (await makeTemplate(world)).id }),
};
