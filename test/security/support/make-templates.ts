import { randomUUID } from 'node:crypto';
import { encodeGlobalId } from '../../../src/graph/global-id.ts';
import type { TestGateway } from '../../../src/testing.ts';
import { ask } from '../../support/ask.ts';

interface MadeTemplate {
  readonly id: string;
  readonly name: string;
  /** Text that no request contains. */
  readonly mark: string | undefined;
}

/** The orchestration template of one place's project; `exists` tells whether there is to be one. */
export async function makeTemplateRow(
  gateway: TestGateway,
  admin: string,
  projectId: string,
  plainName: string,
  exists: boolean,
): Promise<MadeTemplate> {
  const name = `${plainName}-template`;
  const key = { of: 'row', plugin: 'release', type: 'OrchestrationTemplate', key: randomUUID() } as const;
  if (!exists) return { id: encodeGlobalId(key), name, mark: undefined };
  const mark = `marker-${randomUUID()}`;
  const input = { name, projectId, format: 'COMPOSE', content: 'web: {image: "web:1"}', description: mark };
  type Made = { readonly made: { readonly orchestrationTemplate?: { readonly id: string } } };
  const { made } = await ask<Made, object>(
    gateway,
    `mutation ($input: CreateOrchestrationTemplateInput!) { made: createOrchestrationTemplate(input: $input) { __typename
      ... on CreateOrchestrationTemplateSuccess { orchestrationTemplate { id } } ... on Error { message } } }`,
    { input },
    { token: admin },
  );
  if (!made.orchestrationTemplate) throw new Error(JSON.stringify(made));
  return { id: made.orchestrationTemplate.id, name, mark };
}
