import { randomUUID } from 'node:crypto';
import type { MutationWorld } from './mutation-inputs.ts';

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

/** Inputs for what is done with orchestration templates and stacks. */
export const templateMutationInputs: Readonly<Record<string, (world: MutationWorld) => Promise<object>>> = {
  createOrchestrationTemplate: newTemplate,
  updateOrchestrationTemplate: async (world) => ({
    ...(await makeTemplate(world)),
    content: content.replace('web:1', 'web:2'),
  }),
  deleteOrchestrationTemplate: async (world) => ({ id: (await makeTemplate(world)).id }),
};
